"""One case on one screen, and the decisions about it."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from impact.accounts.models import User
from impact.accounts.permissions import desk_required, moderator_required
from impact.incidents.models import Incident
from impact.moderation.access import (
    can_decide_case,
    can_reveal_contact_of,
    can_see_case,
    get_decidable_incident,
    get_visible_incident,
    visible_incidents,
)
from impact.moderation.deciding import DecisionRefused, StaleIncident
from impact.moderation.working_together import note_visit
from impact.publication.drafting import drafted_text
from impact.web.desk.case_form import CaseForm
from impact.web.desk.forms import FORMS
from impact.web.desk.picture import CasePicture, case_picture
from impact.web.desk.place_form import PlaceForm
from impact.web.desk.preview import public_words
from impact.web.desk.standing import case_standing
from impact.web.desk.wording import usual_reasons


@require_safe
@desk_required
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The case as it is now."""
    incident = get_visible_incident(_person(request), pk, _cases())
    note_visit(incident, _person(request))
    return _render(request, _picture(request, incident))


@require_POST
@moderator_required
def act(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    """Take one decision; what is refused is shown beside what the moderator wrote, and nothing is lost."""
    if action not in FORMS:
        raise Http404
    moderator = _person(request)
    picture = _picture(request, get_decidable_incident(moderator, pk, _cases()))
    form = _form(action, picture, request)
    if form.is_only_looking():
        return _render(request, picture, looking=form)
    if not form.is_valid():
        return _render(request, picture, refused=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = form.decide(moderator)
    except StaleIncident as stale:
        form.rebase()
        form.add_error(None, str(stale))
        return _render(request, picture, refused=form, status=HTTPStatus.CONFLICT)
    except DecisionRefused as refused:
        form.add_error(None, str(refused))
        return _render(request, picture, refused=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, done)
    # What was just decided can put the case out of this moderator's sight: a senior goes on with it.
    if not can_see_case(moderator, picture.incident):
        return redirect("desk:queue")
    return redirect(reverse("desk:case", args=[pk]))


def _cases() -> QuerySet[Incident]:
    return Incident.objects.prefetch_related("harms", "reports", "area_links__area")


def _picture(request: HttpRequest, incident: Incident) -> CasePicture:
    return case_picture(incident, waiting=visible_incidents(request.user))


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the decorators let nobody else in
    return request.user


def _form(action: str, picture: CasePicture, request: HttpRequest | None = None) -> CaseForm:
    data = None if request is None else request.POST
    form = FORMS[action]
    if form is PlaceForm:
        return PlaceForm(
            data,
            incident=picture.incident,
            candidates=picture.candidates,
            unknown_name=picture.unknown_name,
        )
    return form(data, incident=picture.incident)


def _render(
    request: HttpRequest,
    picture: CasePicture,
    *,
    looking: CaseForm | None = None,
    refused: CaseForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    written = refused or looking
    forms = {action: _form(action, picture) for action in FORMS}
    if written is not None:
        forms[written.action] = written
    if looking is not None:
        # A look is no attempt: what is still missing is not yet wrong.
        looking.errors.clear()
    draft = str(forms["publish"]["text"].value() or "")
    return render(
        request,
        "desk/case.html",
        {
            "case": picture,
            "standing": case_standing(picture.incident, _person(request)),
            "may_decide": can_decide_case(_person(request), picture.incident),
            "may_reveal": can_reveal_contact_of(_person(request), picture.incident),
            "draft": drafted_text(picture.incident),
            "incident": picture.incident,
            "forms": forms,
            "refused": refused,
            "looking": looking,
            "preview": picture.preview(draft),
            "public_words": public_words(draft, picture.incident.country),
            "reasons": usual_reasons(),
            "ready_reasons": usual_reasons()[:3],
            "since": written.changes_since_opened() if written else [],
        },
        status=status,
    )
