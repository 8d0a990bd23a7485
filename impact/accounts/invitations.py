"""Accepting an invitation: the one who was invited chooses a password, and signs in with it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from impact.accounts.administering import invitation_tokens
from impact.accounts.forms import ChoosePasswordForm
from impact.accounts.models import User
from impact.ledger.chain import record
from impact.ledger.models import Kind


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, user: str, token: str) -> HttpResponse:
    """Choose a password. A link that was used, or is older than three days, opens nothing."""
    invited = _invited(user)
    if invited is None or not invitation_tokens.check_token(invited, token):
        return render(request, "accounts/invitation_over.html", status=404)
    form = ChoosePasswordForm(request.POST or None, user=invited)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            invited.set_password(form.cleaned_data["password"])
            invited.save(update_fields=["password"])
            record(
                Kind.PASSWORD, actor_id=invited.pk, subject=f"user {invited.pk}", details={"what": "chosen"}
            )
        messages.success(request, _("Your password is set. Sign in with it now."))
        return redirect("accounts:sign_in")
    return render(request, "accounts/invitation.html", {"form": form, "invited": invited})


def _invited(identity: str) -> User | None:
    try:
        return User.objects.filter(pk=int(urlsafe_base64_decode(identity)), is_active=True).first()
    except (ValueError, OverflowError):
        return None
