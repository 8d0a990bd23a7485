"""The administrators' page of programs: keys made and revoked, and the webhooks that they set up."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from impact.accounts.administering import AdministrationRefused
from impact.accounts.chosen import chosen_number
from impact.accounts.models import Organisation, User
from impact.accounts.permissions import administered_organisations, administers_all, administrator_required
from impact.accounts.second_factor import fresh_factor_required
from reports_api.hooks.changing import remove_webhook
from reports_api.keys.making import DEFAULT_DAYS, MOST_DAYS, make_key, revoke_key
from reports_api.keys.wording import error_words
from reports_api.models import ApiKey, Scope, Webhook


class KeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the program"),
        max_length=100,
        help_text=gettext_lazy("So that you know later which it is"),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it opens"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days until it ends"), min_value=1, max_value=MOST_DAYS, initial=DEFAULT_DAYS
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "initial": {"scopes": Scope.values[:1]}, **kwargs})
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field
        field.queryset = administered_organisations(by)


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponseBase:
    """Keys and webhooks of the organisations that this administrator looks after."""
    form = KeyForm(request.POST if request.POST.get("do") == "make" else None, by=_by(request))
    if request.method == "POST" and (request.POST.get("do") != "make" or form.is_valid()):
        return _act(request, form)
    return _page(request, form)


@fresh_factor_required
def _act(request: HttpRequest, form: KeyForm) -> HttpResponse:
    by = _by(request)
    action, row = request.POST.get("do", ""), request.POST.get("row", "")
    try:
        if action == "make":
            key, token = make_key(by=by, **form.cleaned_data)
            return render(request, "people/key.html", {"key": key, "token": token})
        if action == "remove":
            remove_webhook(webhook=_chosen(request, Webhook.objects.all(), _uuid(row)), by=by)
        elif action == "revoke":
            revoke_key(by=by, key=_chosen(request, ApiKey.objects.all(), chosen_number(row)))
        else:
            raise Http404
    except AdministrationRefused as refused:
        messages.error(request, str(refused))
        return redirect("keys:keys")
    messages.success(request, _("Done, and written into the log."))
    return redirect("keys:keys")


def _page(request: HttpRequest, form: KeyForm) -> HttpResponse:
    by = _by(request)
    within = administered_organisations(by)
    webhooks = Webhook.objects.filter(organisation__in=within).select_related("organisation")
    set_up: dict[int, list[str]] = {}
    for webhook in webhooks:
        if webhook.is_active:
            set_up.setdefault(webhook.made_with_id, []).append(urlsplit(webhook.url).hostname or "")
    keys = ApiKey.objects.filter(organisation__in=within).select_related("organisation")
    context = {
        "keys": [{"row": key, "stops": sorted(set(set_up.get(key.pk, [])))} for key in keys],
        # Their path can be a secret of the partner's: the host is enough to know them by.
        "webhooks": [
            {"row": row, "host": urlsplit(row.url).hostname, "error": error_words(row.last_error)}
            for row in webhooks
        ],
        "form": form,
        "administers_all": administers_all(by),
    }
    return render(request, "people/keys.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, rows: Any, key: Any) -> Any:
    """A row of an organisation that this administrator looks after; Http404 for any other."""
    within = rows.filter(organisation__in=administered_organisations(_by(request)))
    return get_object_or_404(within.select_related("organisation"), pk=key)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _by(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - administrator_required let nobody else in
    return request.user
