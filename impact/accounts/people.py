"""The administrators' pages: people, their roles, organisations, and whose cases what comes in is."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from impact.accounts import administering
from impact.accounts.administering import AdministrationRefused
from impact.accounts.chosen import chosen_number
from impact.accounts.models import IntakeRoute, Membership, Organisation, Role, User
from impact.accounts.permissions import administered_organisations, administers_all, administrator_required
from impact.accounts.second_factor import fresh_factor_required
from impact.places.basemap import country_codes, country_name
from impact.places.covered import covered_countries
from impact.vocabulary import Channel


class CountriesField(forms.CharField):
    """Country codes, in any case and with any separator; each has to be one that there is."""

    def clean(self, value: Any) -> tuple[str, ...]:
        codes = tuple(str(super().clean(value)).upper().replace(",", " ").replace(";", " ").split())
        unknown = [code for code in codes if code not in country_codes()]
        if unknown:
            raise forms.ValidationError(_("No such country: %(codes)s") % {"codes": ", ".join(unknown)})
        return codes


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    countries = CountriesField(
        label=gettext_lazy("Countries"),
        required=False,
        help_text=gettext_lazy("Codes such as CD,CF. Empty: every country"),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field
        field.queryset = administered_organisations(by)


class InvitationForm(RoleForm):
    field_order = ("name", "username", "role", "organisation", "countries")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    username = forms.RegexField(
        label=gettext_lazy("Name to sign in with"),
        regex=r"^[\w.@+-]+$",
        max_length=150,
        help_text=gettext_lazy("Letters, digits and . @ + - _"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )


class OrganisationForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the organisation"), max_length=120)


class RouteForm(forms.Form):
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Goes to"), queryset=Organisation.objects.all(), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, choices in (("country", covered_countries()), ("channel", Channel.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker which field
            field.choices = [("", gettext_lazy("Any")), *choices]


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponseBase:
    """Everybody whom this administrator looks after, and an invitation."""
    by = _by(request)
    form = InvitationForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        return _invite(request, form)
    return _people_page(request, form)


@fresh_factor_required
def _invite(request: HttpRequest, form: InvitationForm) -> HttpResponse:
    """Whoever sits down at a desk that was left open makes no account of their own."""
    try:
        invited = administering.invite_user(by=_by(request), **form.cleaned_data)
    except AdministrationRefused as refused:
        form.add_error(None, str(refused))
        return _people_page(request, form)
    return _with_link(request, invited)


def _people_page(request: HttpRequest, form: InvitationForm) -> HttpResponse:
    by = _by(request)
    users = _users(by).prefetch_related("memberships__organisation", "authenticator_set")
    return render(
        request,
        "people/people.html",
        {"users": users, "form": form, "administers_all": administers_all(by)},
        status=422 if form.errors else 200,
    )


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One person: roles, access. POST does one thing, named by `do`."""
    by = _by(request)
    user = get_object_or_404(_users(by), pk=pk)
    form = RoleForm(request.POST if request.POST.get("do") == "give" else None, by=by)
    if request.method == "POST":
        if request.POST.get("do") == "give" and not form.is_valid():
            return _person_page(request, user, form, 422)
        return _act(request, user, form)
    return _person_page(request, user, form)


@fresh_factor_required
def _act(request: HttpRequest, user: User, form: RoleForm) -> HttpResponse:
    by = _by(request)
    actions: dict[str, Callable[[], object]] = {
        "give": lambda: administering.give_role(by=by, user=user, **form.cleaned_data),
        "take": lambda: administering.take_role(by=by, membership=_membership(request, user)),
        "close": lambda: administering.set_active(by=by, user=user, is_active=False),
        "open": lambda: administering.set_active(by=by, user=user, is_active=True),
        "reset": lambda: administering.reset_access(by=by, user=user),
    }
    action = request.POST.get("do", "")
    if action not in actions:
        raise Http404
    try:
        actions[action]()
    except AdministrationRefused as refused:
        messages.error(request, str(refused))
        return redirect("people:person", pk=user.pk)
    if action == "reset":
        return _with_link(request, user)
    messages.success(request, _("Done, and written into the log."))
    return redirect("people:person", pk=user.pk)


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponseBase:
    """The members of the coalition, and which of them receives what."""
    if not administers_all(_by(request)):
        raise Http404
    action = request.POST.get("do", "")
    form = OrganisationForm(request.POST if action == "add" else None, label_suffix="")
    route_form = RouteForm(request.POST if action == "route" else None)
    if action == "unroute" or form.is_valid() or route_form.is_valid():
        return _change_coalition(request, form, route_form)
    return _organisations_page(request, form, route_form)


@fresh_factor_required
def _change_coalition(request: HttpRequest, form: OrganisationForm, route_form: RouteForm) -> HttpResponse:
    """Who is of the coalition, and to whom reports go: a line there gives one member another's reports."""
    by = _by(request)
    try:
        if form.is_bound:
            administering.add_organisation(by=by, **form.cleaned_data)
        elif route_form.is_bound:
            administering.set_route(by=by, **route_form.cleaned_data)
        else:
            chosen = request.POST.get("route", "")
            route = get_object_or_404(IntakeRoute, pk=chosen_number(chosen))
            administering.remove_route(by=by, route=route)
    except AdministrationRefused as refused:
        form.add_error(None, str(refused))
        return _organisations_page(request, form, route_form)
    return _done(request)


def _organisations_page(request: HttpRequest, form: OrganisationForm, route_form: RouteForm) -> HttpResponse:
    routes = [
        {
            "pk": route.pk,
            "country": country_name(route.country) if route.country else "",
            "channel": Channel(route.channel).label if route.channel in Channel.values else route.channel,
            "organisation": route.organisation,
        }
        for route in IntakeRoute.objects.select_related("organisation")
    ]
    return render(
        request,
        "people/organisations.html",
        {
            "organisations": Organisation.objects.all(),
            "routes": routes,
            "form": form,
            "route_form": route_form,
        },
        status=422 if form.errors or route_form.errors else 200,
    )


def _person_page(request: HttpRequest, user: User, form: RoleForm, status: int = 200) -> HttpResponse:
    context = {
        "person": user,
        "form": form,
        "memberships": user.memberships.select_related("organisation"),
        "factors": Authenticator.objects.filter(user=user).exclude(type="recovery_codes"),
        "is_self": user.pk == request.user.pk,
    }
    return render(request, "people/person.html", context, status=status)


def _with_link(request: HttpRequest, user: User) -> HttpResponse:
    link = f"{settings.PUBLIC_URL}{administering.invitation_path(user)}"
    return render(request, "people/link.html", {"person": user, "link": link})


def _done(request: HttpRequest) -> HttpResponseRedirect:
    messages.success(request, _("Done, and written into the log."))
    return redirect("people:organisations")


def _users(by: User) -> Any:
    users = User.objects.order_by("first_name", "username")
    if administers_all(by):
        return users
    within = Membership.objects.filter(organisation__in=administered_organisations(by))
    return users.filter(pk__in=within.values("user"))


def _membership(request: HttpRequest, user: User) -> Membership:
    chosen = request.POST.get("membership", "")
    return get_object_or_404(user.memberships, pk=chosen_number(chosen))


def _by(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - administrator_required let nobody else in
    return request.user
