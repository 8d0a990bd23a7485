"""Which cases a user reaches. Every view of the desk reads cases through these, and through nothing else."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from impact.accounts.models import Organisation, default_organisation
from impact.accounts.permissions import CaseScope, Person, case_scopes
from impact.incidents.models import Incident, IncidentHarm
from impact.vocabulary import Harm


def sensitive() -> Q:
    """Cases that only senior moderators see: sexual violence, and children who can be identified."""
    violated = IncidentHarm.objects.filter(incident=OuterRef("pk"), harm=Harm.SEXUAL_VIOLENCE)
    return Q(has_identifiable_children=True) | Q(Exists(violated))


def is_sensitive(incident: Incident) -> bool:
    """Whether only senior moderators see this case."""
    return incident.has_identifiable_children or Harm.SEXUAL_VIOLENCE in incident.harm_codes


def visible_incidents(user: Person) -> QuerySet[Incident]:
    """The cases that a user may read: of their organisations and countries, and what others shared."""
    return _within(case_scopes(user, "see_cases"))


def decidable_incidents(user: Person) -> QuerySet[Incident]:
    """The cases that a user may decide about: a case that another organisation shared is only read."""
    return _within(case_scopes(user, "moderate"))


def writable_incidents(user: Person) -> QuerySet[Incident]:
    """The cases whose reporters a user may write to: their own; what others shared is only read."""
    scopes = case_scopes(user, "see_cases")
    return _within([scope for scope in scopes if scope.organisation_id is not None])


def cases_for_programs(organisation: Organisation) -> QuerySet[Incident]:
    """The cases that a program of an organisation may read facts of: its own, as a moderator of all its
    countries sees them. Never what only seniors see, and nothing that others shared."""
    return _within([CaseScope(organisation.pk, (), organisation.is_default, includes_sensitive=False)])


def can_see_case(user: Person, incident: Incident) -> bool:
    """Whether a user may read this case as it is stored now."""
    return visible_incidents(user).filter(pk=incident.pk).exists()


def can_decide_case(user: Person, incident: Incident) -> bool:
    """Whether a user may decide about this case as it is stored now."""
    return decidable_incidents(user).filter(pk=incident.pk).exists()


def holder_of(incident: Incident) -> int:
    """The organisation whose case it is: the default one where none is named."""
    return incident.organisation_id or default_organisation().pk


def is_senior_of(user: Person, incident: Incident) -> bool:
    """Whether a user is a senior moderator where this case is: of its organisation, and for its country.

    Who is senior elsewhere and a moderator here decides here as a moderator.
    """
    return _within(case_scopes(user, "senior")).filter(pk=incident.pk).exists()


def can_reveal_contact_of(user: Person, incident: Incident) -> bool:
    """Whether a user may see the numbers of those who reported this case: where their own role says so.

    Who agreed that a case be shared did not agree to be telephoned by the whole coalition.
    """
    return _within(case_scopes(user, "reveal_contact")).filter(pk=incident.pk).exists()


def get_visible_incident(user: Person, key: str | UUID, cases: QuerySet[Incident] | None = None) -> Incident:
    """A case by its reference or id. Another's case does not exist: Http404, never "forbidden".

    `cases` may bring a queryset with what the page prefetches.
    """
    return _get(visible_incidents(user), key, cases)


def get_decidable_incident(
    user: Person, key: str | UUID, cases: QuerySet[Incident] | None = None
) -> Incident:
    """A case to decide about: Http404 where it is not to be seen, PermissionDenied where it is only read."""
    incident = get_visible_incident(user, key, cases)
    if not can_decide_case(user, incident):
        raise PermissionDenied
    return incident


def _get(visible: QuerySet[Incident], key: str | UUID, cases: QuerySet[Incident] | None) -> Incident:
    wanted = Q(pk=key) if isinstance(key, UUID) else Q(reference=key)
    found = (Incident.objects.all() if cases is None else cases).filter(wanted, pk__in=visible.values("pk"))
    incident = found.first()
    if incident is None:
        raise Http404
    return incident


def _within(scopes: list[CaseScope]) -> QuerySet[Incident]:
    if not scopes:
        return Incident.objects.none()
    reached = Q(pk__in=[])
    for scope in scopes:
        reached |= _condition(scope)
    return Incident.objects.filter(reached)


def _condition(scope: CaseScope) -> Q:
    if scope.organisation_id is None:
        condition = Q(shared_at__isnull=False)
    else:
        condition = Q(organisation=scope.organisation_id)
        if scope.is_default_organisation:
            condition |= Q(organisation__isnull=True)
    if scope.countries:
        condition &= Q(country__in=(*scope.countries, ""))
    if not scope.includes_sensitive:
        condition &= ~sensitive()
    return condition
