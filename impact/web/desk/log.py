"""The log for auditors: filtered, a page at a time, checked on demand, and as a CSV file."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from impact.accounts.models import User
from impact.accounts.permissions import audited_organisations, auditor_required
from impact.ledger.chain import log_head
from impact.ledger.models import Entry, Kind
from impact.moderation.log import first_broken_entry
from impact.moderation.models import Action, Decision
from impact.web.desk.log_words import row_words

PAGE_SIZE = 50
_CHUNK = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class LogRow:
    sequence: int
    recorded_at: datetime
    what: str
    who: str
    subject: str
    details: str
    digest: str
    reason: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # in words, for the page alone


class LogFilter(forms.Form):
    """Narrows the log. What cannot be is ignored: more is shown then, never less."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    actor = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=150)
    subject = forms.CharField(label=gettext_lazy("About"), required=False, max_length=100)
    since = forms.DateField(
        label=gettext_lazy("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, chosen: QueryDict) -> None:
        super().__init__(chosen, label_suffix="")
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 - tells the type checker which field
        kind.choices = [("", _("Everything")), *Kind.choices]

    def narrow(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        self.full_clean()
        chosen = self.cleaned_data
        if kind := chosen.get("kind"):
            entries = entries.filter(Q(kind=kind) | Q(kind__startswith=f"{kind}."))
        if actor := chosen.get("actor"):
            named = Q(username__icontains=actor) | Q(first_name__icontains=actor)
            entries = entries.filter(actor__in=User.objects.filter(named))
        if subject := chosen.get("subject"):
            entries = entries.filter(subject__icontains=subject.strip())
        if since := chosen.get("since"):
            entries = entries.filter(
                recorded_at__gte=datetime(since.year, since.month, since.day, tzinfo=UTC)
            )
        return entries


@auditor_required
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The rows that pass the filter, the latest first. POST walks the whole log: is it whole?"""
    form = LogFilter(request.GET)
    page = Paginator(form.narrow(_entries(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    broken = first_broken_entry() if request.method == "POST" else None
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": rows_of(list(page.object_list), in_words=True),
        "head": log_head(),
        "is_checked": request.method == "POST",
        "broken": broken,
        "query": query.urlencode(),
    }
    return render(request, "desk/log.html", context)


@auditor_required
@require_safe
def log_file(request: HttpRequest) -> StreamingHttpResponse:
    """The rows that pass the filter as CSV, the first row first."""
    entries = LogFilter(request.GET).narrow(_entries(request)).order_by("sequence")
    answer = StreamingHttpResponse(_csv_lines(entries), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="headlamp-log.csv"'
    return answer


def rows_of(entries: Sequence[Entry], *, in_words: bool = False) -> list[LogRow]:
    """Rows of the log: two queries for all of them. `in_words` adds the words of the desk."""
    decisions = Decision.objects.in_bulk([entry.sequence for entry in entries], field_name="sequence")
    return [_row(entry, decisions.get(entry.sequence), in_words) for entry in entries]


def _entries(request: HttpRequest) -> QuerySet[Entry]:
    entries = Entry.objects.select_related("actor", "content").order_by("-sequence")
    audited = audited_organisations(request.user)
    if audited is not None:
        entries = entries.filter(actor__in=User.objects.filter(memberships__organisation__in=audited))
    return entries


def _row(entry: Entry, decision: Decision | None, in_words: bool) -> LogRow:
    reason, facts = row_words(entry, decision) if in_words else ("", ())
    if decision is not None:
        what = str(Action(decision.action).label) if decision.action in Action.values else decision.action
        details = _("erased") if decision.erased_at else _told({"reason": decision.reason, **decision.after})
    else:
        what = str(Kind(entry.kind).label) if entry.kind in Kind.values else entry.kind
        content = getattr(entry, "content", None)
        details = _("erased") if content is None or content.erased_at else _told(content.details)
    return LogRow(
        entry.sequence,
        entry.recorded_at,
        what,
        str(entry.actor) if entry.actor else "",
        entry.subject,
        details,
        entry.digest,
        reason,
        facts,
    )


def _told(details: dict[str, Any]) -> str:
    said = (
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in details.items()
        if value not in ("", None, [], {})
    )
    return "; ".join(said)


def _csv_lines(entries: QuerySet[Entry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(["sequence", "recorded_at", "what", "who", "subject", "details", "digest"])
    for chunk in _chunks(entries):
        for row in rows_of(chunk):
            moment = row.recorded_at.astimezone(UTC).isoformat(timespec="seconds")
            cells = [row.sequence, moment, row.what, row.who, row.subject, row.details, row.digest]
            yield writer.writerow([_cell(cell) for cell in cells])


def _chunks(entries: QuerySet[Entry]) -> Iterator[list[Entry]]:
    last = 0
    while chunk := list(entries.filter(sequence__gt=last)[:_CHUNK]):
        yield chunk
        last = chunk[-1].sequence


def _cell(value: object) -> str:
    # A spreadsheet takes a cell that begins so for a formula.
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Echo:
    """A file that hands each line back."""

    def write(self, line: str) -> str:
        return line

    def writelines(self, lines: Iterable[str]) -> None:
        raise NotImplementedError
