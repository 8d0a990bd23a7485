"""How far "near" reaches around a producing area, by its kind."""

from django.core.exceptions import ImproperlyConfigured

AREA_KINDS = ("artisanal", "industrial", "mixed", "unknown")
LONGEST_NEAR_KM = 200.0


def near_m(text: str) -> dict[str, float]:
    """Metres by kind of area, from kilometres for all of them or by kind. Raises ImproperlyConfigured."""
    by_kind = dict.fromkeys(AREA_KINDS, 25.0)
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, separator, number = part.rpartition("=")
        kinds = [kind.strip()] if separator else AREA_KINDS
        try:
            value = float(number)
        except ValueError:
            value = 0.0
        if not 0.0 < value <= LONGEST_NEAR_KM or not set(kinds) <= set(AREA_KINDS):
            raise ImproperlyConfigured(
                f"HEADLAMP_NEAR_KM must be kilometres up to {LONGEST_NEAR_KM:g}, or pairs such as "
                f"artisanal=10,industrial=30; the kinds are {', '.join(AREA_KINDS)}"
            )
        by_kind.update(dict.fromkeys(kinds, value))
    return {kind: km * 1000.0 for kind, km in by_kind.items()}
