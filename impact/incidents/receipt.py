"""What a reporter is given in return: a reference to say, and a code that opens the report."""

from dataclasses import dataclass
from uuid import UUID

from impact.incidents.models import Report
from impact.incidents.references import follow_up_code


@dataclass(frozen=True, slots=True)
class Receipt:
    report_id: UUID
    reference: str
    follow_up_code: str
    language: str
    is_new: bool


def receipt_of(report: Report, *, is_new: bool) -> Receipt:
    """The receipt of a report; `is_new` is false when it had been taken in before."""
    return Receipt(
        report_id=report.id,
        reference=report.reference,
        follow_up_code=follow_up_code(report.id),
        language=report.language,
        is_new=is_new,
    )
