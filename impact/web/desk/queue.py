"""The queue: what waits, the most urgent first, each case in one row."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from impact.accounts.models import User
from impact.accounts.permissions import can_moderate, desk_required, moderator_required
from impact.incidents.models import Incident
from impact.moderation.access import visible_incidents
from impact.moderation.models import SavedView
from impact.moderation.queue import STATE_LABELS, STATES, moderation_queue, queue_counts
from impact.moderation.sorting_out import sort_out_incidents
from impact.moderation.working_together import due_follow_ups
from impact.vocabulary import Triage
from impact.web.desk.case_form import REASON_LIMIT
from impact.web.desk.queue_filter import QueueFilter
from impact.web.desk.queue_rows import on_map, rows_of
from impact.web.desk.wording import usual_reasons

PAGE_SIZE = 40
_MOST_DUE = 5
_MOST_VIEWS = 12


class SortOutForm(forms.Form):
    """Many cases, one verdict, one reason."""

    triage = forms.ChoiceField(
        label=_("These are"),
        choices=[
            (Triage.SPAM.value, Triage.SPAM.label),
            (Triage.OUT_OF_SCOPE.value, Triage.OUT_OF_SCOPE.label),
        ],
    )
    reason = forms.CharField(
        label=_("Reason, for the log"),
        max_length=REASON_LIMIT,
        widget=forms.TextInput({"autocomplete": "off", "list": "reasons"}),
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data, label_suffix="", auto_id="sort_%s")  # type: ignore[arg-type]


@require_safe
@desk_required
def queue(request: HttpRequest) -> HttpResponse:
    """The cases in one state, one page of them."""
    user = _person(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else "new"
    cases = visible_incidents(user)
    form = QueueFilter(request.GET, cases, user)
    waiting = form.narrow(moderation_queue(cases, state))
    # Keys first: the database then sorts keys and not whole cases, which counts on the last of many pages.
    page = Paginator(waiting.values_list("pk", flat=True), PAGE_SIZE).get_page(request.GET.get("page"))
    listed = moderation_queue(Incident.objects.filter(pk__in=list(page.object_list)), state)
    counts = queue_counts(cases)
    rows = rows_of(list(listed), user)
    return render(
        request,
        "desk/queue.html",
        {
            "state": state,
            "state_label": STATE_LABELS[state],
            "states": [(name, label, counts[name]) for name, label in STATE_LABELS.items()],
            "form": form,
            "chosen": form.chosen(),
            "page": page,
            "rows": rows,
            "on_map": on_map(rows),
            "views": list(user.saved_views.all()[:_MOST_VIEWS]),
            "due": list(due_follow_ups(cases, timezone.localdate())[:_MOST_DUE]),
            "sort_out": SortOutForm() if can_moderate(user) and rows else None,
            "reasons": usual_reasons(),
        },
    )


@require_safe
@desk_required
def counts(request: HttpRequest) -> JsonResponse:
    """How many cases are in each state, for the numbers on an open page."""
    return JsonResponse(queue_counts(visible_incidents(request.user)))


@require_POST
@desk_required
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filter under a name, or forget one."""
    user = _person(request)
    if forgotten := request.POST.get("forget", ""):
        user.saved_views.filter(pk=int(forgotten) if forgotten.isdecimal() else 0).delete()
        return redirect("desk:queue")
    name = " ".join(request.POST.get("name", "").split())[:40]
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()[:500]
    if name:
        SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return redirect(f"{reverse('desk:queue')}?{query}")


@require_POST
@moderator_required
def sort_out(request: HttpRequest) -> HttpResponse:
    """Sort the ticked cases: spam, or out of scope."""
    form = SortOutForm(request.POST)
    versions = _ticked(request.POST.getlist("case"))
    if not versions:
        messages.error(request, gettext("Tick at least one case."))
    elif not form.is_valid():
        messages.error(request, gettext("Give a reason: it goes into the log."))
    else:
        given = form.cleaned_data
        outcome = sort_out_incidents(
            versions=versions,
            moderator=_person(request),
            triage=Triage(given["triage"]),
            reason=given["reason"],
        )
        done = ngettext("%(count)d case sorted out.", "%(count)d cases sorted out.", len(outcome.done))
        messages.success(request, done % {"count": len(outcome.done)})
        for reference, why in outcome.refused:
            messages.error(request, f"{reference}: {why}")
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    return redirect(f"{reverse('desk:queue')}?{query}")


def _ticked(values: list[str]) -> dict[UUID, int]:
    versions = {}
    for value in values:
        key, _colon, version = value.partition(":")
        try:
            versions[UUID(key)] = int(version)
        except ValueError:
            continue
    return versions


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the decorators let nobody else in
    return request.user
