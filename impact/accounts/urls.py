"""Signing in and out, one's own account, and invitations."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from impact.accounts import invitations, noticing, sessions, signing_in
from impact.accounts.permissions import can_administer, can_export, can_read_log, can_see_cases


def start(request: HttpRequest) -> HttpResponse:
    """Where a person works, by what they may do."""
    if hasattr(request, "unfinished_user"):
        return redirect("mfa_index")
    return _start(request)


@login_required
def _start(request: HttpRequest) -> HttpResponse:
    for allows, place in (
        (can_see_cases, "desk:queue"),
        (can_export, "web:exports"),
        (can_administer, "people:people"),
        (can_read_log, "desk:log"),
    ):
        if allows(request.user):
            return redirect(place)
    return redirect("web:map")


app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("start/", start, name="start"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("notices/read/", noticing.mark_read, name="notices_read"),
    path("invitation/<str:user>/<str:token>/", invitations.accept, name="invitation"),
]
