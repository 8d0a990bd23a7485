"""Writing to reporters from a case: a look at what would go out, then sending."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from impact.accounts.models import User
from impact.accounts.permissions import desk_required
from impact.incidents.correspondence import NotWritable
from impact.incidents.models import Incident, Report
from impact.moderation.access import get_visible_incident, writable_incidents
from impact.web.desk.talk import talks
from impact.web.desk.talk_form import TalkForm
from impact.web.desk.windows import windows


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
@desk_required
def talk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The talk of a case by itself; on POST look at a letter or send it. Nothing written is ever lost."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - desk_required let nobody else in
    incident = get_visible_incident(user, pk)
    can_write = writable_incidents(user).filter(pk=incident.pk).exists()
    if request.method != "POST":
        return _render(request, incident, can_write=can_write)
    if not can_write:
        raise PermissionDenied
    reports = Report.objects.select_related("incident", "reporter").filter(incident=incident)
    form = TalkForm(request.POST, report=get_object_or_404(reports, reference=request.POST.get("report", "")))
    if not form.is_valid():
        return _render(request, incident, can_write=True, refused=form)
    if request.POST.get("step") != "send":
        return _render(request, incident, can_write=True, looking=form)
    if form.repeated and not form.cleaned_data["is_sure"]:
        form.add_error(None, _("It repeats what was told. Look at it again before it goes out."))
        return _render(request, incident, can_write=True, refused=form, looking=form)
    try:
        form.send(user.pk)
    except NotWritable as refusal:
        form.add_error(None, str(refusal))
        return _render(request, incident, can_write=True, refused=form)
    messages.success(request, _sent_words(form.report))
    return redirect(f"{reverse('desk:case', args=[pk])}#talk")


def _sent_words(report: Report) -> str:
    window = windows([report]).get(report.reporter_id or 0)
    if window is not None and window.can_be_called and not window.is_open:
        return _("It waits, and goes out as soon as the reporter writes again.")
    return _("It is on its way to the reporter.")


def _render(
    request: HttpRequest,
    incident: Incident,
    *,
    can_write: bool,
    looking: TalkForm | None = None,
    refused: TalkForm | None = None,
) -> HttpResponse:
    return render(
        request,
        "desk/talk.html",
        {
            "incident": incident,
            "talks": talks(incident, can_write=can_write, written=refused or looking),
            "looking": looking,
            "refused": refused,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
    )
