"""Who may do what. One file, so that a reader can hold it all in view.

A role gives capabilities (`CAPABILITIES`); an organisation and its countries bound the cases that they
reach (`case_scopes`). `impact.moderation.access` turns the scopes into queries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from impact.accounts.models import Organisation, Role, Standing, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Person = User | AnonymousUser

_DESK = frozenset({Role.MONITOR_COORDINATOR, Role.MODERATOR, Role.SENIOR_MODERATOR})
_MODERATORS = frozenset({Role.MODERATOR, Role.SENIOR_MODERATOR})

CAPABILITIES: dict[str, frozenset[Role]] = {
    # read cases, and write to those who reported them
    "see_cases": _DESK,
    # decide: sort, correct, grade, verify, publish
    "moderate": _MODERATORS,
    # cases of sexual violence and of identifiable children; the second one about a killing
    "senior": frozenset({Role.SENIOR_MODERATOR}),
    # the number behind a pseudonym, with a reason and a fresh second factor
    "reveal_contact": frozenset({Role.SENIOR_MODERATOR, Role.MONITOR_COORDINATOR}),
    # maps, briefs and files of what is published
    "export": _DESK | {Role.ADVOCATE},
    # people, roles, organisations, routes: no cases
    "administer": frozenset({Role.ADMINISTRATOR}),
    # the log, and nothing else
    "read_log": frozenset({Role.AUDITOR}),
}


def can(user: Person, capability: str) -> bool:
    """Whether any role of an active user gives this capability."""
    return isinstance(user, User) and user.is_active and not CAPABILITIES[capability].isdisjoint(user.roles)


def can_see_cases(user: Person) -> bool:
    """Read cases and write to reporters."""
    return can(user, "see_cases")


def can_moderate(user: Person) -> bool:
    """Decide about cases."""
    return can(user, "moderate")


def is_senior(user: Person) -> bool:
    """See what only senior moderators see, in the organisations where they are that."""
    return can(user, "senior")


def can_reveal_contact(user: Person) -> bool:
    """See a reporter's number. The view asks for a reason and a fresh second factor besides."""
    return can(user, "reveal_contact")


def can_export(user: Person) -> bool:
    """Make maps and files of what is published."""
    return can(user, "export")


def exporting_organisations(user: Person) -> list[int]:
    """The organisations for which somebody makes maps and files, in a fixed order."""
    return sorted(_organisations(user, "export"))


def deciding_organisations(user: Person) -> list[int]:
    """The organisations about whose cases somebody decides, in a fixed order."""
    return sorted(_organisations(user, "moderate"))


def can_administer(user: Person) -> bool:
    """Invite people, give and take roles, say which organisation receives what."""
    return can(user, "administer")


def can_read_log(user: Person) -> bool:
    """Read the log."""
    return can(user, "read_log")


def administers_all(user: Person) -> bool:
    """Whether somebody is administrator of the default organisation, and so of the whole coalition."""
    return can_administer(user) and any(
        standing.is_default_organisation and standing.role in CAPABILITIES["administer"]
        for standing in _standings(user)
    )


def administers(user: Person, organisation_id: int) -> bool:
    """Whether somebody looks after the people of an organisation."""
    return administers_all(user) or organisation_id in _organisations(user, "administer")


def administered_organisations(user: Person) -> QuerySet[Organisation]:
    """The organisations whose people somebody looks after."""
    if administers_all(user):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=_organisations(user, "administer"))


def audited_organisations(user: Person) -> QuerySet[Organisation] | None:
    """Whose people's doings an auditor reads; None for everybody's, which the default organisation's do."""
    for standing in _standings(user):
        if standing.is_default_organisation and standing.role in CAPABILITIES["read_log"]:
            return None
    return Organisation.objects.filter(pk__in=_organisations(user, "read_log"))


def _organisations(user: Person, capability: str) -> set[int]:
    return {
        standing.organisation_id for standing in _standings(user) if standing.role in CAPABILITIES[capability]
    }


def _standings(user: Person) -> tuple[Standing, ...]:
    return user.standings if isinstance(user, User) and user.is_active else ()


@dataclass(frozen=True, slots=True)
class CaseScope:
    """Cases that a user reaches: those of one organisation, in some countries (none named: in all).

    `organisation_id` None stands for what others shared with the whole coalition. A case without an
    organisation belongs to the default one; a case without a country to every region of its organisation,
    for else nobody would find it.
    """

    organisation_id: int | None
    countries: tuple[str, ...]
    is_default_organisation: bool
    includes_sensitive: bool


def case_scopes(user: Person, capability: str = "see_cases") -> list[CaseScope]:
    """What a user reaches with a capability. Only seeing reaches what others shared: deciding does not."""
    scopes = [
        CaseScope(
            organisation_id=standing.organisation_id,
            countries=standing.countries,
            is_default_organisation=standing.is_default_organisation,
            includes_sensitive=standing.role in CAPABILITIES["senior"],
        )
        for standing in _standings(user)
        if standing.role in CAPABILITIES[capability]
    ]
    if scopes and capability == "see_cases":
        scopes.append(CaseScope(None, (), False, is_senior(user)))
    return scopes


def staff_required(view: View[P]) -> View[P]:
    """A view for everybody who is signed in: others are asked to sign in. Never cached."""
    return _guarded(view, lambda user: isinstance(user, User) and user.is_active)


def desk_required(view: View[P]) -> View[P]:
    """A view for all who see cases: others are asked to sign in, or refused with 403. Never cached."""
    return _guarded(view, can_see_cases)


def moderator_required(view: View[P]) -> View[P]:
    """A view for those who decide: others are asked to sign in, or refused with 403. Never cached."""
    return _guarded(view, can_moderate)


def revealer_required(view: View[P]) -> View[P]:
    """A view for those who may see numbers: others are asked to sign in, or refused. Never cached."""
    return _guarded(view, can_reveal_contact)


def exporter_required(view: View[P]) -> View[P]:
    """A view for those who export: others are asked to sign in, or refused with 403. Never cached."""
    return _guarded(view, can_export)


def administrator_required(view: View[P]) -> View[P]:
    """A view for administrators: others are asked to sign in, or refused with 403. Never cached."""
    return _guarded(view, can_administer)


def auditor_required(view: View[P]) -> View[P]:
    """A view for auditors: others are asked to sign in, or refused with 403. Never cached."""
    return _guarded(view, can_read_log)


advocate_required = exporter_required


def _guarded(view: View[P], allows: Callable[[Person], bool]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if hasattr(request, "unfinished_user"):
            return redirect("mfa_index")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not allows(request.user):
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded
