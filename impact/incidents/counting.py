"""The one number that crosses from the private side to the public: how much is verified and withheld."""

from impact.incidents.models import Incident
from impact.vocabulary import PublicationStatus, Verification


def withheld_count() -> int:
    """How many verified incidents are not public, so that an export can say what it does not show."""
    return (
        Incident.objects.filter(verification__in=(Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED))
        .exclude(publication=PublicationStatus.PUBLIC)
        .count()
    )
