"""Telling a second person, on the desk and by mail where mail is on. Neither ever holds what was seen."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from impact.accounts.models import Notice, User, default_organisation
from impact.accounts.permissions import CAPABILITIES, staff_required

_TOLD = CAPABILITIES["senior"] | CAPABILITIES["administer"]


def tell_others(*, actor: User, organisation_id: int | None, subject: str) -> int:
    """Tell the seniors and administrators of an organisation (None: the default one), but the one who did it;
    returns how many. Where there is nobody else, those of the default organisation are told: a second person.

    Mail goes out after the transaction; one that cannot leave stops nothing, for the notice stays.
    """
    default = default_organisation().pk
    recipients = _answerable(organisation_id or default, actor) or _answerable(default, actor)
    Notice.objects.bulk_create(
        Notice(recipient=recipient, actor=actor, subject=subject) for recipient in recipients
    )
    addresses = [recipient.email for recipient in recipients if recipient.email]
    if addresses and settings.EMAIL_IS_ON:
        transaction.on_commit(lambda: _send(addresses, str(actor), subject), robust=True)
    return len(recipients)


def _answerable(organisation_id: int, actor: User) -> list[User]:
    # In one filter: a senior of another organisation who has some role here is none of them.
    others = User.objects.filter(
        is_active=True, memberships__role__in=_TOLD, memberships__organisation=organisation_id
    )
    return list(others.exclude(pk=actor.pk).distinct())


def unread_notices(user: User) -> list[Notice]:
    """What somebody has been told and has not marked as read."""
    return list(Notice.objects.filter(recipient=user, read_at__isnull=True).select_related("actor")[:20])


@require_POST
@staff_required
def mark_read(request: HttpRequest) -> HttpResponse:
    """Put away what one was told."""
    Notice.objects.filter(recipient_id=request.user.pk, read_at__isnull=True).update(read_at=timezone.now())
    return redirect("accounts:start")


def _send(addresses: list[str], actor: str, subject: str) -> None:
    send_mail(
        _("Headlamp: a number was seen"),
        _(
            "%(actor)s saw the number behind case %(case)s. The reason is in the log. "
            "If you did not expect this, ask."
        )
        % {"actor": actor, "case": subject},
        None,
        addresses,
    )
