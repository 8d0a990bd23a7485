"""Filling a template with place, day, number and who did it, and spelling it as people do on a keypad."""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from impact.demo.scenery import Phrasebook, Template
from impact.vocabulary import Perpetrator

OLDEST_DAYS = 24  # how long after it happened somebody still writes


@dataclass(frozen=True, slots=True)
class Message:
    """A text and what is true of it: the day when it happened, who did it, how many people."""

    text: str
    occurred_on: date
    perpetrator: Perpetrator
    count: int


def write_message(
    template: Template,
    book: Phrasebook,
    place: str,
    forces: tuple[Perpetrator, ...],
    sent_on: date,
    random: Random,
) -> Message:
    """One message of a template, sent on a day. `forces` are those who are around at the place."""
    occurred_on = sent_on - timedelta(days=_days_before(random))
    around = [force for force in template.by if force in forces] or list(template.by)
    perpetrator = random.choice(around) if around else template.perpetrator
    count = random.choice((2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8, 9, 11, 12, 15))
    text = template.text.format(
        place=place,
        day=_day_in_words(occurred_on, sent_on, book, random),
        n=count,
        who=random.choice(book.who[perpetrator]) if template.by else "",
    )
    return Message(_as_typed(text[0].upper() + text[1:], place, random), occurred_on, perpetrator, count)


def _days_before(random: Random) -> int:
    return random.choice((0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6, random.randint(8, OLDEST_DAYS)))


def _day_in_words(occurred_on: date, sent_on: date, book: Phrasebook, random: Random) -> str:
    days = (sent_on - occurred_on).days
    words = book.days
    if days == 0:
        return str(random.choice(words["today"]))
    if days == 1:
        return str(random.choice(words["yesterday"]))
    if days == 2:
        return str(random.choice(words["before_yesterday"]))
    if days < 7:
        return str(words["weekday"]).format(weekday=words["weekdays"][occurred_on.weekday()])
    monday = sent_on - timedelta(days=sent_on.weekday() + 7)
    if monday <= occurred_on < monday + timedelta(days=7) and random.random() < 0.7:
        return str(random.choice(words["last_week"]))
    return str(words["date"]).format(day=occurred_on.day, month=words["months"][occurred_on.month - 1])


def _as_typed(text: str, place: str, random: Random) -> str:
    """Capitals, accents and full stops go first when someone types with a thumb."""
    if random.random() < 0.35:
        text = text.lower()
    if random.random() < 0.4:
        decomposed = unicodedata.normalize("NFD", text)
        text = unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
    if random.random() < 0.12:
        text = text.replace(", ", " ")
    if random.random() < 0.06 and place in text and len(place) > 6:
        slip = random.randrange(2, len(place) - 2)
        text = text.replace(place, place[:slip] + place[slip + 1 :])
    return text
