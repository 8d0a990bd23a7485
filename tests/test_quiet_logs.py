import logging
from io import StringIO

import pytest
from django.test import Client

from impact.quiet_logs import PatternsForAddresses, QuietFormatter


def written_of(raiser: Exception, cause: Exception | None = None) -> str:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(QuietFormatter("%(message)s"))
    logger = logging.Logger("quiet")
    loud = logging.StreamHandler(StringIO())
    logger.addHandler(loud)  # what it makes of the exception is kept with the record
    logger.addHandler(handler)
    try:
        raise raiser from cause
    except Exception:
        logger.exception("it failed")
    return written.getvalue()


def test_a_traceback_tells_where_and_of_what_kind_and_no_words() -> None:
    written = written_of(ValueError("Failing row contains Zephyrine"), KeyError("+243810000001"))
    assert "ValueError" in written
    assert "KeyError" in written
    assert "test_quiet_logs.py" in written
    assert "Zephyrine" not in written
    assert "243810000001" not in written


def test_a_line_about_a_request_has_the_pattern_of_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="django.request")
    Client().delete("/sms/kannel/the-secret-end/")
    Client().get("/nowhere/the-secret-end/")
    assert "/sms/<slug:provider>" in caplog.text or "/sms/<str:provider>" in caplog.text
    assert "no address of ours" in caplog.text
    assert "the-secret-end" not in caplog.text


@pytest.mark.django_db
def test_a_form_that_is_refused_leaves_no_invitation_in_the_log() -> None:
    [console] = [one for one in logging.getLogger().handlers if isinstance(one.formatter, QuietFormatter)]
    assert isinstance(console, logging.StreamHandler)
    before = console.setStream(written := StringIO())
    try:
        Client(enforce_csrf_checks=True).post("/accounts/invitation/Mg/the-secret-end/", {"password": "x"})
    finally:
        console.setStream(before)
    assert "CSRF" in written.getvalue()
    assert "/accounts/invitation/<str:user>/" in written.getvalue()
    assert "the-secret-end" not in written.getvalue()


def test_other_lines_are_let_through_as_they_are() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 1, "%s", ("kept",), None)
    assert PatternsForAddresses().filter(record)
    assert record.getMessage() == "kept"
