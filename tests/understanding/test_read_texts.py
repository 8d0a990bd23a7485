import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from impact.incidents.models import Report
from impact.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def koidu() -> None:
    Place.objects.create(
        name="Koidu",
        country="SL",
        longitude=-10.971,
        latitude=8.644,
        radius_m=5000,
        population=80_000,
        source_name="tests",
        source_key="1",
    )


def answers(tmp_path: Path, *lines: str | bytes, **options: str) -> list[dict[str, Any]]:
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n")
    out = io.StringIO()
    call_command("read_texts", str(path), stdout=out, stderr=io.StringIO(), **options)
    return [json.loads(line) for line in out.getvalue().split("\n")[:-1]]


def row(**fields: object) -> str:
    return json.dumps({"received": "2026-11-20T09:00:00Z", **fields})


def test_it_answers_line_by_line_in_order(tmp_path: Path) -> None:
    first, second = answers(
        tmp_path,
        row(id="a", text="soldiers beat 3 men at Koidu yesterday", sender_country="SL"),
        row(id=7, text="hello"),
    )
    assert (first["id"], first["harms"], first["people"]) == ("a", ["injury"], {"injured": 3})
    assert (first["place"]["name"], first["place"]["lat"]) == ("Koidu", 8.644)
    assert first["occurred"] == {"from": "2026-11-19", "to": "2026-11-19"}
    assert (second["id"], second["is_report"]) == (7, False)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("not json", "not JSON"),
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"id": 1}', "text is missing"),
        ('{"id": 1, "text": 5}', "text is not a string"),
        ('{"id": 1, "text": "x", "received": "soon"}', "received is not an ISO 8601 time: soon"),
        ('{"id": 1, "text": "x", "received": "2026-13-45T00:00"}', "received: "),
        ('{"id": 1, "text": "x", "received": "0001-01-01"}', "received is not a time at which"),
        (
            '{"id": 1, "text": "x", "received": "9999-12-31T23:59:59-10:00"}',
            "received is not a time at which",
        ),
        ('{"id": 1, "text": "x", "received": 5}', "received is not a string"),
        ('{"id": 1, "text": "x", "sender_country": 5}', "sender_country is not a string"),
    ],
)
def test_it_answers_a_bad_line_and_goes_on(tmp_path: Path, line: str | bytes, error: str) -> None:
    bad, good = answers(tmp_path, line, row(id="z", text="two dead"))
    assert bad["error"].startswith(error)
    assert good["people"] == {"killed": 2}


def test_it_keeps_the_id_of_a_bad_line(tmp_path: Path) -> None:
    bad, _good = answers(tmp_path, '{"id": "q1"}', row(id=2, text="hello"))
    assert bad == {"id": "q1", "error": "text is missing"}


def test_it_names_wrong_lines_and_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    wrong = row(id=2, text="hello").replace("2026-11-20T09:00:00Z", "two dead")
    path.write_text("\n".join((row(id=1, text="hello"), wrong, "{", row(id=4, text="hello"))))
    said = io.StringIO()
    call_command("read_texts", str(path), stdout=io.StringIO(), stderr=said)
    second, third, last = said.getvalue().splitlines()
    assert second == "line 2: received is not an ISO 8601 time"  # and not what stands there
    assert third.startswith("line 3: not JSON: ")
    assert last == "2 of 4 lines could not be read"


def test_it_ends_with_an_error_where_no_line_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text("{\n" * 60)
    out, said = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="60 of 60 lines could not be read"):
        call_command("read_texts", str(path), stdout=out, stderr=said)
    assert len(out.getvalue().splitlines()) == 60
    assert len(said.getvalue().splitlines()) == 51


def test_it_takes_a_file_of_no_lines_for_right(tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").touch()
    call_command("read_texts", str(tmp_path / "texts.jsonl"))


def test_it_holds_no_line_that_is_longer_than_any_text(tmp_path: Path) -> None:
    long, good = answers(tmp_path, row(id=1, text="x" * 3_000_000), row(id=2, text="two dead"))
    assert long == {"id": None, "error": "longer than 1,048,576 bytes"}
    assert good["people"] == {"killed": 2}


def test_it_splits_at_line_feeds_alone(tmp_path: Path) -> None:
    (only,) = answers(tmp_path, '{"id": 1, "text": "two dead\u2028three hurt\u0085"}')
    assert only["people"] == {"killed": 2, "injured": 3}


def test_it_takes_the_country_given_where_a_line_names_none(tmp_path: Path) -> None:
    lines = [row(id=1, text="Koidu soldiers beat us"), row(id=2, text="koidu beaten", sender_country="CD")]
    first, second = answers(tmp_path, *lines, country="sl")
    assert first["place"]["name"] == "Koidu"
    assert second["place"] is None


@pytest.mark.parametrize("received", ["2026-11-20", "2026-11-20T09:00:00", "2026-11-20T09:00:00+02:00", None])
def test_it_reads_any_iso_time(tmp_path: Path, received: str | None) -> None:
    (answer,) = answers(tmp_path, json.dumps({"id": 1, "text": "beaten on 14/11/2026", "received": received}))
    assert "error" not in answer


def test_it_survives_letters_that_no_file_can_hold(tmp_path: Path) -> None:
    (answer,) = answers(tmp_path, r'{"id": 1, "text": "\ud800 two dead"}')
    assert answer["people"] == {"killed": 2}


def test_it_does_not_escape_letters(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"id": "é", "text": "x"}), encoding="utf-8")
    out = io.StringIO()
    call_command("read_texts", str(path), stdout=out)
    assert '"id": "é"' in out.getvalue()


def test_it_reads_standard_input_and_needs_nothing_else_set_up(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "read_texts", "-"],
        input=row(id=1, text="two dead").encode() + b"\n",
        capture_output=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        timeout=60,
    )
    assert json.loads(done.stdout)["people"] == {"killed": 2}
    assert done.stderr == b""


def test_it_refuses_a_file_that_is_not_there_and_a_country_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.jsonl"):
        call_command("read_texts", str(tmp_path / "nowhere.jsonl"))
    with pytest.raises(CommandError, match="--country"):
        answers(tmp_path, "{}", country="Congo")


def test_it_writes_nothing_to_the_database(tmp_path: Path) -> None:
    answers(tmp_path, row(id=1, text="soldiers beat 3 men at Koidu", sender_country="SL"))
    assert not Report.objects.exists()
