"""Asking for one export: its choices, its name, why and for whom. The row is made by POST."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from impact.accounts.models import User
from impact.accounts.permissions import exporter_required
from impact.exports.choices import ChoiceError, Choices, only_country
from impact.exports.models import ExportKind
from impact.exports.ordering import order_export
from impact.formats.days import period_words
from impact.publication.filtering import FilterError, IncidentFilter, filter_parameters
from impact.publication.published import PublishedRecord, published_incidents, published_properties
from impact.publication.snapshots.taking import take_snapshot
from impact.summaries.brief import BriefOptions
from impact.summaries.brief.cases import chosen_cases
from impact.summaries.brief.figures import brief_figures
from impact.summaries.brief.narrative import five_sentences
from impact.summaries.brief.options import MOST_CASES
from impact.summaries.exporting import FORMATS
from impact.summaries.maps import MAP_FORMATS, MAP_SIZES, MAP_STYLES
from impact.vocabulary import Harm
from impact.web.exports.preview import MOST_DRAWN, chosen_filter, filter_context

_CASES_LISTED = 60
_LONGEST = {"name": 120, "reason": 500, "for_whom": 200}


@exporter_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The form; on POST a job, and its page. A bad choice comes back with everything that was written."""
    assert isinstance(request.user, User)  # noqa: S101 - exporter_required lets nobody else in
    if kind not in ExportKind.values:
        raise Http404
    try:
        chosen = chosen_filter(request)
    except FilterError as error:
        return HttpResponse(error.told, status=400, content_type="text/plain; charset=utf-8")
    given = request.POST.dict() if request.method == "POST" else request.GET.dict()
    cases = request.POST.getlist("cases")
    if request.method != "POST":
        return _form(request, kind, chosen, given, cases)
    try:
        choices = Choices.parse(given, cases=cases)
        told = {field: _told(given, field) for field in _LONGEST}
        with transaction.atomic():  # no snapshot is left of an order that is refused
            export = order_export(
                user=request.user,
                kind=ExportKind(kind),
                snapshot=take_snapshot(chosen),
                choices=choices,
                **told,
            )
    except ChoiceError as error:
        return _form(request, kind, chosen, given, cases, error=error)
    return redirect("web:export", export.pk)


def _language(given: dict[str, str]) -> str:
    language = given.get("language") or get_language() or settings.LANGUAGE_CODE
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _told(given: dict[str, str], field: str) -> str:
    text = " ".join(given.get(field, "").split())
    if not text:
        raise ChoiceError(field, _("This is needed: it goes into the log."))
    if len(text) > _LONGEST[field]:
        raise ChoiceError(field, _("At most %(most)s characters.") % {"most": _LONGEST[field]})
    return text


def _records(chosen: IncidentFilter) -> list[PublishedRecord]:
    found = published_incidents(chosen).order_by("id")[: MOST_DRAWN + 1]
    return [published_properties(incident) for incident in found]


def _sentences(records: list[PublishedRecord], chosen: IncidentFilter, language: str) -> dict[int, str]:
    """The five as the product would put them; none for so many incidents that a page can't count them."""
    if not 0 < len(records) <= MOST_DRAWN:
        return {}
    options = BriefOptions(
        language=language, country=only_country(chosen), from_on=chosen.from_on, to_on=chosen.to_on
    )
    with translation.override(language):
        figures = brief_figures(options.narrowed(records), options)
        return dict(enumerate(five_sentences(figures, options), start=1))


def _form(
    request: HttpRequest,
    kind: str,
    chosen: IncidentFilter,
    given: dict[str, str],
    cases: list[str],
    *,
    error: ChoiceError | None = None,
) -> HttpResponse:
    has_brief = kind in {ExportKind.BRIEF, ExportKind.PACKAGE}
    records = _records(chosen) if has_brief else []
    written = _sentences(records, chosen, _language(given))
    context: dict[str, Any] = {
        **filter_context(chosen, filter_parameters(request.GET)),
        "kind": kind,
        "kind_label": ExportKind(kind).label,
        "has_map": kind in {ExportKind.MAP, ExportKind.PACKAGE},
        "has_brief": has_brief,
        "has_data": kind in {ExportKind.DATA, ExportKind.PACKAGE},
        "given": given,
        "language": _language(given),
        "error": error,
        "sentences": [
            (number, given.get(f"sentence_{number}") or sentence, given.get(f"was_{number}") or sentence)
            for number, sentence in written.items()
        ],
        "cases": [
            (_case_words(record), record["id"], record["id"] in cases) for record in listed_cases(records)
        ],
        "most_cases": MOST_CASES,
        "sizes": list(MAP_SIZES),
        "styles": list(MAP_STYLES),
        "map_formats": list(MAP_FORMATS),
        "data_formats": [(name, data_format.label) for name, data_format in FORMATS.items()],
        "languages": settings.LANGUAGES,
    }
    return render(request, "exports/new.html", context, status=400 if error else 200)


def listed_cases(records: list[PublishedRecord]) -> list[PublishedRecord]:
    """The incidents with a public text, the gravest and best attested first."""
    everybody = BriefOptions(cases=())
    first = chosen_cases(records, everybody)
    rest = [record for record in records if record["text"] and record not in first]
    rest.sort(key=lambda record: (-(record["killed"] or 0), record["credibility"], record["id"]))
    return [*first, *rest][:_CASES_LISTED]


def _case_words(record: PublishedRecord) -> dict[str, str]:
    near = record["areas"][0]["name"] if record["areas"] else ""
    harm = str(Harm(record["harms"][0]).label) if record["harms"] else ""
    days = record["occurred_from"], record["occurred_to"]
    first, last = (date.fromisoformat(day) if day else None for day in days)
    when = period_words(first, last, record["occurred_precision"])
    return {
        "head": " · ".join(filter(None, (harm, near or record["country"], when))),
        "text": record["text"],
    }
