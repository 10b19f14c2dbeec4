from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from fakes.background import running
from fakes.service import service

from aligner.errors import ConnectionFailed, KeyRefused, ProtocolError
from aligner.model import Secret
from aligner.speech import catalogue, engines
from aligner.speech.catalogue import Voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response


async def nobody(_connection: ServerConnection) -> None:
    """No session is held here."""


def answering(
    status: int, body: str, seen: list[str | None] | None = None
) -> Callable[[ServerConnection, Request], Response]:
    def answer(connection: ServerConnection, request: Request) -> Response:
        if seen is not None:
            seen.append(request.headers.get("xi-api-key"))
        response = connection.respond(200, body)
        response.status_code = status
        return response

    return answer


def listed(body: str, status: int = 200, key: Secret | None = None) -> tuple[Voice, ...]:
    with running(service(nobody, answering(status, body))) as url:
        return catalogue.voices(engines.resolve(url, key))


def test_the_services_own_list_is_read() -> None:
    body = {
        "voices": [
            {"voice_id": "a", "name": "Anna", "labels": {"language": "de", "age": None}, "category": "premade"},
            {"voice_id": "b", "name": None, "labels": None},
        ]
    }
    assert listed(json.dumps(body)) == (Voice("a", "Anna", "de"), Voice("b", "", ""))


def test_the_key_goes_along_in_the_header() -> None:
    seen: list[str | None] = []
    with running(service(nobody, answering(200, '{"voices": []}', seen))) as url:
        assert catalogue.voices(engines.resolve(url, Secret("k3y"))) == ()
    assert seen == ["k3y"]


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"voices": 7}', '{"voices": [{}]}'])
def test_what_is_no_list_is_said(body: str) -> None:
    with pytest.raises(ProtocolError, match="no list of voices"):
        listed(body)


def test_a_refusal_is_the_same_as_for_speech() -> None:
    with pytest.raises(KeyRefused):
        listed('{"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}', 401)


def test_a_redirect_is_not_followed() -> None:
    with pytest.raises(Exception, match="HTTP 302"):
        listed("", 302)


def test_nobody_there_is_said() -> None:
    with pytest.raises(ConnectionFailed):
        catalogue.voices(engines.resolve("ws://127.0.0.1:1"))
