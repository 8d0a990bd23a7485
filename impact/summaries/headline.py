"""The sentence above the map: what is shown, and no more than was counted."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.formats.days import months_words
from impact.formats.joining import joined
from impact.publication.counting import counted_cells
from impact.summaries.numbers import grouped
from impact.summaries.sets import Near, areas_near
from impact.summaries.tally import Tally
from impact.vocabulary import SECURITY_FORCES, Verification

_FEWEST_FOR_A_SHARE = 8
_SHARE_TOLERANCE = 0.01
_SHARES = ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5))


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures of the sentence, and the sentence. `counted_only`: at least so many harms more, that are
    told in counts only; `counted_sentence` says so, "" where there is nothing to say."""

    incidents: int
    verified: int
    areas: int
    by_security_forces: int
    from_on: date | None
    to_on: date | None
    sentence: str
    counted_only: int = 0
    counted_sentence: str = ""


def headline(counted: Tally) -> Headline:
    """What is shown, in one sentence that claims no more than was counted."""
    near = areas_near(counted.chosen)
    counted_only = sum(cell.count for cell in counted_cells(counted.chosen) or ())
    return Headline(
        incidents=counted.total,
        verified=counted.by_verification[Verification.VERIFIED],
        areas=near.areas,
        by_security_forces=_by_security_forces(counted),
        from_on=counted.first_on,
        to_on=counted.last_on,
        sentence=_sentence(counted, near),
        counted_only=counted_only,
        counted_sentence=_counted_sentence(counted_only),
    )


def _by_security_forces(counted: Tally) -> int:
    return sum(counted.by_perpetrator[who] for who in SECURITY_FORCES)


def _counted_sentence(count: int) -> str:
    if not count:
        return ""
    said = _("At least %(count)s more harms, such as sexual violence, are told in counts only.")
    return said % {"count": grouped(count)}


def _sentence(counted: Tally, near: Near) -> str:
    total = counted.total
    if not total:
        is_filtered = bool(counted.chosen.as_params())
        return _("Nothing that is published fits.") if is_filtered else _("Nothing is published yet.")
    said = _incidents(total, counted.by_verification[Verification.VERIFIED])
    if near.areas:
        beside = ngettext("near %(count)s producing area", "near %(count)s producing areas", near.areas)
        beside %= {"count": grouped(near.areas)}
        some = _(", %(count)s of them %(near_areas)s")
        said += (
            f" {beside}"
            if near.incidents == total
            else some % {"count": grouped(near.incidents), "near_areas": beside}
        )
    if counted.first_on and counted.last_on:
        said = f"{said}, {months_words(counted.first_on, counted.last_on)}"
    if forces := _by_security_forces(counted):
        said = joined((said, _forces(forces, total)))
    return f"{said}."


def _incidents(total: int, verified: int) -> str:
    if verified == total:
        form = ngettext("%(count)s verified incident", "%(count)s verified incidents", total)
        return form % {"count": grouped(total)}
    form = ngettext("%(count)s published incident", "%(count)s published incidents", total)
    said = form % {"count": grouped(total)}
    of_them = _("%(count)s verified") % {"count": grouped(verified)}
    return f"{said} ({of_them})"


def _forces(forces: int, total: int) -> str:
    if share := _share(forces, total):
        return _("%(share)s (%(count)s) involve public or private security forces") % {
            "share": share,
            "count": grouped(forces),
        }
    return ngettext(
        "%(count)s of them involves public or private security forces",
        "%(count)s of them involve public or private security forces",
        forces,
    ) % {"count": grouped(forces)}


def _share(part: int, total: int) -> str:
    """ "3 of 4" where that is so, "about 3 of 4" within one in a hundred, "" where no small share fits."""
    if total < _FEWEST_FOR_A_SHARE:
        return ""
    over, under = min(_SHARES, key=lambda share: abs(part / total - share[0] / share[1]))
    words = _("%(part)s of %(whole)s") % {"part": over, "whole": under}
    if part * under == total * over:
        return words
    is_near = abs(part / total - over / under) <= _SHARE_TOLERANCE
    return _("about %(share)s") % {"share": words} if is_near else ""
