"""What reading a text gives: each conclusion with how sure it is and the letters that it rests on.

Nothing here reads anything. Confidences run from 0 to 1; spans are offsets into the text as sent.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from impact.vocabulary import Harm, Perpetrator, theme_of

HOUR = "hour"
READER_VERSION = "lexicon-1"


class Span(msgspec.Struct, frozen=True, gc=False):
    """Half-open offsets into the text as sent: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HarmFound:
    harm: Harm
    confidence: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A point in WGS 84 degrees and the radius in metres that holds the true place.

    `method` is "gazetteer", "producing_area" or "coordinates"; the ids are those of the gazetteer's
    place or of the producing area that gave the point, where one did. `country` is ISO 3166-1 alpha-2,
    empty when coordinates stand without a country.
    """

    name: str
    country: str
    longitude: float
    latitude: float
    radius_m: float
    method: str
    confidence: float
    spans: tuple[Span, ...]
    place_id: int | None = None
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class VerbatimPlace:
    """A place in a notation that is kept as written, for a person to open.

    `kind` is "what3words" (proprietary, never resolved) or "map_link" (a link that carries no point).
    """

    kind: str
    words: str
    span: Span


@dataclass(frozen=True, slots=True)
class DateFound:
    """First and last day on which it may have happened, local to the sender.

    `precision` is "hour", "day", "week", "month" or "year"; `hour` (0 to 23) is told where it is "hour".
    """

    from_on: date
    to_on: date
    precision: str
    confidence: float
    spans: tuple[Span, ...]
    hour: int | None = None

    @property
    def day_precision(self) -> str:
        """The precision of the days alone, which is all that an incident keeps."""
        return "day" if self.precision == HOUR else self.precision


@dataclass(frozen=True, slots=True)
class PeopleFound:
    """People whom the text counts: `kind` is killed, injured, arrested, displaced or affected."""

    kind: str
    low: int
    high: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PerpetratorFound:
    kind: Perpetrator
    confidence: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before reading: when the text came (aware), from which country, in which language.

    `sender_country` is ISO 3166-1 alpha-2; empty strings mean not known. `usual_points` are where the same
    reporter's earlier reports happened: (longitude, latitude) in WGS 84 degrees.
    """

    received_at: datetime
    sender_country: str = ""
    language: str = ""
    usual_points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that was concluded from one text.

    `harms` has the main one first; `candidates` the best place first, the chosen one included.
    `language` is an ISO 639 code, "und" when it is none that the reader knows.
    """

    language: str
    language_confidence: float
    is_report: bool
    harms: tuple[HarmFound, ...] = ()
    place: PlaceFound | None = None
    candidates: tuple[PlaceFound, ...] = ()
    occurred: DateFound | None = None
    people: tuple[PeopleFound, ...] = ()
    perpetrator: PerpetratorFound | None = None
    reader: str = READER_VERSION
    verbatim_places: tuple[VerbatimPlace, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Everything, spans too, in JSON's own types; `from_json` gives an equal Understanding back."""
        record: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return record

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Understanding":
        """What `to_json` wrote; KeyError, TypeError or ValueError on anything else."""
        occurred, perpetrator = record["occurred"], record["perpetrator"]
        return cls(
            language=record["language"],
            language_confidence=record["language_confidence"],
            is_report=record["is_report"],
            harms=tuple(
                HarmFound(Harm(row["harm"]), row["confidence"], _spans(row)) for row in record["harms"]
            ),
            place=_place(record["place"]) if record["place"] else None,
            candidates=tuple(_place(row) for row in record["candidates"]),
            occurred=DateFound(
                from_on=date.fromisoformat(occurred["from_on"]),
                to_on=date.fromisoformat(occurred["to_on"]),
                precision=occurred["precision"],
                confidence=occurred["confidence"],
                spans=_spans(occurred),
                hour=occurred.get("hour"),
            )
            if occurred
            else None,
            people=tuple(
                PeopleFound(row["kind"], row["low"], row["high"], _spans(row)) for row in record["people"]
            ),
            perpetrator=PerpetratorFound(
                Perpetrator(perpetrator["kind"]), perpetrator["confidence"], _spans(perpetrator)
            )
            if perpetrator
            else None,
            reader=record["reader"],
            # Earlier records have no such key.
            verbatim_places=tuple(
                VerbatimPlace(row["kind"], row["words"], Span(row["span"]["start"], row["span"]["end"]))
                for row in record.get("verbatim_places", ())
            ),
        )

    def to_line(self, line_id: object) -> dict[str, Any]:
        """The line that the command `read_texts` writes; see docs on its format.

        The perpetrator of a text that names none is "unknown", a range of people is its lower bound.
        """
        place, occurred = self.place, self.occurred
        return {
            "id": line_id,
            "language": self.language,
            "is_report": self.is_report,
            "theme": str(theme_of(self.harms[0].harm)) if self.harms else None,
            "harms": [str(found.harm) for found in self.harms],
            "place": {
                "name": place.name,
                "country": place.country or None,
                "lat": round(place.latitude, 6),
                "lon": round(place.longitude, 6),
                "radius_m": round(place.radius_m),
                "method": place.method,
            }
            if place
            else None,
            "occurred": {"from": occurred.from_on.isoformat(), "to": occurred.to_on.isoformat()}
            if occurred
            else None,
            "people": {found.kind: found.low for found in self.people},
            "perpetrator": str(self.perpetrator.kind if self.perpetrator else Perpetrator.UNKNOWN),
            "confidence": {
                "harms": round(self.harms[0].confidence, 2) if self.harms else 0.0,
                "place": round(place.confidence, 2) if place else 0.0,
                "occurred": round(occurred.confidence, 2) if occurred else 0.0,
            },
        }


def _spans(row: dict[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(span["start"], span["end"]) for span in row["spans"])


def _place(row: dict[str, Any]) -> PlaceFound:
    return PlaceFound(**{**row, "spans": _spans(row)})
