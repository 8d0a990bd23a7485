"""Learning to read from what moderators settled, and judging whether it was worth learning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from impact.incidents.models import Report
from impact.moderation.models import Action, Decision
from impact.places.gazetteer import Gazetteer
from impact.places.gazetteer_store import current_gazetteer
from impact.understanding.adopted_model import adopted_model
from impact.understanding.facts import Hints, Understanding
from impact.understanding.harm_model import HarmModel, Training
from impact.understanding.harm_training import Settled, fit_harm_model
from impact.understanding.reading import read_text
from impact.vocabulary import Harm, Triage, Verification, theme_of

LEAST_REPORTS = 200
HELD_BACK = 0.25
_SETTLED = (Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED)

Progress = Callable[[int, int], None]


class TooFewReports(Exception):
    """There are not yet reports enough to learn from; the message says how many."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well harms were read: micro-averaged F1 of all, and the share of right main themes, 0 to 1."""

    harms_f1: float
    theme: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A model learnt from the older reports, and how it and the present reading do on the newest."""

    model: HarmModel
    learnt_from: int
    held_back: int
    held_back_since: datetime
    present: Score
    learnt: Score

    @property
    def is_better(self) -> bool:
        """Whether more harms are read right, and not at the price of the themes."""
        return self.learnt.harms_f1 > self.present.harms_f1 and self.learnt.theme >= self.present.theme


@dataclass(frozen=True, slots=True)
class _Example:
    report: Report
    harms: tuple[Harm, ...]


def try_training(*, with_fictional: bool = False, progress: Progress = lambda _done, _all: None) -> Trial:
    """Learn from the older three quarters of the moderated reports and try it on the newest quarter.

    The present reading is that with the adopted model, where there is one. Nothing is stored. Raises
    TooFewReports.
    """
    examples = _examples(with_fictional)
    if len(examples) < LEAST_REPORTS:
        raise TooFewReports(
            f"{len(examples)} moderated reports with a harm; at least {LEAST_REPORTS} are needed to learn "
            "from and to see whether it helped"
        )
    split = round(len(examples) * (1 - HELD_BACK))
    older, newest = examples[:split], examples[split:]
    gazetteer, present = current_gazetteer(), adopted_model()
    settled = []
    for done, example in enumerate(older, start=1):
        found = _read(example, gazetteer, None).harms
        settled.append(Settled(example.report.text, found, example.harms))
        progress(done, len(examples))
    training = Training(timezone.now().date().isoformat(), len(older), len(newest), 0.0, 0.0)
    model = fit_harm_model(settled, training)
    if model is None:
        raise TooFewReports("no harm was told of often enough to learn it")
    by_present, by_learnt = [], []
    for done, example in enumerate(newest, start=len(older) + 1):
        by_present.append(_read(example, gazetteer, present))
        by_learnt.append(_read(example, gazetteer, model))
        progress(done, len(examples))
    before, after = score(by_present, newest), score(by_learnt, newest)
    training = replace(training, f1_before=before.harms_f1, f1_after=after.harms_f1)
    return Trial(
        model=replace(model, training=training),
        learnt_from=len(older),
        held_back=len(newest),
        held_back_since=newest[0].report.received_at,
        present=before,
        learnt=after,
    )


def score(readings: Sequence[Understanding], examples: Sequence[_Example]) -> Score:
    """Compare readings with what moderators settled, example by example."""
    right = said = true = themes = 0
    for reading, example in zip(readings, examples, strict=True):
        found = {harm.harm for harm in reading.harms}
        right += len(found & set(example.harms))
        said += len(found)
        true += len(example.harms)
        themes += bool(reading.harms) and theme_of(reading.harms[0].harm) == theme_of(example.harms[0])
    return Score(harms_f1=2 * right / (said + true), theme=themes / len(examples))


def _examples(with_fictional: bool) -> list[_Example]:
    """Moderated reports, the oldest first: verified, or their harms corrected by hand. The same words once.

    Of an incident with several reports the first: its words are those that the harms were read from.
    """
    corrected = Decision.objects.filter(action=Action.CORRECT, after__has_key="harms").values("incident")
    reports = Report.objects.filter(
        Q(incident__verification__in=_SETTLED) | Q(incident__in=corrected), incident__triage=Triage.TRIAGED
    )
    if not with_fictional:
        reports = reports.filter(is_fictional=False)
    examples: dict[str, _Example] = {}
    seen = set()
    for report in (
        reports.select_related("incident").prefetch_related("incident__harms").order_by("received_at", "pk")
    ):
        harms = tuple(Harm(code) for code in report.incident.harm_codes)
        if harms and report.incident_id not in seen:
            seen.add(report.incident_id)
            examples.setdefault(report.text, _Example(report, harms))
    return list(examples.values())


def _read(example: _Example, gazetteer: Gazetteer, model: HarmModel | None) -> Understanding:
    report = example.report
    hints = Hints(report.received_at, report.sender_country)
    return read_text(report.text, hints, gazetteer, model)
