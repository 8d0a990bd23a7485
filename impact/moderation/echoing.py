"""Cases that tell nearly the same words are one line of the queue: three hundred of them drown no other.

Nothing is decided by it. An echo is a case like any other, is found by words and filters, and comes to the
front as soon as what it echoes was dealt with; nobody who writes nearly the same words takes urgency away.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from impact.incidents.models import Incident, Report
from impact.moderation.casework import Echo
from impact.moderation.sources import is_same_text
from impact.places.names import fold_letters


@dataclass(frozen=True, slots=True)
class Chorus:
    """The cases of a queue that echo one, which is `first` of them: `others` besides the one that is shown,
    `senders` who are known apart among all of them."""

    first: UUID
    others: int
    senders: int


def note_echo(incident: Incident, alike: Iterable[UUID]) -> None:
    """Keep which cases of its organisation, among those that are alike, have nearly the same words: all of
    them echo the earliest."""
    Echo.objects.filter(incident=incident).delete()
    words = _words_of([incident.pk]).get(incident.pk, "")
    others = Incident.objects.filter(pk__in=list(alike), organisation=incident.organisation_id)
    told = _words_of(list(others.values_list("pk", flat=True)))
    same = [pk for pk, text in told.items() if words and is_same_text(words, text)]
    if not same:
        return
    roots = dict(Echo.objects.filter(incident__in=same).values_list("incident", "of"))
    heads = {incident.pk, *(roots.get(pk, pk) for pk in same)}
    first, *later = Incident.objects.filter(pk__in=heads).order_by("received_at", "pk")
    Echo.objects.filter(of__in=later).update(of=first)
    Echo.objects.bulk_create((Echo(incident=case, of=first) for case in later), ignore_conflicts=True)


def without_echoes(waiting: QuerySet[Incident]) -> QuerySet[Incident]:
    """Of cases with nearly the same words only the first that waits here, and any that is more urgent."""
    here = waiting.order_by().prefetch_related(None)
    before = here.filter(pk=OuterRef("echo__of"), urgency__gte=OuterRef("urgency"))
    sooner = Echo.objects.filter(
        of=OuterRef("echo__of"),
        incident__in=here.values("pk"),
        incident__received_at__lt=OuterRef("received_at"),
        incident__urgency__gte=OuterRef("urgency"),
    )
    return waiting.exclude(Q(echo__isnull=False) & (Q(Exists(before)) | Q(Exists(sooner))))


def chorus_of(waiting: QuerySet[Incident], first: UUID) -> QuerySet[Incident]:
    """The cases of a queue that have nearly the words of one, and that one."""
    return waiting.filter(Q(pk=first) | Q(echo__of=first))


def choruses(waiting: QuerySet[Incident], shown: Sequence[Incident]) -> dict[UUID, Chorus]:
    """By the key of a case that is shown: what stands behind it in the queue; two queries at most."""
    first_of = {case.pk: case.echo.of_id if hasattr(case, "echo") else case.pk for case in shown}
    firsts = set(first_of.values())
    here = waiting.order_by().prefetch_related(None).select_related(None)
    together = here.filter(Q(pk__in=firsts) | Q(echo__of__in=firsts))
    members = {pk: of or pk for pk, of in together.values_list("pk", "echo__of")}
    counts = Counter(members.values())
    senders: dict[UUID, set[int]] = {first: set() for first, count in counts.items() if count > 1}
    if senders:
        reports = Report.objects.filter(incident__in=together.values("pk"), reporter__isnull=False)
        for pk, reporter in reports.order_by().values_list("incident", "reporter").distinct():
            senders.get(members.get(pk, pk), set()).add(reporter)
    return {
        pk: Chorus(first, counts[first] - 1, len(senders[first]))
        for pk, first in first_of.items()
        if first in senders
    }


def _words_of(keys: list[UUID]) -> dict[UUID, str]:
    """The words of the first report of each case, folded."""
    words: dict[UUID, str] = {}
    rows = Report.objects.filter(incident__in=keys).order_by("received_at", "pk")
    for key, text in rows.values_list("incident", "text"):
        words.setdefault(key, " ".join(fold_letters(text).split()))
    return words
