"""The sign-in page: allauth's, with our template."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings


class SignInView(LoginView):  # type: ignore[misc]
    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"requires_second_factor": settings.REQUIRE_MFA}


sign_in = SignInView.as_view()
