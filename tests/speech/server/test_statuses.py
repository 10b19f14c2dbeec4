from __future__ import annotations

import json
from http.client import HTTPResponse
from io import BytesIO
from typing import Any

import pytest

from aligner.speech import refusals
from aligner.speech.refusals import Refusal
from aligner.speech.server import statuses


@pytest.mark.parametrize(
    ("refusal", "code", "name"),
    [
        (refusals.INVALID_KEY, 401, "invalid_api_key"),
        (refusals.quota_exceeded(10, 3, 7), 401, "quota_exceeded"),
        (refusals.unknown_voice("x"), 404, "voice_not_found"),
        (refusals.too_many_requests(2), 429, "too_many_concurrent_requests"),
        (refusals.too_many_characters(9), 400, "max_character_limit_exceeded"),
        (refusals.SYSTEM_BUSY, 503, "system_busy"),
        (refusals.SHUTTING_DOWN, 503, "system_busy"),
        (refusals.INTERNAL, 500, "internal_error"),
        (Refusal("invalid_ssml", "…"), 400, "invalid_ssml"),
    ],
)
def test_every_refusal_has_a_status_and_a_name(refusal: Refusal, code: int, name: str) -> None:
    assert statuses.name(refusal) == name
    assert statuses.status(name) == code


def test_the_body_says_what_and_why() -> None:
    assert json.loads(statuses.body("a", 'b "c"')) == {"detail": {"status": "a", "message": 'b "c"'}}


class Wire:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, *_: Any) -> BytesIO:
        return BytesIO(self._content)


def test_a_whole_answer_can_be_read_by_a_client() -> None:
    answer = HTTPResponse(Wire(statuses.raw("request_timeout", "Too slow: ü.")))  # type: ignore[arg-type]  # it reads a file
    answer.begin()
    assert (answer.status, answer.reason) == (408, "Request Timeout")
    assert answer.getheader("Connection") == "close"
    assert json.loads(answer.read())["detail"]["message"] == "Too slow: ü."
