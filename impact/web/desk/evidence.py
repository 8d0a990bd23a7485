"""Evidence on the desk: one piece with its copies and custody, blurring, the original, the manifest."""

import json
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from impact.accounts.models import User
from impact.accounts.permissions import desk_required, moderator_required
from impact.accounts.second_factor import confirm_first
from impact.incidents.custody import Deed, custody_of, record_custody
from impact.incidents.evidence import EvidenceDamaged, EvidenceRefused, read_original
from impact.incidents.manifest import signed_manifest
from impact.incidents.media_types import EXTENSIONS
from impact.incidents.models import Evidence, EvidenceCopy
from impact.incidents.working_copies import PICTURES, make_copy, read_copy
from impact.moderation.access import decidable_incidents, get_decidable_incident, get_visible_incident
from impact.web.desk.log_details import deed_words


class BlurForm(forms.Form):
    """One rectangle in hundredths of the picture: numbers work where no script draws it."""

    left = forms.IntegerField(label=gettext_lazy("From the left, %"), min_value=0, max_value=99)
    top = forms.IntegerField(label=gettext_lazy("From the top, %"), min_value=0, max_value=99)
    width = forms.IntegerField(label=gettext_lazy("Width, %"), min_value=1, max_value=100)
    height = forms.IntegerField(label=gettext_lazy("Height, %"), min_value=1, max_value=100)

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        given = self.cleaned_data
        return (given["left"] / 100, given["top"] / 100, given["width"] / 100, given["height"] / 100)


@require_safe
@desk_required
def piece(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One piece of evidence. Its first look makes the working copy."""
    evidence = _visible(request, pk)
    notice = ""
    if evidence.media_type in PICTURES and evidence.state == Evidence.State.KEPT:
        try:
            if not evidence.copies.exists():
                make_copy(evidence=evidence, made_by=_person(request).pk)
        except EvidenceRefused as refused:
            notice = refused.message
        except EvidenceDamaged:
            notice = _("The original is missing or is not what came in. Tell whoever runs this installation.")
    return _render(request, evidence, notice=notice)


@require_safe
@desk_required
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bytes of a working copy, seen by somebody: that goes into the log."""
    copy = get_object_or_404(EvidenceCopy.objects.select_related("evidence__report"), pk=pk)
    get_visible_incident(request.user, copy.evidence.report.incident_id)
    try:
        content = read_copy(copy)
    except EvidenceDamaged:
        raise Http404 from None
    record_custody(copy.evidence, Deed.SEEN, _person(request).pk, sha256=copy.sha256)
    return HttpResponse(content, content_type=copy.evidence.media_type)


@require_POST
@moderator_required
def blur(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new copy with one rectangle more made unreadable."""
    evidence = _visible(request, pk)
    get_decidable_incident(_person(request), evidence.report.incident_id)
    form = BlurForm(request.POST)
    parent = evidence.copies.order_by("-made_at").first()
    if not form.is_valid():
        return _render(request, evidence, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        make_copy(evidence=evidence, made_by=_person(request).pk, rectangles=[form.rectangle], parent=parent)
    except (EvidenceRefused, EvidenceDamaged) as refused:
        notice = refused.message if isinstance(refused, EvidenceRefused) else _("The file is damaged.")
        return _render(request, evidence, form=form, notice=notice, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("A new copy was made. The original is as it was."))
    return redirect("desk:evidence", pk)


@require_POST
@moderator_required
def original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The original exactly as it came, as a download and never shown; that goes into the log.

    It takes a fresh second factor, as a number does: what a camera wrote into it can say as much.
    """
    evidence = _visible(request, pk)
    get_decidable_incident(_person(request), evidence.report.incident_id)
    if (asked := confirm_first(request, reverse("desk:evidence", args=[pk]))) is not None:
        return asked
    try:
        content = read_original(evidence)
    except EvidenceDamaged:
        notice = _("The original is missing or is not what came in. Tell whoever runs this installation.")
        return _render(request, evidence, notice=notice, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    record_custody(evidence, Deed.DOWNLOADED, _person(request).pk, sha256=evidence.sha256)
    name = f"{evidence.report.reference}-{evidence.sha256[:8]}.{EXTENSIONS[evidence.media_type]}"
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@desk_required
def manifest(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signed list of a case's evidence."""
    incident = get_visible_incident(request.user, pk)
    for evidence in Evidence.objects.filter(report__incident=incident):
        record_custody(evidence, Deed.LISTED, _person(request).pk)
    return HttpResponse(
        json.dumps(signed_manifest(incident), ensure_ascii=False, indent=1),
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="headlamp-evidence-{incident.reference}.json"'
        },
    )


def _visible(request: HttpRequest, pk: UUID) -> Evidence:
    evidence = get_object_or_404(Evidence.objects.select_related("report"), pk=pk)
    get_visible_incident(request.user, evidence.report.incident_id)
    return evidence


def _decidable(request: HttpRequest, evidence: Evidence) -> bool:
    return decidable_incidents(request.user).filter(pk=evidence.report.incident_id).exists()


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the decorators let nobody else in
    return request.user


def _render(
    request: HttpRequest,
    evidence: Evidence,
    *,
    form: BlurForm | None = None,
    notice: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    copies = list(evidence.copies.order_by("made_at"))
    context: dict[str, Any] = {
        "piece": evidence,
        "report": evidence.report,
        "copies": copies,
        "latest": copies[-1] if copies else None,
        "is_picture": evidence.media_type in PICTURES,
        "custody": [(deed_words(row.deed), row) for row in custody_of(evidence)],
        "form": form or BlurForm(label_suffix=""),
        "notice": notice,
        "may_decide": _decidable(request, evidence),
    }
    return render(request, "desk/evidence.html", context, status=status)
