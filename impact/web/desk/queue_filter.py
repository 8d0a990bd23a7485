"""What narrows the queue, and the views of it that a moderator saves."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.incidents.models import AreaLink, Incident, IncidentHarm, Message, Report
from impact.incidents.searching import incidents_with_words
from impact.moderation.models import Likeness, Proposal
from impact.places.basemap import country_choices
from impact.understanding.lexicon import languages
from impact.vocabulary import HARMS_BY_THEME, Channel, Theme
from impact.web.desk.wording import language_words

_AGES = {
    "day": (_("a day at most"), timedelta(days=1), None),
    "week": (_("a week at most"), timedelta(days=7), None),
    "older_week": (_("more than a week"), None, timedelta(days=7)),
    "older_month": (_("more than a month"), None, timedelta(days=30)),
}
_FLAGS = ("urgent", "mine", "confirm", "waiting", "duplicate")


class QueueFilter(forms.Form):
    """Narrows the queue. What cannot be is ignored: the queue is then wider, never empty by mistake."""

    q = forms.CharField(
        label=_("Words or reference"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search"}),
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    area = forms.CharField(label=_("Producing area"), required=False, max_length=200)
    language = forms.ChoiceField(label=_("Language"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    age = forms.ChoiceField(label=_("Age"), required=False)
    day = forms.DateField(
        label=_("Happened, or came, on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    mine = forms.BooleanField(label=_("Assigned to me"), required=False)
    confirm = forms.BooleanField(label=_("For me to confirm"), required=False)
    waiting = forms.BooleanField(label=_("Waiting for the reporter"), required=False)
    duplicate = forms.BooleanField(label=_("Possible duplicate"), required=False)

    def __init__(self, chosen: QueryDict, cases: QuerySet[Incident], user: User) -> None:
        """Offer what there is among `cases`."""
        super().__init__(chosen, label_suffix="", auto_id="filter_%s")
        self.user = user
        countries = cases.exclude(country="").order_by().values_list("country", flat=True).distinct()
        self._offer("theme", list(Theme.choices))
        self._offer("country", country_choices(countries))
        self._offer(
            "language", sorted(((code, language_words(code)) for code in languages()), key=lambda c: c[1])
        )
        self._offer("channel", list(Channel.choices))
        self._offer("age", [(code, label) for code, (label, _least, _most) in _AGES.items()])

    def narrow(self, cases: QuerySet[Incident]) -> QuerySet[Incident]:
        """The cases that pass: a theme by any of their harms, a language by any of their reports."""
        self.full_clean()
        chosen = self.cleaned_data
        if words := chosen.get("q"):
            cases = incidents_with_words(cases, words)
        if theme := chosen.get("theme"):
            harms = IncidentHarm.objects.filter(harm__in=HARMS_BY_THEME[Theme(theme)])
            cases = cases.filter(pk__in=harms.values("incident"))
        if country := chosen.get("country"):
            cases = cases.filter(country=country)
        if area := chosen.get("area"):
            cases = cases.filter(
                pk__in=AreaLink.objects.filter(area__name__icontains=area).values("incident")
            )
        for name in ("language", "channel"):
            if value := chosen.get(name):
                reports = Report.objects.filter(incident=OuterRef("pk"), **{name: value})
                cases = cases.filter(Exists(reports))
        if age := chosen.get("age"):
            _label, at_most, more_than = _AGES[age]
            now = timezone.now()
            cases = cases.filter(
                Q(received_at__gte=now - at_most) if at_most else Q(received_at__lt=now - more_than)  # type: ignore[operator]
            )
        if day := chosen.get("day"):
            happened = Q(occurred_from__lte=day, occurred_to__gte=day)
            cases = cases.filter(happened | Q(received_at__date=day))
        return self._flagged(cases)

    def chosen(self) -> dict[str, str]:
        return {
            name: "on" if value is True else str(value) for name, value in self.cleaned_data.items() if value
        }

    @property
    def query(self) -> str:
        """What was chosen, for an address."""
        return urlencode(self.chosen())

    def flags(self) -> list[forms.BoundField]:
        return [self[name] for name in _FLAGS]

    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in _FLAGS and name != "q"]

    @property
    def has_more_chosen(self) -> bool:
        """Whether a choice is set that the page folds away."""
        return any(self.cleaned_data.get(field.name) for field in self.choices())

    def _flagged(self, cases: QuerySet[Incident]) -> QuerySet[Incident]:
        chosen = self.cleaned_data
        if chosen.get("urgent"):
            cases = cases.filter(urgency__gt=0)
        if chosen.get("mine"):
            cases = cases.filter(assigned_to=self.user)
        if chosen.get("confirm"):
            proposed = Proposal.objects.exclude(proposed_by=self.user).filter(proposed_by__is_active=True)
            cases = cases.filter(pk__in=proposed.values("incident"))
        if chosen.get("waiting"):
            asked = Message.objects.filter(kind=Message.Kind.QUESTION, answers__isnull=True)
            cases = cases.filter(pk__in=asked.values("report__incident"))
        if chosen.get("duplicate"):
            likely = Likeness.objects.filter(dismissed_by=None)
            cases = cases.filter(Q(pk__in=likely.values("first")) | Q(pk__in=likely.values("second")))
        return cases

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker which field
        field.choices = [("", _("Any")), *choices]
