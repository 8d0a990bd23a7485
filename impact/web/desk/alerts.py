"""Alerts on the desk: which are open, what they are about, and the rules that raise them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from impact.accounts.models import User
from impact.accounts.permissions import Person, can_moderate, desk_required, moderator_required
from impact.incidents.models import Incident
from impact.moderation.access import visible_incidents
from impact.moderation.alert_rules import add_rule, change_rule, close_alert, switch_rule
from impact.moderation.alert_words import alert_words, rule_words
from impact.moderation.models import Alert, AlertRule
from impact.places.basemap import country_name
from impact.places.covered import covered_countries

_CLOSED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert with those of its cases that the reader may see."""

    pk: int
    rule: str
    country: str
    near: str
    raised_at: datetime
    grown_at: datetime
    cases: tuple[Incident, ...]
    is_open: bool
    closed_by: str


if TYPE_CHECKING:
    _RuleForm = forms.ModelForm[AlertRule]
else:
    _RuleForm = forms.ModelForm  # not generic when it runs


class RuleForm(_RuleForm):
    """What a rule asks for."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)

    class Meta:
        model = AlertRule
        fields = ("theme", "country", "least", "radius_km", "window_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 - tells the type checker which field
        country.choices = [("", _("All countries")), *covered_countries()]
        theme = self.fields["theme"]
        assert isinstance(theme, forms.ChoiceField)  # noqa: S101
        theme.choices = [("", _("All themes")), *list(theme.choices)[1:]]  # type: ignore[arg-type]


@require_http_methods(["GET", "POST"])
@desk_required
def alerts(request: HttpRequest) -> HttpResponse:
    """Open alerts, those seen to lately, the rules, and the form of a new one."""
    form = RuleForm(request.POST or None)
    if request.method == "POST":
        if not can_moderate(request.user):
            return redirect("desk:alerts")
        if form.is_valid():
            rule = add_rule(terms=form.cleaned_data, moderator=_moderator(request))
            messages.success(request, _("The rule is active: %(rule)s.") % {"rule": rule_words(rule)})
            return redirect("desk:alerts")
    rules = [
        {"rule": rule, "words": rule_words(rule), "last": rule.last}
        for rule in AlertRule.objects.annotate(last=Max("alerts__raised_at"))
    ]
    context = {
        "open": open_alerts(request.user),
        "closed": alert_rows(
            request.user, Alert.objects.filter(closed_at__isnull=False).order_by("-closed_at"), _CLOSED_SHOWN
        ),
        "rules": rules,
        "form": form,
        "may_change": can_moderate(request.user),
    }
    return render(request, "desk/alerts.html", context, status=400 if form.errors else 200)


@require_POST
@moderator_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody saw to an alert."""
    alert = get_object_or_404(
        Alert.objects.filter(incidents__in=visible_incidents(request.user)).distinct(), pk=pk
    )
    close_alert(alert, moderator=_moderator(request))
    return redirect("desk:alerts")


@require_POST
@moderator_required
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rule off or on. Rules are never deleted: their alerts name them."""
    rule = get_object_or_404(AlertRule, pk=pk)
    switch_rule(rule=rule, is_active=request.POST.get("to") == "on", moderator=_moderator(request))
    return redirect("desk:alerts")


@require_http_methods(["GET", "POST"])
@moderator_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a rule asks for."""
    rule = get_object_or_404(AlertRule, pk=pk)
    words = rule_words(rule)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        rule = change_rule(rule=rule, terms=form.cleaned_data, moderator=_moderator(request))
        messages.success(request, _("The rule is now: %(rule)s.") % {"rule": rule_words(rule)})
        return redirect("desk:alerts")
    context = {"rule": rule, "words": words, "form": form}
    return render(request, "desk/alert_rule.html", context, status=400 if form.errors else 200)


def open_alerts(user: Person) -> list[AlertRow]:
    """The alerts that wait for somebody, the latest first, as this user may see them."""
    return alert_rows(user, Alert.objects.filter(closed_at__isnull=True), 50)


def alert_rows(user: Person, alerts: QuerySet[Alert], limit: int) -> list[AlertRow]:
    """Alerts with what the user may see of them; those of which that is nothing are left out."""
    visible = visible_incidents(user)
    found = alerts.filter(incidents__in=visible).select_related("rule", "closed_by").distinct()[:limit]
    cases = visible.prefetch_related("harms", "area_links__area").order_by("-received_at")
    return [_row(alert, list(cases.filter(alerts=alert))) for alert in found]


def _row(alert: Alert, cases: list[Incident]) -> AlertRow:
    nearest = next((link.area.name for case in cases for link in case.area_links.all()), "")
    return AlertRow(
        pk=alert.pk,
        rule=alert_words(alert),
        country=country_name(alert.country) if alert.country else "",
        near=nearest,
        raised_at=alert.raised_at,
        grown_at=alert.grown_at,
        cases=tuple(cases),
        is_open=alert.closed_at is None,
        closed_by=str(alert.closed_by or ""),
    )


def _moderator(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - moderator_required let nobody else in
    return user
