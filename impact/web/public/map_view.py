"""What of the map is looked at, as the address holds it: layers, shade, and the middle with its zoom."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

from impact.publication.filtering import FilterError

PARAMETERS = ("layer", "shade", "show", "view")
LAYERS = ("incidents", "hexagons")
SHADES = ("incidents", "people")
SHOWN = ("areas", "coverage")
_MOST_ZOOM = 14


@dataclass(frozen=True, slots=True)
class MapView:
    """`at` is (longitude, latitude, zoom), WGS 84 degrees; None shows all that the filter leaves."""

    layer: str = LAYERS[0]
    shade: str = SHADES[0]
    show: tuple[str, ...] = SHOWN
    at: tuple[float, float, int] | None = None

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> "MapView":
        """Raises FilterError, which names the parameter that is wrong."""
        show = parameters.get("show", ",".join(SHOWN)).strip().lower()
        return cls(
            layer=_word(parameters, "layer", LAYERS),
            shade=_word(parameters, "shade", SHADES),
            show=() if show in {"", "none"} else tuple(_known("show", w, SHOWN) for w in show.split(",")),
            at=_at(parameters.get("view", "").strip()),
        )

    def as_params(self) -> dict[str, str]:
        """The view as query parameters; what is as usual is left out."""
        values = {
            "layer": "" if self.layer == LAYERS[0] else self.layer,
            "shade": "" if self.shade == SHADES[0] else self.shade,
            "show": "" if set(self.show) == set(SHOWN) else ",".join(sorted(self.show)) or "none",
            "view": ",".join(f"{number:g}" for number in self.at or ()),
        }
        return {name: value for name, value in values.items() if value}


def _word(parameters: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    return _known(name, parameters.get(name, "").strip().lower() or known[0], known)


def _known(name: str, word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        raise FilterError(
            name, _("“%(word)s” is not one of: %(known)s.") % {"word": word, "known": ", ".join(known)}
        )
    return word


def _at(text: str) -> tuple[float, float, int] | None:
    if not text:
        return None
    try:
        longitude, latitude, zoom = (float(part) for part in text.split(","))
    except ValueError:
        longitude = latitude = zoom = float("nan")
    is_right = all(map(isfinite, (longitude, latitude, zoom)))
    if not (is_right and abs(longitude) <= 180 and abs(latitude) <= 90 and 0 <= zoom <= _MOST_ZOOM):
        raise FilterError("view", _("Write it as %(form)s.") % {"form": "lon,lat,zoom"})
    return longitude, latitude, int(zoom)
