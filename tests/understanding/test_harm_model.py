import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from impact.places.gazetteer import Gazetteer
from impact.understanding import adopted_model as store
from impact.understanding.facts import Hints
from impact.understanding.harm_model import FEATURES, HarmModel, Training
from impact.understanding.harm_training import Settled, fit_harm_model
from impact.understanding.reading import read_text
from impact.vocabulary import Harm
from tests.builders import NOW

HINTS = Hints(NOW, "SL")
NOWHERE = Gazetteer([])
TRAINING = Training("2026-11-20", 40, 10, 0.5, 0.75)


@pytest.fixture(scope="module")
def model() -> HarmModel:
    """Learnt from a place where "zumbaliki" means that somebody is taken away."""
    names = ("Abu", "Ben", "Cici", "Dan", "Eva", "Foday", "Gina", "Hawa")
    taken = [f"they did zumbaliki to {name} at the pit" for name in names]
    hurt = [f"soldiers beat {name} at the pit" for name in names]
    fouled = [f"the water of {name} is poisoned with oil" for name in names[:7]]
    settled = [
        Settled(text, read_text(text, HINTS, NOWHERE).harms, harms)
        for texts, harms in (
            (taken, (Harm.DISAPPEARANCE,)),
            (hurt, (Harm.INJURY,)),
            (fouled, (Harm.WATER_POLLUTION,)),
        )
        for text in texts
    ]
    learnt = fit_harm_model(settled, TRAINING)
    assert learnt is not None
    return learnt


def test_it_learns_a_word_that_no_lexicon_has(model: HarmModel) -> None:
    text = "last night soldiers did zumbaliki to my brother"
    assert Harm.DISAPPEARANCE not in {found.harm for found in read_text(text, HINTS, NOWHERE).harms}
    read = read_text(text, HINTS, NOWHERE, model)
    assert read.harms[0].harm == Harm.DISAPPEARANCE
    # It shows the word that it learnt.
    assert "zumbaliki" in {text[span.start : span.end] for span in read.harms[0].spans}
    assert "2026-11-20" in read.reader


def test_what_it_never_learnt_stays_as_the_lexicons_have_it(model: HarmModel) -> None:
    text = "the river is poisoned with mercury"
    assert read_text(text, HINTS, NOWHERE, model).harms == read_text(text, HINTS, NOWHERE).harms


def test_what_is_no_report_stays_none(model: HarmModel) -> None:
    assert not read_text("hello", HINTS, NOWHERE, model).is_report
    assert read_text("", HINTS, NOWHERE, model) == read_text("", HINTS, NOWHERE)


def test_too_rare_a_harm_is_not_learnt() -> None:
    assert fit_harm_model([Settled("x y", (), (Harm.KILLING,))] * 7, TRAINING) is None


def test_it_is_read_back_as_it_was_written(model: HarmModel, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "harms.npz"
    model.save(path)
    again = HarmModel.load(path)
    assert (again.harms, again.training) == (model.harms, TRAINING)
    assert np.allclose(again.weights, model.weights, atol=0.01)
    assert [file.name for file in path.parent.iterdir()] == ["harms.npz"]
    text = "last night soldiers did zumbaliki to my brother"
    assert read_text(text, HINTS, NOWHERE, again).harms[0].harm == Harm.DISAPPEARANCE


@pytest.mark.parametrize(
    "change",
    [
        lambda model: replace(model, weights=model.weights[:, :-1]),
        lambda model: replace(model, weights=np.full_like(model.weights, np.nan)),
        lambda model: replace(model, intercepts=model.intercepts[:1]),
    ],
)
def test_a_model_that_does_not_fit_is_refused(model: HarmModel, tmp_path: Path, change: object) -> None:
    path = tmp_path / "harms.npz"
    change(model).save(path)  # type: ignore[operator]
    with pytest.raises(ValueError, match=r"its tables|no numbers"):
        HarmModel.load(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"no model", b"\x80\x04K\x01."])
def test_without_a_model_that_can_be_read_the_lexicons_read(
    content: bytes, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VAR_DIR = tmp_path
    store.look_again()
    assert store.adopted_model() is None
    assert not caplog.records
    store.model_path().parent.mkdir()
    store.model_path().write_bytes(content)
    store.look_again()
    with caplog.at_level(logging.ERROR):
        assert store.adopted_model() is None
    assert "reading without it" in caplog.text


def test_half_a_file_is_refused(model: HarmModel, tmp_path: Path) -> None:
    path = tmp_path / "harms.npz"
    model.save(path)
    whole = path.read_bytes()
    for size in (len(whole) // 3, len(whole) - 30):
        path.write_bytes(whole[:size])
        with pytest.raises(ValueError, match=r"."):
            HarmModel.load(path)
    path.write_bytes(whole[:200] + bytes(200) + whole[400:])
    with pytest.raises(ValueError, match=r"."):
        HarmModel.load(path)


def test_it_is_adopted_and_forgotten(model: HarmModel, settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    store.look_again()
    assert store.adopted_model() is None
    store.adopt_model(model)
    adopted = store.adopted_model()
    assert adopted is not None
    assert adopted.weights.shape == (len(model.harms), FEATURES + len(Harm))
    assert store.forget_model()
    assert store.adopted_model() is None
    assert not store.forget_model()
