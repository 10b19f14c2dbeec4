"""The embedded service: the stream-input protocol and its HTTP relatives on one port.

`serve` runs it in any event loop: for one run on a port of its own, or by itself. A connection comes in by `front`;
a WebSocket's session is `session`'s, plain HTTP is `relatives`'.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from websockets.asyncio.server import serve as listen
from websockets.datastructures import Headers
from websockets.http11 import Response

from aligner.errors import ProtocolError, UsageError
from aligner.speech import address as addresses
from aligner.speech.refusals import SHUTTING_DOWN, Refusal, too_many_requests
from aligner.speech.server import origins, speaking, statuses
from aligner.speech.server.front import Front
from aligner.speech.server.limits import Gate, Quota
from aligner.speech.server.operation.faults import BUSY
from aligner.speech.server.options import ServiceOptions
from aligner.speech.server.origins import ORIGIN_REFUSED
from aligner.speech.server.premises import Premises
from aligner.speech.server.session import Session
from aligner.speech.server.terms import Stock
from aligner.speech.server.text import dictionaries
from aligner.speech.server.voice import presets, voices
from aligner.speech.server.voice.pool import Pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from http import HTTPStatus

    from websockets.asyncio.server import Server, ServerConnection
    from websockets.http11 import Request

    from aligner.speech.server.relatives.site import Site

CLOSE_PATIENCE: Final = 60.0
"""Seconds that a client has to read what is left before the connection is cut."""

SHUTDOWN_PATIENCE: Final = 2.0
"""The same when the service itself ends."""

# Without a dialogue of messages: what the live service refuses before the upgrade (protocol, connection).
_UNSUPPORTED_MODELS: Final = "eleven_v"


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
        UsageError: the host or the port cannot be listened on, or a preset or dictionary cannot be read.
        EngineError: the voices are missing.
    """
    voices.catalogue()
    own = presets.read(options.voices) if options.voices else {}
    stock = Stock(own, dictionaries.load(options.dictionaries) if options.dictionaries else {})
    async with Pool(options.workers, queue=options.limits.queue) as pool:
        gate, quota = Gate(options.max_concurrent), Quota(options.character_limit)
        premises = Premises(options, pool, stock, gate, quota, faults=options.faults)
        desk = _Desk(premises)
        try:
            server = await desk.open()
        except OSError as error:
            problem = f"cannot listen on {options.host}:{options.port} ({error.strerror or error})"
            raise UsageError(problem, mend="choose another --port or --host") from None
        starts = (pool.warm(), desk.relatives.site(), asyncio.to_thread(speaking.load)) if options.ready else ()
        warming = [asyncio.ensure_future(start) for start in starts]
        try:
            yield Service(options.host, server.sockets[0].getsockname()[1])
        finally:
            for start in warming:
                start.cancel()
            await asyncio.gather(*warming, return_exceptions=True)
            await desk.close(server)


class _Desk:
    """Where WebSockets are admitted, and everything is opened and closed."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self.relatives = _Relatives(premises)
        self._front = Front(self.relatives.protocol, premises.options.limits.header_seconds, self._room)
        self._sessions: dict[ServerConnection, Session] = {}

    async def open(self) -> Server:
        """Listen.

        Raises:
            OSError: the address is taken, or none of this machine's.
        """
        options = self._premises.options
        return await listen(
            self.serve,
            options.host,
            options.port,
            create_connection=self._front.connection,  # type: ignore[arg-type]  # documented: a wrapper or a subclass
            process_request=self.answer,
            compression=None,  # the sound does not get smaller, only later
            max_size=options.limits.message_bytes,
            ping_interval=None,  # a client that reads slowly is not dead; the inactivity clock watches the others
            close_timeout=CLOSE_PATIENCE,
            server_header=None,
        )

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """What a request for a WebSocket is answered; ``None`` lets the session begin."""
        del connection
        refusal = SHUTTING_DOWN if self._premises.gate.closed else self._refused(request) or self._on_purpose()
        if refusal is None:
            return None
        name = statuses.name(refusal)
        code, body = statuses.status(name), statuses.body(name, refusal.message)
        self._premises.journal.refused(name)
        self._premises.journal.request("stream-input", code.value, request.path)
        return _json(code, body)

    def _refused(self, request: Request) -> Refusal | None:
        options, gate = self._premises.options, self._premises.gate
        try:
            address = addresses.parse(request.path)
        except ProtocolError as error:
            return Refusal("invalid_parameters", error.problem)
        if address is None:
            return Refusal("not_found", f"There is no WebSocket at {urlsplit(request.path).path}.")
        if not all(origins.allowed(origin, options.allow_origins) for origin in request.headers.get_all("Origin")):
            return ORIGIN_REFUSED
        if (address.model_id or "").startswith(_UNSUPPORTED_MODELS):
            return Refusal("unsupported_model", f"The model {address.model_id} does not work with this WebSocket.")
        return too_many_requests(gate.most) if gate.most is not None and gate.full else None

    def _on_purpose(self) -> Refusal | None:
        faults = self._premises.faults
        return BUSY if faults and faults.upgrade() else None

    async def serve(self, connection: ServerConnection) -> None:
        """One session."""
        address = addresses.parse(connection.request.path) if connection.request else None
        if address is None:
            return
        session = self._sessions[connection] = Session(connection, address, self._premises)
        try:
            await session.run()
        finally:
            del self._sessions[connection]

    async def close(self, server: Server) -> None:
        """No new connections; what is under way ends in time, idle ones are told, and cut if they do not listen."""
        self._premises.gate.close()
        server.close(close_connections=False)
        self._front.close()
        grace = self._premises.options.limits.grace_seconds
        ends = [session.retire() for session in self._sessions.values()]
        ending = [asyncio.ensure_future(end) for end in (server.wait_closed(), self.relatives.close(grace), *ends)]
        if (await asyncio.wait(ending, timeout=grace))[1]:
            await self._cut()
        await asyncio.gather(*ending)

    async def _cut(self) -> None:
        """End what is not over by now."""
        telling = [
            asyncio.create_task(connection.close(SHUTTING_DOWN.code, SHUTTING_DOWN.reason))
            for connection in self._sessions
        ]
        if telling:
            await asyncio.wait(telling, timeout=SHUTDOWN_PATIENCE)
        for connection in list(self._sessions):
            connection.transport.abort()
        await asyncio.gather(*telling)

    def _room(self) -> bool:
        """Whether one more connection is welcome."""
        there = len(self._sessions) + len(self._front.waiting) + self.relatives.connections
        return there < self._premises.options.limits.connections


class _Relatives:
    """Plain HTTP, loaded when it is first asked for: a run on the embedded service never pays for it."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._site: Site | None = None
        self._opening = asyncio.Lock()

    @property
    def connections(self) -> int:
        return self._site.connections if self._site else 0

    async def protocol(self) -> asyncio.Protocol:
        """The other half of a new HTTP connection."""
        return (await self.site()).protocol()

    async def site(self) -> Site:
        """The HTTP side; sessions go on while it loads."""
        async with self._opening:
            if self._site is None:
                kind = await asyncio.to_thread(_site)
                self._site = await kind.opened(self._premises)
        return self._site

    async def close(self, patience: float) -> None:
        """End the requests that are under way."""
        if self._site:
            await self._site.close(patience)


def _site() -> type[Site]:
    from aligner.speech.server.relatives.site import Site  # noqa: PLC0415 - aiohttp takes 0.3 s to load

    return Site


def _json(status: HTTPStatus, body: bytes) -> Response:
    headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, body)
