"""What in a text points to a person or to an exact place: text in, findings out; no models, no judgement."""

from impact.understanding.redaction.finding import find_identifying
from impact.understanding.redaction.findings import Finding, Kind
from impact.understanding.redaction.plain import visible_text
from impact.understanding.redaction.unread import find_unread

__all__ = ["Finding", "Kind", "find_identifying", "find_unread", "visible_text"]
