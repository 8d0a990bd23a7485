"""The queue: what waits, the most urgent first, each case in one row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from impact.accounts.permissions import desk_required
from impact.incidents.models import Incident, IncidentHarm, Report
from impact.moderation.access import visible_incidents
from impact.moderation.queue import STATE_LABELS, STATES, moderation_queue, queue_counts, urgency_words
from impact.places.basemap import country_name
from impact.vocabulary import HARMS_BY_THEME, Channel, Theme, theme_of
from impact.web.desk.wording import days_words, harms_words, language_words, people_words

PAGE_SIZE = 40
_FIRST_LINE = 180


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it."""

    pk: str
    reference: str
    received_at: datetime
    age: str
    words: str
    language: str
    theme: str
    harms: str
    people: str
    place: str
    country: str
    days: str
    channel: str
    reports: int
    urgency: str


class QueueFilter(forms.Form):
    """Narrows the queue. What cannot be is ignored: the queue is then wider, never empty by mistake."""

    theme = forms.ChoiceField(label=_("Theme"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, chosen: QueryDict, cases: QuerySet[Incident]) -> None:
        """Offer what there is among `cases`."""
        super().__init__(chosen, label_suffix="")
        countries = cases.exclude(country="").order_by().values_list("country", flat=True).distinct()
        languages = (
            Report.objects.filter(incident__in=cases.order_by().values("pk"))
            .exclude(language="")
            .order_by()
            .values_list("language", flat=True)
            .distinct()
        )
        self._offer("theme", list(Theme.choices))
        self._offer("country", sorted(((code, country_name(code)) for code in countries), key=lambda c: c[1]))
        self._offer("language", sorted((code, language_words(code)) for code in languages))

    def narrow(self, cases: QuerySet[Incident]) -> QuerySet[Incident]:
        """The cases that pass: a theme by any of their harms, a language by any of their reports."""
        self.full_clean()
        chosen = self.cleaned_data
        if theme := chosen.get("theme"):
            harms = IncidentHarm.objects.filter(harm__in=HARMS_BY_THEME[Theme(theme)])
            cases = cases.filter(pk__in=harms.values("incident"))
        if country := chosen.get("country"):
            cases = cases.filter(country=country)
        if language := chosen.get("language"):
            cases = cases.filter(pk__in=Report.objects.filter(language=language).values("incident"))
        return cases

    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker which field
        field.choices = [("", _("Any")), *choices]


@require_GET
@desk_required
def queue(request: HttpRequest) -> HttpResponse:
    """The cases in one state, one page of them."""
    state = request.GET.get("state", "")
    state = state if state in STATES else "new"
    cases = visible_incidents(request.user)
    form = QueueFilter(request.GET, cases)
    waiting = form.narrow(moderation_queue(cases, state))
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = queue_counts(cases)
    chosen = form.chosen()
    return render(
        request,
        "desk/queue.html",
        {
            "state": state,
            "state_label": STATE_LABELS[state],
            "states": [(name, label, counts[name]) for name, label in STATE_LABELS.items()],
            "form": form,
            "chosen": chosen,
            "page": page,
            "rows": [row_of(incident) for incident in page.object_list],
        },
    )


def row_of(incident: Incident) -> Row:
    """A case of `moderation_queue` as a row: no further query."""
    reports = list(incident.reports.all())
    first = reports[0] if reports else None
    harms = incident.harm_codes
    return Row(
        pk=str(incident.pk),
        reference=incident.reference,
        received_at=incident.received_at,
        age=timesince(incident.received_at, depth=1),
        words=_first_line(first.text) if first else "",
        language=first.language if first and first.language != "und" else "",
        theme=str(theme_of(harms[0])) if harms else "",
        harms=harms_words(harms),
        people=people_words(incident.people),
        place=incident.place_name or incident.place_words,
        country=country_name(incident.country) if incident.country else "",
        days=days_words(incident.occurred_from, incident.occurred_to),
        channel=str(Channel(first.channel).label) if first else "",
        reports=len(reports),
        urgency=urgency_words(incident),
    )


def _first_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _FIRST_LINE else line[: _FIRST_LINE - 1].rstrip() + "…"
