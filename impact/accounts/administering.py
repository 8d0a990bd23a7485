"""Changing who works here and as what. Each change is one transaction with its row in the log."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from impact.accounts.models import IntakeRoute, Membership, Organisation, Role, User
from impact.accounts.permissions import administers, administers_all
from impact.accounts.sessions import end_all_sessions
from impact.ledger.chain import record
from impact.ledger.models import Kind


class AdministrationRefused(Exception):
    """A change that this administrator cannot make; the message says why (translated)."""


class InvitationTokens(PasswordResetTokenGenerator):
    """Good for three days (PASSWORD_RESET_TIMEOUT) and until a password is chosen with one."""

    key_salt = "impact.accounts.InvitationTokens"


invitation_tokens = InvitationTokens()


@transaction.atomic
def invite_user(
    *,
    by: User,
    username: str,
    name: str,
    role: Role,
    organisation: Organisation,
    countries: Iterable[str] = (),
) -> User:
    """A user who has no password yet; `invitation_path` lets them choose one.

    Raises AdministrationRefused.
    """
    _check_organisation(by, organisation)
    if User.objects.filter(username__iexact=username).exists():
        raise AdministrationRefused(_("There is somebody of this name already."))
    user = User.objects.create_user(
        username, first_name=name, role=role, organisation=organisation, countries=countries
    )
    _record(by, user, {"what": "invited", "name": username, **_standing(role, organisation, countries)})
    return user


def invitation_path(user: User) -> str:
    """The address at which this user chooses a password. Whoever has it can do so: it is shown once."""
    identity = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("accounts:invitation", args=[identity, invitation_tokens.make_token(user)])


@transaction.atomic
def give_role(
    *, by: User, user: User, role: Role, organisation: Organisation, countries: Iterable[str] = ()
) -> Membership:
    """Give a role, or change its countries. Raises AdministrationRefused."""
    _check_organisation(by, organisation)
    _check_other(by, user)
    codes = tuple(countries)
    membership, _made = Membership.objects.update_or_create(
        user=user, organisation=organisation, role=role, defaults={"countries": ",".join(codes)}
    )
    _record(by, user, {"what": "role given", **_standing(role, organisation, codes)})
    end_all_sessions(user, actor=by)
    return membership


@transaction.atomic
def take_role(*, by: User, membership: Membership) -> None:
    """Take a role away; the person is signed out everywhere. Raises AdministrationRefused."""
    _check_organisation(by, membership.organisation)
    _check_other(by, membership.user)
    _record(
        by,
        membership.user,
        {
            "what": "role taken",
            **_standing(Role(membership.role), membership.organisation, membership.country_codes),
        },
    )
    membership.delete()
    end_all_sessions(membership.user, actor=by)


@transaction.atomic
def set_active(*, by: User, user: User, is_active: bool) -> None:
    """Close an account, or open it again. Raises AdministrationRefused."""
    _check_person(by, user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    _record(by, user, {"what": "account opened" if is_active else "account closed"})
    if not is_active:
        end_all_sessions(user, actor=by)


@transaction.atomic
def reset_access(*, by: User, user: User) -> None:
    """Take password and second factors away from somebody who lost them: a new link lets them start again.

    Raises AdministrationRefused.
    """
    _check_person(by, user)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _record(by, user, {"what": "password and second factors taken away"})
    end_all_sessions(user, actor=by)


@transaction.atomic
def add_organisation(*, by: User, name: str) -> Organisation:
    """A further member of the coalition. Raises AdministrationRefused."""
    _check_coalition(by)
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(name=name)
    except IntegrityError:
        raise AdministrationRefused(_("There is an organisation of this name already.")) from None
    _record_setting(by, f"organisation {organisation.pk}", {"what": "organisation added", "name": name})
    return organisation


@transaction.atomic
def set_route(*, by: User, organisation: Organisation, country: str, channel: str) -> IntakeRoute:
    """Say whose cases the reports of a country and a channel are ("" for all).

    Raises AdministrationRefused.
    """
    _check_coalition(by)
    route, _made = IntakeRoute.objects.update_or_create(
        country=country, channel=channel, defaults={"organisation": organisation}
    )
    details = {"what": "route set", "country": country, "channel": channel, "organisation": organisation.name}
    _record_setting(by, f"route {route.pk}", details)
    return route


@transaction.atomic
def remove_route(*, by: User, route: IntakeRoute) -> None:
    """Take a route back: a wider one, or the default organisation, receives instead."""
    _check_coalition(by)
    details = {"what": "route removed", "country": route.country, "channel": route.channel}
    _record_setting(by, f"route {route.pk}", details)
    route.delete()


def _check_coalition(by: User) -> None:
    if not administers_all(by):
        raise AdministrationRefused(_("Only administrators of the coalition change this."))


def _check_organisation(by: User, organisation: Organisation) -> None:
    if not administers(by, organisation.pk):
        raise AdministrationRefused(_("You administer another organisation."))


def _check_other(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise AdministrationRefused(_("Nobody changes their own account here: ask another administrator."))


def _check_person(by: User, user: User) -> None:
    _check_other(by, user)
    organisations = user.memberships.values_list("organisation_id", flat=True)
    if not all(administers(by, organisation_id) for organisation_id in organisations):
        raise AdministrationRefused(_("This person works for another organisation too."))


def _standing(role: Role, organisation: Organisation, countries: Iterable[str]) -> dict[str, Any]:
    return {"role": str(role), "organisation": organisation.name, "countries": list(countries)}


def _record(by: User, user: User, details: dict[str, Any]) -> None:
    record(Kind.ROLE, actor_id=by.pk, subject=f"user {user.pk}", details=details)


def _record_setting(by: User, subject: str, details: dict[str, Any]) -> None:
    record(Kind.SETTING, actor_id=by.pk, subject=subject, details=details)
