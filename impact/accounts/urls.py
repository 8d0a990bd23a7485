"""Signing in and out."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache

from impact.accounts.permissions import can_export, can_see_cases


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Where a person works: moderators at the desk, advocates at the exports."""
    if can_see_cases(request.user):
        return redirect("desk:queue")
    return redirect("web:exports" if can_export(request.user) else "web:map")


app_name = "accounts"
urlpatterns = [
    path(
        "sign-in/",
        never_cache(
            views.LoginView.as_view(template_name="accounts/sign_in.html", redirect_authenticated_user=True)
        ),
        name="sign_in",
    ),
    path("sign-out/", views.LogoutView.as_view(), name="sign_out"),
    path("start/", start, name="start"),
]
