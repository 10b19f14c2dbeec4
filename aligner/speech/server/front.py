"""The one port: whoever connects says what they want, and gets a WebSocket or plain HTTP.

`websockets` cannot read a request with a body, and an HTTP server would put a layer under every frame. So each
connection waits here until the head of its first request is complete; then the transport, with what has been read, is
the one's or the other's for good. The listening socket, the handshake and the list of open connections stay those of
`websockets` (its documented ``create_connection``); passing a transport on is asyncio's ``set_protocol``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from websockets.asyncio.server import ServerConnection

from aligner.speech.server import statuses

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

HEAD_BYTES: Final = 64 * 1024
"""The longest head of a request."""

LINGER: Final = 1.0
"""Seconds for a refused client to read the answer: cutting it off at once would take the answer with it."""

_END: Final = b"\r\n\r\n"
_BUSY: Final = ("system_busy", "The service has too many connections, please try again.")
_SLOW: Final = ("request_timeout", "The request took too long.")
_LONG: Final = ("headers_too_large", f"The head of the request is longer than {HEAD_BYTES} bytes.")


class Front:
    """Where connections arrive."""

    def __init__(
        self, http: Callable[[], Awaitable[asyncio.Protocol]], patience: float, room: Callable[[], bool]
    ) -> None:
        """``http`` makes the protocol of a plain connection, ``patience`` is the seconds that a head may take."""
        self.http = http
        self.patience = patience
        self.room = room
        self.waiting: set[Doorway] = set()
        """Connections that have not said what they want."""
        self.passing: set[asyncio.Task[None]] = set()

    def connection(self, *arguments: Any, **settings: Any) -> Doorway:  # noqa: ANN401 - those of ServerConnection
        """A new connection: the ``create_connection`` of `websockets`."""
        return Doorway(self, *arguments, **settings)

    def close(self) -> None:
        """Cut those that have not said what they want."""
        for doorway in list(self.waiting):
            doorway.abort()


class Doorway(ServerConnection):
    """A WebSocket connection that may turn out to be none."""

    def __init__(self, front: Front, *arguments: Any, **settings: Any) -> None:  # noqa: ANN401 - as above
        super().__init__(*arguments, **settings)
        self._front = front
        self._head: bytearray | None = bytearray()
        """What has been read; ``None`` once it has been passed on or refused."""
        self._socket = False
        self._timer: asyncio.TimerHandle | None = None
        self._raw: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the head; the session's task does not exist yet."""
        self._raw = cast("asyncio.Transport", transport)
        if not self._front.room():
            self._refuse(*_BUSY)
            return
        self._front.waiting.add(self)
        self._timer = self.loop.call_later(self._front.patience, self._refuse, *_SLOW)

    def data_received(self, data: bytes) -> None:
        """Bytes of the head, of the session, or of a client that is being refused."""
        if self._socket:
            super().data_received(data)
        elif self._head is not None:
            self._read(self._head, data)

    def eof_received(self) -> None:
        """The client sends no more; asyncio closes the connection."""
        if self._socket:
            super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._head = None
        self._wanted()
        if self._socket:
            super().connection_lost(exc)

    def abort(self) -> None:
        """Cut the connection."""
        if self._raw:
            self._raw.abort()

    def _read(self, head: bytearray, data: bytes) -> None:
        """The end may lie across two reads; what was read before them is not searched again."""
        place = max(0, len(head) - len(_END) + 1)
        head += data
        end = head.find(_END, place)
        if max(end, len(head) if end < 0 else 0) > HEAD_BYTES:
            self._refuse(*_LONG)
            return
        if end < 0:
            return
        self._head = None
        self._wanted()
        self._pass_on(bytes(head), end)

    def _pass_on(self, received: bytes, end: int) -> None:
        assert self._raw  # noqa: S101 - data came through it; for mypy
        if upgrades(received[:end]):
            self._socket = True
            super().connection_made(self._raw)
            super().data_received(received)
            return
        self._raw.pause_reading()
        task = self.loop.create_task(self._answer(self._raw, received))
        self._front.passing.add(task)
        task.add_done_callback(self._front.passing.discard)

    async def _answer(self, transport: asyncio.Transport, received: bytes) -> None:
        try:
            protocol = await self._front.http()
        except BaseException:
            transport.abort()
            raise
        if transport.is_closing():
            return
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        # Before the data: the protocol may want to read no further.
        transport.resume_reading()
        protocol.data_received(received)

    def _refuse(self, error: str, message: str) -> None:
        assert self._raw  # noqa: S101 - as above
        self._head = None
        self._wanted()
        self._raw.write(statuses.raw(error, message))
        if self._raw.can_write_eof():
            self._raw.write_eof()
        self.loop.call_later(LINGER, self._raw.abort)

    def _wanted(self) -> None:
        """No longer among those that are waited for."""
        self._front.waiting.discard(self)
        if self._timer:
            self._timer.cancel()


def upgrades(head: bytes) -> bool:
    """Whether the head of a request, without its last empty line, asks for a WebSocket."""
    first, *fields = head.split(b"\r\n")
    if not first.startswith(b"GET "):
        return False
    pairs = (field.partition(b":") for field in fields)
    return any(name.strip().lower() == b"upgrade" and b"websocket" in value.lower() for name, _, value in pairs)
