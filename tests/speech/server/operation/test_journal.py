from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from aligner.model import Alignment
from aligner.speech.address import Address
from aligner.speech.refusals import INVALID_KEY
from aligner.speech.server.operation import journal
from aligner.speech.server.operation.journal import FIRST_BYTE, Journal
from aligner.speech.server.speaking import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "A confidential sentence. "
MESSAGE = Message(b"1234", Alignment(("A", " "), (0, 500_000), (500_000, 250_000)))
TAIL = Message(b"56")


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG, "aligner"):
        yield caplog


def events(log: pytest.LogCaptureFixture, name: str) -> list[dict[str, Any]]:
    return [vars(record)["fields"] for record in log.records if record.getMessage() == name]


def test_a_session_is_told_from_its_opening_to_its_end(log: pytest.LogCaptureFixture) -> None:
    time = Time()
    book = Journal(time)
    address = Address("de", model_id="eleven_flash_v2", output_format="pcm_22050", single_use_token="t0ken")  # noqa: S106 - made up
    with book.session(address, request_id="r1") as record:
        time.now = 1.0
        record.generation(TEXT)
        time.now = 1.02
        record.sent(MESSAGE)
        time.now = 3.0
        record.sent(TAIL)
        record.closed(1000)
    (opened,) = events(log, "session_opened")
    assert opened == {
        "request_id": "r1",
        "endpoint": "stream-input",
        "voice": "de",
        "model": "eleven_flash_v2",
        "format": "pcm_22050",
    }
    (ended,) = events(log, "session_ended")
    assert ended == {
        "request_id": "r1",
        "endpoint": "stream-input",
        "voice": "de",
        "model": "eleven_flash_v2",
        "format": "pcm_22050",
        "outcome": "done",
        "code": 1000,
        "characters": len(TEXT),
        "generations": 1,
        "audio_seconds": 0.75,
        "audio_bytes": 6,
        "first_byte_ms": 20.0,
        "duration_ms": 3000,
    }


def test_a_session_is_counted() -> None:
    time = Time()
    book = Journal(time)
    with book.session(Address("de")) as record:
        assert book.counts.open == 1
        record.generation(TEXT)
        record.generation("More. ")
        time.now = 0.03
        record.sent(MESSAGE)
        record.sent(TAIL)
    counts = book.counts
    assert (counts.open, counts.generations, counts.characters) == (0, 2, len(TEXT) + 6)
    assert (counts.audio, counts.audio_bytes) == (750_000, 6)
    assert counts.sessions == {"done": 1}
    assert counts.first_byte[FIRST_BYTE.index(0.035)] == sum(counts.first_byte) == 1
    assert counts.first_byte_seconds == pytest.approx(0.03)


def test_the_first_byte_is_counted_once_and_only_if_there_was_one() -> None:
    book = Journal(Time())
    with book.session(Address("de")):
        pass
    with book.session(Address("de")) as record:
        record.generation(TEXT)
        record.sent(Message(b"", MESSAGE.alignment))
    assert sum(book.counts.first_byte) == 0


def test_what_takes_longer_than_all_buckets_is_in_the_last() -> None:
    time = Time()
    book = Journal(time)
    with book.session(Address("de")) as record:
        record.generation(TEXT)
        time.now = 60
        record.sent(MESSAGE)
    assert book.counts.first_byte[-1] == 1


def test_a_refusal_is_told_by_its_name(log: pytest.LogCaptureFixture) -> None:
    book = Journal()
    with book.session(Address("de")) as record:
        record.refused(INVALID_KEY)
        record.closed(1008)
    (ended,) = events(log, "session_ended")
    assert (ended["outcome"], ended["error"], ended["code"]) == ("refused", "invalid_api_key", 1008)
    assert book.counts.sessions == {"refused": 1}


@pytest.mark.parametrize(("error", "outcome"), [(ValueError("secret"), "failed"), (KeyboardInterrupt(), "stopped")])
def test_an_error_that_nobody_expected_is_an_outcome_too(
    log: pytest.LogCaptureFixture, error: BaseException, outcome: str
) -> None:
    book = Journal()
    with pytest.raises(type(error)), book.session(Address("de")):
        raise error
    (ended,) = events(log, "session_ended")
    assert (ended["outcome"], ended["error"]) == (outcome, type(error).__name__)
    assert book.counts.sessions == {outcome: 1}
    assert book.counts.open == 0


def test_text_is_shown_at_debug_level_only_and_not_where_the_client_forbids_it(log: pytest.LogCaptureFixture) -> None:
    book = Journal()
    for allowed in (True, False):
        with book.session(Address("de", enable_logging=allowed)) as record:
            record.generation(TEXT)
    shown, hidden = events(log, "generation")
    assert shown["text"] == TEXT
    assert "text" not in hidden
    assert hidden["characters"] == len(TEXT)
    assert all("confidential" not in str(vars(record)) for record in log.records if record.levelno > logging.DEBUG)


def test_a_request_is_told_without_its_query(log: pytest.LogCaptureFixture) -> None:
    book = Journal()
    book.request("/v1/voices", 200, "/v1/voices?single_use_token=t0ken", "r2", 0.0123)
    book.request("other", 404, "/" + "x" * 1000)
    first, second = events(log, "http_request")
    assert first == {
        "request_id": "r2",
        "endpoint": "/v1/voices",
        "path": "/v1/voices",
        "status": 200,
        "duration_ms": 12,
    }
    assert len(second["path"]) == 200
    assert book.counts.requests == {("/v1/voices", 200): 1, ("other", 404): 1}


def test_what_machines_ask_for_all_the_time_is_not_told_at_info_level(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "aligner"):
        Journal().request("/health", 200, "/health")
    assert caplog.records == []


def test_request_ids_differ() -> None:
    assert len({journal.new_id() for _ in range(100)}) == 100
