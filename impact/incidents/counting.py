"""The one number that crosses from the private side to the public: how much is verified and withheld."""

from typing import Any

from django.db.models import QuerySet

from impact.incidents.models import Incident
from impact.vocabulary import Verification


def withheld_count(shown_keys: QuerySet[Any, Any]) -> int:
    """How many verified incidents are not among those shown, so that an export can say what it does not
    show."""
    return (
        Incident.objects.filter(verification__in=(Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED))
        .exclude(pk__in=shown_keys)
        .count()
    )
