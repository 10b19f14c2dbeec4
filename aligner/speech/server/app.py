"""The embedded service: a WebSocket server that speaks the stream-input protocol, and a few plain HTTP answers.

`serve` runs it in any event loop: for one run on a port of its own, or by itself. The session is `session`'s.
"""

from __future__ import annotations

import asyncio
import contextlib
import http
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.server import serve as listen
from websockets.datastructures import Headers
from websockets.http11 import Response

from aligner.errors import ProtocolError, UsageError
from aligner.speech import address as addresses
from aligner.speech.server import voices
from aligner.speech.server.pool import Pool
from aligner.speech.server.session import Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.server import Server, ServerConnection
    from websockets.http11 import Request

MESSAGE_BYTES: Final = 16 << 20
"""The longest message that is read: a document of any size that a person wrote."""

CLOSE_PATIENCE: Final = 60.0
"""Seconds that a client has to read what is left before the connection is cut."""

SHUTDOWN_PATIENCE: Final = 2.0
"""The same when the service itself ends."""

# Without a dialogue of messages: what the live service refuses before the upgrade (protocol, connection).
_UNSUPPORTED_MODELS: Final = "eleven_v"


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """How the service is started."""

    host: str = "127.0.0.1"
    """Loopback unless somebody asks for more."""
    port: int = 0
    """0: any free one."""
    api_key: str | None = None
    """What every client must offer; ``None``: nothing."""
    workers: int | None = None
    """Voice processes; ``None``: one a core."""

    def __repr__(self) -> str:
        """Without the key: it must not reach a log."""
        return f"ServiceOptions({self.host!r}, {self.port})"


@dataclass(frozen=True, slots=True)
class Service:
    """A running service."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """``ws://HOST:PORT``."""
        return f"ws://[{self.host}]:{self.port}" if ":" in self.host else f"ws://{self.host}:{self.port}"


@asynccontextmanager
async def serve(options: ServiceOptions = ServiceOptions()) -> AsyncIterator[Service]:
    """Run the service; at the end of the block it closes its connections and its worker processes.

    Raises:
        UsageError: the host or the port cannot be listened on.
        EngineError: the voices are missing.
    """
    voices.catalogue()
    async with Pool(options.workers) as pool:
        desk = _Desk(pool, options.api_key)
        try:
            server = await listen(
                desk.serve,
                options.host,
                options.port,
                process_request=desk.answer,
                compression=None,  # the sound does not get smaller, only later
                max_size=MESSAGE_BYTES,
                ping_interval=None,  # a client that reads slowly is not dead; the inactivity clock watches the others
                close_timeout=CLOSE_PATIENCE,
                server_header=None,
            )
        except OSError as error:
            problem = f"cannot listen on {options.host}:{options.port} ({error.strerror or error})"
            raise UsageError(problem, mend="choose another --port or --host") from None
        try:
            yield Service(options.host, server.sockets[0].getsockname()[1])
        finally:
            await desk.close(server)


class _Desk:
    """Where connections arrive."""

    def __init__(self, pool: Pool, api_key: str | None) -> None:
        self._pool = pool
        self._api_key = api_key
        self._connections: set[ServerConnection] = set()

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """The answer to an HTTP request; ``None`` lets a session begin."""
        del connection
        path = urlsplit(request.path).path
        if path == "/health":
            return _json(http.HTTPStatus.OK, {"status": "ok"})
        if path in {"/v1/voices", "/v2/voices"}:
            return _json(http.HTTPStatus.OK, {"voices": _listed()})
        try:
            address = addresses.parse(request.path)
        except ProtocolError as error:
            return _refusal(http.HTTPStatus.BAD_REQUEST, "invalid_parameters", error.problem)
        if address is None:
            return _refusal(http.HTTPStatus.NOT_FOUND, "not_found", "There is nothing at this address.")
        if (address.model_id or "").startswith(_UNSUPPORTED_MODELS):
            problem = f"The model {address.model_id} does not work with this WebSocket."
            return _refusal(http.HTTPStatus.BAD_REQUEST, "unsupported_model", problem)
        return None

    async def serve(self, connection: ServerConnection) -> None:
        """One session."""
        address = addresses.parse(connection.request.path) if connection.request else None
        if address is None:
            return
        self._connections.add(connection)
        try:
            await Session(connection, address, self._pool, self._api_key).run()
        finally:
            self._connections.discard(connection)

    async def close(self, server: Server) -> None:
        """No new connections; the open ones are told, and cut if they do not listen."""
        server.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHUTDOWN_PATIENCE):
                await server.wait_closed()
                return
        for connection in self._connections:
            connection.transport.abort()
        await server.wait_closed()


def _listed() -> list[dict[str, Any]]:
    return [
        {"voice_id": voice.voice_id, "name": voice.name, "category": "premade", "labels": {"language": voice.language}}
        for voice in voices.catalogue()
    ]


def _refusal(status: http.HTTPStatus, name: str, message: str) -> Response:
    return _json(status, {"detail": {"status": name, "message": message}})


def _json(status: http.HTTPStatus, content: object) -> Response:
    body = msgspec.json.encode(content)
    headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, body)
