"""Walking the chain from end to end: any edit, deletion, reorder, insertion or truncation is found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from impact.ledger.chain import LogHead, details_digest, entry_digest
from impact.ledger.models import Content, Entry, Head, Kind

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """The first row that does not follow from the one before, and what is wrong with it."""

    sequence: int
    why: str


@dataclass(frozen=True, slots=True)
class FoundContent:
    """What lies beside a row: the digest of it as it is now, "" where it was erased."""

    digest: str
    matches: bool = True

    @property
    def is_erased(self) -> bool:
        return not self.digest


class ContentSource(Protocol):
    """Where contents lie: `find` by sequences, and `count` of all that there are."""

    def find(self, entries: Sequence[Entry]) -> Mapping[int, FoundContent]: ...

    def count(self) -> int: ...


class DetailsSource:
    """The contents that the ledger keeps itself."""

    def find(self, entries: Sequence[Entry]) -> Mapping[int, FoundContent]:
        contents = Content.objects.filter(pk__in=[entry.pk for entry in entries])
        return {
            content.pk: FoundContent(
                "" if content.erased_at else details_digest(content.salt, content.details)
            )
            for content in contents
        }

    def count(self) -> int:
        return Content.objects.count()


def first_broken_entry(
    sources: Mapping[str, ContentSource], heads: Iterable[LogHead] = ()
) -> BrokenEntry | None:
    """Walk the whole log; None when it is whole, and holds every one of the witnessed `heads`.

    `sources` tells where the contents of a kind lie (by the part before the first full stop); all others
    are the ledger's own.
    """
    return _Walk(sources).first_broken(list(heads))


class _Walk:
    def __init__(self, sources: Mapping[str, ContentSource]) -> None:
        self.sources = {"": DetailsSource(), **sources}
        self.counts = dict.fromkeys(self.sources, 0)
        self.erased: dict[int, None] = {}
        self.last = LogHead(0, "")

    def first_broken(self, heads: Sequence[LogHead]) -> BrokenEntry | None:
        witnessed = {head.sequence: head.digest for head in heads}
        for entries in _chunks():
            contents = self._contents(entries)
            for entry in entries:
                why = self._fault(entry, contents.get(entry.sequence))
                if why is None and witnessed.get(entry.sequence, entry.digest) != entry.digest:
                    why = "a witness wrote another digest down"
                if why is not None:
                    return BrokenEntry(min(entry.sequence, self.last.sequence + 1), why)
                self.last = LogHead(entry.sequence, entry.digest)
        return self._fault_at_the_end(heads)

    def _fault(self, entry: Entry, content: FoundContent | None) -> str | None:
        if entry.sequence != self.last.sequence + 1:
            return f"row {self.last.sequence + 1} is missing"
        if entry.previous_digest != self.last.digest:
            return "it does not follow the row before"
        if content is None:
            return "its contents are missing"
        if content.is_erased:
            self.erased[entry.sequence] = None
        elif content.digest != entry.content_digest:
            return "its contents were altered"
        if not content.matches:
            return "its contents belong to something else"
        if entry.digest != entry_digest(entry):
            return "it was altered"
        self.counts[self._source_of(entry)] += 1
        if entry.kind == Kind.ERASURE and entry.subject.isdigit():
            self.erased.pop(int(entry.subject), None)
        return None

    def _fault_at_the_end(self, heads: Sequence[LogHead]) -> BrokenEntry | None:
        end = Head.objects.filter(id=1).first()
        kept = LogHead(end.sequence, end.digest) if end else LogHead(0, "")
        if kept != self.last:
            return BrokenEntry(self.last.sequence + 1, f"rows are cut off: the head says {kept.sequence}")
        for head in heads:
            if head.sequence > self.last.sequence:
                return BrokenEntry(
                    self.last.sequence + 1, f"rows are cut off: a witness saw {head.sequence} of them"
                )
        for sequence in self.erased:
            return BrokenEntry(sequence, "its contents were erased, and no row says so")
        for name, source in self.sources.items():
            if source.count() != self.counts[name]:
                return BrokenEntry(self.last.sequence + 1, f"there are {name or 'contents'} without a row")
        return None

    def _contents(self, entries: Sequence[Entry]) -> dict[int, FoundContent]:
        found: dict[int, FoundContent] = {}
        for name, source in self.sources.items():
            found |= source.find([entry for entry in entries if self._source_of(entry) == name])
        return found

    def _source_of(self, entry: Entry) -> str:
        name = entry.kind.split(".", 1)[0]
        return name if name in self.sources else ""


def _chunks() -> Iterator[list[Entry]]:
    chunk: list[Entry] = []
    for entry in Entry.objects.order_by("sequence").iterator(chunk_size=_CHUNK):
        chunk.append(entry)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
