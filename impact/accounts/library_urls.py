"""The addresses of allauth that we use, by the names that it looks up. No registration, no mail."""

from allauth.account import views
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from impact.accounts import signing_in

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("second-factor/", include("allauth.mfa.urls")),
]
