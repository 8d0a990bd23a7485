"""What moderators do to producing areas: correct, name, join, split, retire. Each change with who, when, why.

`by` is the key of the user. Who opened a page before somebody else changed the area is refused (StaleArea).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.ledger.chain import record
from impact.ledger.models import Kind
from impact.places.area_records import AreaAlias, AreaChange, AreaPair
from impact.places.area_state import area_state
from impact.places.gazetteer_store import forget_gazetteer
from impact.places.models import ProducingArea

CORRECTABLE = (
    "name", "country", "kind", "minerals", "operator", "title_holder", "active_from", "active_to", "geometry",
    "accuracy_m", "is_approximate", "note",
)  # fmt: skip
Action = AreaChange.Action
_MOVES = {"geometry", "kind", "accuracy_m", "joined_to", "retired_on"}  # what incidents are linked by


class AreaRefused(Exception):
    """A change that cannot be made; the message says why (translated)."""


class StaleArea(AreaRefused):
    """Somebody else changed the area since the page was opened."""


def correct_area(
    *, area: ProducingArea, fields: dict[str, Any], by: int, reason: str, expected_version: int
) -> ProducingArea:
    """Set fields (`CORRECTABLE`), which later imports then leave alone. Raises AreaRefused."""

    def change(locked: ProducingArea) -> None:
        if unknown := set(fields) - set(CORRECTABLE):
            raise ValueError(f"not to be corrected: {', '.join(sorted(unknown))}")
        first = fields.get("active_from", locked.active_from)
        last = fields.get("active_to", locked.active_to)
        if isinstance(first, date) and isinstance(last, date) and first > last:
            raise AreaRefused(_("The end is before the beginning."))
        differing = [name for name, value in fields.items() if not _is_same(getattr(locked, name), value)]
        for name in differing:
            setattr(locked, name, fields[name])
        locked.corrected = sorted({*locked.corrected, *differing})

    return _change(area, change, Action.CORRECTED, by, reason, expected_version)


def add_alias(
    *, area: ProducingArea, name: str, language: str, by: int, reason: str, expected_version: int
) -> ProducingArea:
    """Another name for an area, in a language (ISO 639, or empty). Raises AreaRefused."""
    name = " ".join(name.split())[:200]

    def change(locked: ProducingArea) -> None:
        if not name:
            raise AreaRefused(_("Give a name."))
        alias, is_new = AreaAlias.objects.get_or_create(
            area=locked, name=name, language=language, defaults={"origin": AreaAlias.Origin.MODERATOR}
        )
        if not is_new and alias.origin == AreaAlias.Origin.MODERATOR:
            raise AreaRefused(_("It has this name already."))
        alias.origin = AreaAlias.Origin.MODERATOR
        alias.save(update_fields=["origin"])
        if name not in locked.aliases:
            locked.aliases = [*locked.aliases, name]

    return _change(area, change, Action.NAMED, by, reason, expected_version, may_be_same=True)


def remove_alias(
    *, area: ProducingArea, alias: AreaAlias, by: int, reason: str, expected_version: int
) -> ProducingArea:
    """Take a name away that a moderator gave. One of the source would come back with the next import."""

    def change(locked: ProducingArea) -> None:
        if alias.area_id != locked.pk or alias.origin != AreaAlias.Origin.MODERATOR:
            raise AreaRefused(_("This name is the source’s own."))
        alias.delete()
        names = locked.other_names.values_list("name", flat=True)
        locked.aliases = [name for name in locked.aliases if name != alias.name or name in names]

    return _change(area, change, Action.UNNAMED, by, reason, expected_version)


def retire_area(
    *, area: ProducingArea, by: int, reason: str, expected_version: int, on: date | None = None
) -> ProducingArea:
    """Take an area out of use: it keeps its history and links, and gets no new ones. Raises AreaRefused."""

    def change(locked: ProducingArea) -> None:
        if locked.retired_on:
            raise AreaRefused(_("It is retired already."))
        locked.retired_on = on or timezone.now().date()
        locked.retired_because = reason.strip()

    return _change(area, change, Action.RETIRED, by, reason, expected_version)


def restore_area(*, area: ProducingArea, by: int, reason: str, expected_version: int) -> ProducingArea:
    """Take a retired area back into use. Raises AreaRefused."""

    def change(locked: ProducingArea) -> None:
        if not locked.retired_on:
            raise AreaRefused(_("It is in use."))
        locked.retired_on, locked.retired_because = None, ""

    return _change(area, change, Action.RESTORED, by, reason, expected_version)


def join_areas(
    *, area: ProducingArea, to: ProducingArea, by: int, reason: str, expected_version: int
) -> ProducingArea:
    """Say that an area is the same real place as another, which leads from then on. Each row stays as it is.

    What was joined to the area goes along. Raises AreaRefused.
    """

    def change(locked: ProducingArea) -> None:
        leading = ProducingArea.objects.select_for_update().get(pk=to.pk)
        if leading.pk == locked.pk:
            raise AreaRefused(_("That is the same row."))
        if locked.joined_to_id:
            raise AreaRefused(_("It is joined to another already: split it first."))
        if leading.joined_to_id:
            raise AreaRefused(_("The other one is joined to a third: choose that one."))
        if leading.retired_on and not locked.retired_on:
            raise AreaRefused(_("The other one is retired: it cannot lead."))
        _touch(locked.members.all(), joined_to=leading)
        _touch(ProducingArea.objects.filter(pk=leading.pk))
        locked.joined_to = leading
        _settle(locked, leading, AreaPair.Verdict.SAME)

    return _change(area, change, Action.JOINED, by, reason, expected_version)


def split_area(*, area: ProducingArea, by: int, reason: str, expected_version: int) -> ProducingArea:
    """Take a joined area apart again: it is a place of its own. Raises AreaRefused."""

    def change(locked: ProducingArea) -> None:
        if locked.joined_to is None:
            raise AreaRefused(_("It is not joined to another."))
        _touch(ProducingArea.objects.filter(pk=locked.joined_to.pk))
        _settle(locked, locked.joined_to, AreaPair.Verdict.APART)
        locked.joined_to = None

    return _change(area, change, Action.SPLIT, by, reason, expected_version)


def tell_apart(
    *, area: ProducingArea, other: ProducingArea, by: int, reason: str, expected_version: int
) -> ProducingArea:
    """Say that two areas are two places: they are not suggested as one again. Raises AreaRefused."""

    def change(locked: ProducingArea) -> None:
        if other.pk in {locked.pk, locked.joined_to_id} or other.joined_to_id == locked.pk:
            raise AreaRefused(_("They are joined: split them first."))
        _settle(locked, other, AreaPair.Verdict.APART)

    return _change(area, change, Action.APART, by, reason, expected_version, may_be_same=True, about=other)


def _change(
    area: ProducingArea,
    change: Callable[[ProducingArea], None],
    action: AreaChange.Action,
    by: int,
    reason: str,
    expected_version: int,
    *,
    may_be_same: bool = False,
    about: ProducingArea | None = None,
) -> ProducingArea:
    if not reason.strip():
        raise AreaRefused(_("Give a reason: it goes into the history."))
    with transaction.atomic():
        locked = ProducingArea.objects.select_for_update().get(pk=area.pk)
        if locked.version != expected_version:
            raise StaleArea(_("Somebody else changed this area meanwhile. Look again before you decide."))
        before = area_state(locked)
        change(locked)
        after = area_state(locked)
        changed = [name for name in after if before[name] != after[name]]
        if not changed and not may_be_same:
            raise AreaRefused(_("Nothing would change."))
        locked.version += 1
        if _MOVES & set(changed):
            locked.relinked_at = None
        locked.save()
        change_row = AreaChange.objects.create(
            area=locked,
            action=action,
            changed_by_id=by,
            changed_at=timezone.now(),
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed} | ({"other": str(about)} if about else {}),
            reason=reason.strip(),
        )
        record(
            Kind.AREA,
            actor_id=by,
            subject=f"area {locked.pk}",
            details={
                "action": str(action),
                "before": change_row.before,
                "after": change_row.after,
                "reason": change_row.reason,
            },
        )
    forget_gazetteer()
    return locked


def _touch(areas: Any, **fields: Any) -> None:
    for area in areas:
        for name, value in fields.items():
            setattr(area, name, value)
        area.version += 1
        area.relinked_at = None
        area.save()


def _settle(one: ProducingArea, other: ProducingArea, verdict: AreaPair.Verdict) -> None:
    first, second = sorted((one, other), key=lambda area: area.pk)
    AreaPair.objects.update_or_create(
        one=first,
        other=second,
        defaults={"verdict": verdict},
        create_defaults={"verdict": verdict, "distance_m": 0.0, "closeness": 0.0},
    )


def _is_same(stored: Any, value: Any) -> bool:
    if isinstance(value, GEOSGeometry) and isinstance(stored, GEOSGeometry):
        return bytes(stored.wkb) == bytes(value.wkb)
    return bool(stored == value)
