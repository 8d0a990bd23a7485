"""Where somebody is signed in, and ending it there."""

from ipaddress import ip_network
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from impact.accounts.chosen import chosen_number
from impact.accounts.devices import device_words
from impact.accounts.models import User
from impact.ledger.chain import record
from impact.ledger.models import Kind


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """One's own sessions. POST ends one of them (`session`), or all the others."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required let nobody else in
    if request.method == "POST":
        if chosen := request.POST.get("session", ""):
            known = UserSession.objects.filter(user=user)
            ended = [get_object_or_404(known, pk=chosen_number(chosen))]
        else:
            ended = [one for one in _of(user) if one.session_key != request.session.session_key]
        end_sessions(ended, actor=user)
        messages.success(request, _("Signed out there."))
        return redirect("accounts:sessions")
    rows = [
        {
            "pk": one.pk,
            "device": device_words(one.user_agent) or _("a browser that we do not know"),
            "since": one.created_at,
            "seen": one.last_seen_at,
            "is_this": one.session_key == request.session.session_key,
        }
        for one in _of(user)
    ]
    return render(request, "accounts/sessions.html", {"rows": rows})


@receiver(pre_save, sender=UserSession)
def coarsen_address(instance: UserSession, **_signal: Any) -> None:
    """Keep of an address only the network: where a moderator sits is nobody's business."""
    bits = 48 if ":" in str(instance.ip) else 16
    instance.ip = str(ip_network(f"{instance.ip}/{bits}", strict=False).network_address)


def end_sessions(ended: list[UserSession], *, actor: User) -> None:
    """End sessions and write that into the log."""
    for session in ended:
        owner = session.user_id
        session.end()
        record(Kind.SESSION_ENDED, actor_id=actor.pk, subject=f"user {owner}", details={})


def end_all_sessions(user: User, *, actor: User) -> None:
    """End every session of somebody: their role changed, or their account was closed."""
    end_sessions(list(UserSession.objects.filter(user=user)), actor=actor)


def _of(user: User) -> list[UserSession]:
    return sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.last_seen_at, reverse=True)
