"""How the service says no over HTTP: the status of each refusal, and the body that explains it. Pure."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aligner.speech.refusals import Refusal

# By the refusals' names (protocol, errors); all others are the client's own: 400.
_STATUSES: Final[Mapping[str, HTTPStatus]] = {
    "invalid_api_key": HTTPStatus.UNAUTHORIZED,
    "needs_authorization": HTTPStatus.UNAUTHORIZED,
    "quota_exceeded": HTTPStatus.UNAUTHORIZED,  # sic: so does the live service
    "origin_not_allowed": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "voice_not_found": HTTPStatus.NOT_FOUND,
    "pronunciation_dictionary_not_found": HTTPStatus.NOT_FOUND,
    "request_timeout": HTTPStatus.REQUEST_TIMEOUT,
    "headers_too_large": HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "too_many_concurrent_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "speech_failed": HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal_error": HTTPStatus.INTERNAL_SERVER_ERROR,
    "system_busy": HTTPStatus.SERVICE_UNAVAILABLE,
}

# What HTTP calls otherwise than the socket.
_NAMES: Final = {"voice_id_does_not_exist": "voice_not_found"}


def name(refusal: Refusal) -> str:
    """The refusal's name over HTTP."""
    return _NAMES.get(refusal.error, refusal.error)


def status(error: str) -> HTTPStatus:
    """The status that goes with a name."""
    return _STATUSES.get(error, HTTPStatus.BAD_REQUEST)


def body(error: str, message: str) -> bytes:
    """The JSON that explains a status."""
    return msgspec.json.encode({"detail": {"status": error, "message": message}})


def raw(error: str, message: str) -> bytes:
    """A whole answer, for a connection that is closed with it."""
    content, code = body(error, message), status(error)
    head = (
        f"HTTP/1.1 {code.value} {code.phrase}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + content
