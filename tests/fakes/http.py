"""The embedded service in a thread of its own, and the plainest HTTP client: one request, all of the answer."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fakes.background import running

from aligner.speech.server.app import serve
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

ONE = ServiceOptions(workers=1)


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[int, str]:
        """The status, and what the body calls it."""
        assert self.headers["content-type"] == "application/json"
        detail = self.json["detail"]
        assert isinstance(detail["message"], str)
        return self.status, detail["status"]


@contextmanager
def served(options: ServiceOptions = ONE) -> Iterator[str]:
    """``http://HOST:PORT`` of a service."""
    with running(_address(options)) as url:
        yield url


@asynccontextmanager
async def _address(options: ServiceOptions) -> AsyncIterator[str]:
    async with serve(options) as service:
        yield f"http://{service.host}:{service.port}"


def ask(
    url: str,
    path: str,
    body: object = None,
    *,
    method: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request; a body that is no bytes goes as JSON."""
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    connection = connected(url)
    try:
        return sent(connection, method or ("GET" if content is None else "POST"), path, content, headers)
    finally:
        connection.close()


def connected(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port)


def sent(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request on a connection that stays open."""
    connection.request(method, path, body, dict(headers or {}))
    answer = connection.getresponse()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def raw(url: str) -> socket.socket:
    """A connection to write bytes to."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0))


def rest(connection: socket.socket) -> bytes:
    """All bytes until the service closes."""
    found = bytearray()
    while data := connection.recv(65536):
        found += data
    return bytes(found)
