from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest

from aligner.speech.server.operation import logs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes; afterwards the process logs as before."""
    root, ours = logging.getLogger(), logging.getLogger("aligner")
    before = root.handlers, root.level, ours.level
    yield io.StringIO()
    root.handlers, root.level = before[0], before[1]
    ours.setLevel(before[2])


def event(name: str, **fields: object) -> None:
    logging.getLogger("aligner.somewhere").info(name, extra={"event": name, "fields": fields})


def test_a_json_line_has_time_level_and_event_first(stream: io.StringIO) -> None:
    logs.configure(stream, "json")
    event("session_ended", voice="de", audio_seconds=1.5, code=1000)
    line = json.loads(stream.getvalue())
    assert list(line) == ["time", "level", "event", "voice", "audio_seconds", "code"]
    assert (line["level"], line["event"], line["code"]) == ("info", "session_ended", 1000)
    assert line["time"].endswith("+00:00")


def test_a_text_line_is_one_line_with_named_values(stream: io.StringIO) -> None:
    logs.configure(stream)
    event("session_ended", voice="en-gb+f3", path="/a b\n2026 INFO forged", code=1000)
    (line,) = stream.getvalue().splitlines()
    assert line.endswith(r'INFO session_ended voice=en-gb+f3 path="/a b\n2026 INFO forged" code=1000')


@pytest.mark.parametrize("form", logs.FORMATS)
def test_what_a_terminal_would_obey_is_spelt_out(stream: io.StringIO, form: str) -> None:
    logs.configure(stream, form)
    event("http_request", path="/\x9b31m\u2028INFO forged\u202e\x7f\x1b[2J ü")
    (line,) = stream.getvalue().splitlines()
    assert r"/\u009b31m\u2028INFO forged\u202e\u007f\u001b[2J ü" in line
    if form == "json":
        assert json.loads(line)["path"] == "/\x9b31m\u2028INFO forged\u202e\x7f\x1b[2J ü"


@pytest.mark.parametrize("form", logs.FORMATS)
def test_an_exception_is_told_without_its_words(stream: io.StringIO, form: str) -> None:
    logs.configure(stream, form)
    try:
        int("a confidential sentence")
    except ValueError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved\nfuture: a confidential sentence")
    said = stream.getvalue()
    assert "Task exception was never retrieved" in said
    assert "ValueError" in said
    assert "test_logs.py" in said
    assert "confidential" not in said
    assert said.count("\n") == 1


def test_other_libraries_are_heard_from_warnings_on(stream: io.StringIO) -> None:
    logs.configure(stream, level="debug")
    logging.getLogger("websockets.server").debug("> xi-api-key: hidden")
    logging.getLogger("websockets.server").info("connection open")
    assert stream.getvalue() == ""
    logging.getLogger("websockets.server").warning("a warning")
    assert "a warning" in stream.getvalue()


@pytest.mark.parametrize(("level", "heard"), [("debug", True), ("info", True), ("warning", False), ("error", False)])
def test_the_level_says_what_is_heard(stream: io.StringIO, level: str, *, heard: bool) -> None:
    logs.configure(stream, level=level)
    event("session_opened")
    assert bool(stream.getvalue()) == heard


def test_a_record_without_an_exception_has_no_word_of_one(stream: io.StringIO) -> None:
    logs.configure(stream, "json")
    logging.getLogger("aligner").warning("a worker died", exc_info=(None, None, None))
    assert set(json.loads(stream.getvalue())) == {"time", "level", "event", "logger", "message"}
