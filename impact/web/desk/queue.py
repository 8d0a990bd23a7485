"""The queue: what waits, the most urgent first, each case in one row."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from impact.accounts.chosen import chosen_number
from impact.accounts.models import User
from impact.accounts.permissions import can_moderate, desk_required, moderator_required
from impact.incidents.models import Incident
from impact.moderation.access import visible_incidents
from impact.moderation.deciding_many import MOST_AT_ONCE
from impact.moderation.echoing import chorus_of, choruses, without_echoes
from impact.moderation.models import SavedView
from impact.moderation.queue import STATE_LABELS, STATES, moderation_queue, queue_counts
from impact.moderation.working_together import due_follow_ups
from impact.web.desk.many_form import ManyForm
from impact.web.desk.queue_filter import QueueFilter
from impact.web.desk.queue_rows import on_map, rows_of
from impact.web.desk.wording import usual_reasons

PAGE_SIZE = 40
_MOST_DUE = 5
_MOST_VIEWS = 12


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
    chorus = _uuid(request.GET.get("echoes", "")) if state == "new" else None
    if chorus:
        waiting = chorus_of(waiting, chorus)
    folded = without_echoes(waiting) if state == "new" and not chorus else waiting
    # Keys first: the database then sorts keys and not whole cases, which counts on the last of many pages.
    size = MOST_AT_ONCE if chorus else PAGE_SIZE
    page = Paginator(folded.values_list("pk", flat=True), size).get_page(request.GET.get("page"))
    listed = list(moderation_queue(Incident.objects.filter(pk__in=list(page.object_list)), state))
    counts = queue_counts(cases)
    rows = rows_of(listed, user, choruses(waiting, listed) if state == "new" and not chorus else {})
    return render(
        request,
        "desk/queue.html",
        {
            "state": state,
            "state_label": STATE_LABELS[state],
            "states": [(name, label, counts[name]) for name, label in STATE_LABELS.items()],
            "form": form,
            "chosen": form.chosen(),
            "elsewhere": _elsewhere(form, cases, state),
            "chorus": chorus,
            "page": page,
            "found": waiting.count() if chorus or form.chosen() else counts[state],
            "rows": rows,
            "on_map": on_map(rows),
            "views": list(user.saved_views.all()[:_MOST_VIEWS]),
            "due": list(due_follow_ups(cases, timezone.localdate())[:_MOST_DUE]),
            "many": ManyForm(by=user) if can_moderate(user) and rows else None,
            "reasons": usual_reasons(),
        },
    )


def _elsewhere(form: QueueFilter, cases: QuerySet[Incident], state: str) -> list[tuple[str, Any, int]]:
    """Where else there is what was looked for: a case is found by its reference whatever became of it."""
    if not form.chosen():
        return []
    found = queue_counts(form.narrow(cases))
    return [
        (name, label, found[name]) for name, label in STATE_LABELS.items() if name != state and found[name]
    ]


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
        user.saved_views.filter(pk=chosen_number(forgotten)).delete()
        return redirect("desk:queue")
    name = " ".join(request.POST.get("name", "").split())[:40]
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()[:500]
    if name:
        SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return redirect(f"{reverse('desk:queue')}?{query}")


@require_POST
@moderator_required
def decide_many(request: HttpRequest) -> HttpResponse:
    """Take up, hand over or sort out the ticked cases."""
    form = ManyForm(request.POST, by=_person(request))
    versions = _ticked(request.POST.getlist("case"))
    if not versions:
        messages.error(request, gettext("Tick at least one case."))
    elif not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    else:
        done, outcome = form.decide(versions, _person(request))
        messages.success(request, done)
        for reference, why in outcome.refused:
            messages.error(request, f"{reference}: {why}")
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    return redirect(f"{reverse('desk:queue')}?{query}")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
