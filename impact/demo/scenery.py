"""The invented material of the demo, from the files beside this one: phrases, places, hard cases."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from impact.vocabulary import Harm, Perpetrator

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "fr", "pt", "sw")


@dataclass(frozen=True, slots=True)
class Template:
    """A message with slots: {place}, {day}, {n} people, {who}."""

    text: str
    harms: tuple[Harm, ...]
    by: tuple[Perpetrator, ...]  # whom {who} can name; empty where the text has no {who}
    perpetrator: Perpetrator  # where the text says it without {who}
    people: str


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """One language's templates, and its words for days and for who did it."""

    language: str
    templates: tuple[Template, ...]
    days: dict[str, Any]
    who: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A producing area from which messages come; `surge` is (from, to) in days ago."""

    area: str
    places: tuple[str, ...]
    languages: tuple[str, ...]
    forces: tuple[Perpetrator, ...]
    weight: int
    surge: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class HardCase:
    key: str
    area: str
    phone: str
    days_ago: int
    text: str
    harms: tuple[Harm, ...]
    perpetrator: Perpetrator
    outcome: str
    channel: str


@cache
def phrasebook(language: str) -> Phrasebook:
    content = _read(f"messages_{language}.toml")
    return Phrasebook(
        language=language,
        templates=tuple(
            Template(
                text=text,
                harms=tuple(map(Harm, group["harms"])),
                by=tuple(map(Perpetrator, group.get("by", ()))),
                perpetrator=Perpetrator(group.get("perpetrator", "unknown")),
                people=group.get("people", ""),
            )
            for group in content["messages"]
            for text in group["texts"]
        ),
        days=content["days"],
        who=content["who"],
    )


@cache
def hot_spots() -> tuple[HotSpot, ...]:
    return tuple(
        HotSpot(
            area=row["area"],
            places=tuple(row["places"]),
            languages=tuple(row["languages"]),
            forces=tuple(map(Perpetrator, row["forces"])),
            weight=row["weight"],
            surge=tuple(row["surge"]) if "surge" in row else None,
        )
        for row in _read("hot_spots.toml")["hot_spots"]
    )


@cache
def hard_cases() -> tuple[HardCase, ...]:
    return tuple(
        HardCase(
            key=row["key"],
            area=row["area"],
            phone=row["phone"],
            days_ago=row["days_ago"],
            text=row["text"].strip(),
            harms=tuple(map(Harm, row.get("harms", ()))),
            perpetrator=Perpetrator(row.get("perpetrator", "unknown")),
            outcome=row.get("outcome", "new"),
            channel=row.get("channel", "sms"),
        )
        for row in _read("hard_cases.toml")["cases"]
    )


@cache
def public_texts() -> dict[str, Any]:
    """By "known" or "unknown" perpetrator, then by harm; "by" has the words for a perpetrator."""
    return _read("public_texts.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
