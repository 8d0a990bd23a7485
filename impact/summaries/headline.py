"""The sentence above the map: what is shown, and no more than was counted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.publication.counting import counted_cells
from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedLink
from impact.publication.published import published_incidents
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


def headline(chosen: IncidentFilter | None = None) -> Headline:
    """What is shown, in one sentence that claims no more than was counted."""
    incidents = published_incidents(chosen).order_by()
    figures: dict[str, Any] = incidents.aggregate(
        total=Count("pk"),
        verified=Count("pk", filter=Q(verification=Verification.VERIFIED)),
        forces=Count("pk", filter=Q(perpetrator__in=SECURITY_FORCES)),
        first=Min("occurred_from"),
        last=Max("occurred_to"),
    )
    near = PublishedLink.objects.filter(published__retracted_on__isnull=True)
    if chosen and chosen.as_params():
        near = near.filter(published__in=incidents.values("pk"))
    areas = near.order_by().aggregate(count=Count("area", distinct=True))["count"]
    counted_only = sum(cell.count for cell in counted_cells(chosen) or ())
    return Headline(
        incidents=figures["total"],
        verified=figures["verified"],
        areas=areas,
        by_security_forces=figures["forces"],
        from_on=figures["first"],
        to_on=figures["last"],
        sentence=_sentence(figures, areas, is_filtered=bool(chosen and chosen.as_params())),
        counted_only=counted_only,
        counted_sentence=_counted_sentence(counted_only),
    )


def _counted_sentence(count: int) -> str:
    if not count:
        return ""
    said = _("At least %(count)s more harms, such as sexual violence, are told in counts only.")
    return said % {"count": _number(count)}


def _sentence(figures: dict[str, Any], areas: int, *, is_filtered: bool) -> str:
    total = figures["total"]
    if not total:
        return _("Nothing that is published fits.") if is_filtered else _("Nothing is published yet.")
    parts = [_incidents(total, figures["verified"])]
    if areas:
        parts.append(
            ngettext("near %(count)s producing area", "near %(count)s producing areas", areas)
            % {"count": _number(areas)}
        )
    said = " ".join(parts)
    if figures["first"] and figures["last"]:
        first, last = date_format(figures["first"], "F Y"), date_format(figures["last"], "F Y")
        period = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
        said = f"{said}, {period}"
    if figures["forces"]:
        said = f"{said}; {_forces(figures['forces'], total)}"
    return f"{said}."


def _incidents(total: int, verified: int) -> str:
    if verified == total:
        form = ngettext("%(count)s verified incident", "%(count)s verified incidents", total)
        return form % {"count": _number(total)}
    form = ngettext("%(count)s published incident", "%(count)s published incidents", total)
    said = form % {"count": _number(total)}
    return f"{said} ({_('%(count)s verified') % {'count': _number(verified)}})"


def _forces(forces: int, total: int) -> str:
    if share := _share(forces, total):
        return _("%(share)s (%(count)s) involve public or private security forces") % {
            "share": share,
            "count": _number(forces),
        }
    return ngettext(
        "%(count)s of them involves public or private security forces",
        "%(count)s of them involve public or private security forces",
        forces,
    ) % {"count": _number(forces)}


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


def _number(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)
