"""Seeing the number behind a pseudonym: with a reason and a fresh second factor, logged, and told to others.

The only page of the product on which a number ever stands.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from impact.accounts.models import User
from impact.accounts.noticing import tell_others
from impact.accounts.permissions import revealer_required
from impact.accounts.second_factor import fresh_factor_required
from impact.incidents.models import Incident
from impact.ledger.chain import record
from impact.ledger.models import Kind
from impact.moderation.access import can_reveal_contact_of, get_visible_incident
from impact.sealing import UnsealError
from sms_gateway.contacts import NumberErased, number_of
from sms_gateway.models import Contact

REASON_LEAST = 10


if TYPE_CHECKING:
    _ContactField = forms.ModelChoiceField[Contact]
else:
    _ContactField = forms.ModelChoiceField  # not generic when it runs


class ContactField(_ContactField):
    def label_from_instance(self, obj: Contact) -> str:
        return str(obj.reporter)


class ReasonForm(forms.Form):
    """Whose number, and why."""

    contact = ContactField(
        label=gettext_lazy("Whose number"), queryset=Contact.objects.none(), empty_label=None
    )
    reason = forms.CharField(
        label=gettext_lazy("Why you have to see it"),
        min_length=REASON_LEAST,
        max_length=1000,
        help_text=gettext_lazy("It is written into the log, and colleagues are told."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: object, incident: Incident) -> None:
        super().__init__(data, label_suffix="")  # type: ignore[arg-type]
        field = self.fields["contact"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field
        field.queryset = contacts_of(incident)


@revealer_required
@fresh_factor_required
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason; on POST show the number, once. A case of others is not there; of one that is shared
    the number is not for those it was shared with."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - revealer_required let nobody else in
    incident = get_visible_incident(user, pk)
    if not can_reveal_contact_of(user, incident):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None, incident)
    context = {"incident": incident, "form": form, "has_contact": contacts_of(incident).exists()}
    if request.method != "POST":
        return render(request, "sms_gateway/reveal.html", context)
    if not form.is_valid():
        return render(request, "sms_gateway/reveal.html", context, status=422)
    contact = form.cleaned_data["contact"]
    try:
        number = reveal_number(
            user=user, incident=incident, contact=contact, reason=form.cleaned_data["reason"]
        )
    except NumberErased:
        form.add_error("contact", _("The number was erased, as the rules of retention ask."))
        return render(request, "sms_gateway/reveal.html", context, status=422)
    except UnsealError:
        form.add_error(None, _("The key that opens numbers is not on this machine."))
        return render(request, "sms_gateway/reveal.html", context, status=422)
    return render(request, "sms_gateway/revealed.html", {**context, "number": number, "contact": contact})


@transaction.atomic
def reveal_number(*, user: User, incident: Incident, contact: Contact, reason: str) -> str:
    """The number behind a contact of this case. Written into the log first: without a row, no number.

    Raises UnsealError where the key is not at hand, and NumberErased.
    """
    number = number_of(contact)
    record(
        Kind.REVEAL,
        actor_id=user.pk,
        subject=incident.reference,
        details={"reporter": str(contact.reporter), "reason": reason.strip()},
    )
    tell_others(actor=user, organisation_id=incident.organisation_id, subject=incident.reference)
    return number


def contacts_of(incident: Incident) -> QuerySet[Contact]:
    """The telephones that reported this case."""
    return Contact.objects.filter(reporter__reports__incident=incident).select_related("reporter").distinct()
