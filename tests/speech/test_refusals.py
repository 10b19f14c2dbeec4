from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import ConnectionFailed, KeyRefused, ServiceBusy, ServiceRefused, SpeechError
from aligner.speech.refusals import (
    INVALID_KEY,
    Refusal,
    Refused,
    input_timeout,
    refused,
    refused_upgrade,
    unknown_voice,
)


def body(status: str, message: str) -> bytes:
    return json.dumps({"detail": {"status": status, "message": message}}).encode()


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (400, body("unsupported_model", "Model eleven_v3 is not supported"), ServiceRefused),
        (401, body("invalid_api_key", "Invalid API key"), KeyRefused),
        (401, b"", KeyRefused),
        (402, body("quota_exceeded", "No credits"), ServiceRefused),
        (403, b"", KeyRefused),
        (404, b"Not Found", ServiceRefused),
        (422, b'{"detail": [{"loc": ["query", "seed"], "msg": "bad", "type": "int"}]}', ServiceRefused),
        (429, body("too_many_concurrent_requests", "Too many"), ServiceBusy),
        (429, b"", ServiceBusy),
        (500, b"\xff\xfe", ConnectionFailed),
        (503, b"<html>", ConnectionFailed),
    ],
)
def test_an_http_refusal_says_whether_another_try_makes_sense(
    status: int, answer: bytes, kind: type[SpeechError]
) -> None:
    error = refused_upgrade(status, answer)
    assert type(error) is kind
    assert f"HTTP {status}" in str(error)


def test_the_services_own_words_reach_the_reader() -> None:
    error = refused_upgrade(400, body("unsupported_model", "Model eleven_v3 is not supported"))
    assert str(error).endswith("HTTP 400 Model eleven_v3 is not supported; choose another --model")


@given(st.integers(100, 599), st.binary(max_size=300))
def test_any_answer_becomes_an_error(status: int, answer: bytes) -> None:
    assert isinstance(refused_upgrade(status, answer), SpeechError)


@given(st.text(max_size=400))
def test_a_reason_fits_a_close_frame_and_breaks_no_character(message: str) -> None:
    reason = Refusal("error", message.encode(errors="ignore").decode()).reason
    assert len(reason.encode()) <= 123
    assert message.encode(errors="ignore").decode().startswith(reason)


def test_refusals_are_spelt_as_on_the_wire() -> None:
    assert json.loads(INVALID_KEY.frame) == {"message": "Invalid API key", "error": "invalid_api_key", "code": 1008}
    assert unknown_voice("x").message == "A voice with voice_id x does not exist."
    assert "within the timeout of 20 seconds" in input_timeout(20.0).message


def test_a_refused_client_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(Refused(INVALID_KEY)))  # noqa: S301 - our own bytes
    assert error.refusal == INVALID_KEY
    assert str(error) == "Invalid API key"


@pytest.mark.parametrize(
    ("name", "message", "mend"),
    [
        ("pronunciation_dictionary_not_found", "A pronunciation dictionary with id x does not exist.", "--dictionary"),
        ("invalid_ssml", "a tag has no end: <break", "mend the tag"),
    ],
)
def test_what_the_document_or_its_settings_ask_for_in_vain_is_refused_with_a_mend(
    name: str, message: str, mend: str
) -> None:
    error = refused(name, message)
    assert type(error) is ServiceRefused
    assert str(error) == f"the service refused: {message.removesuffix('.')}; {error.mend}"
    assert mend in error.mend
