"""One client's session, with its socket: text comes in while speech goes out.

Two tasks side by side: one listens and buffers, one sends what is spoken, in order. A client that reads slowly holds
back its own session and nobody else's. The rules are `aligner.speech.protocol`'s; how text becomes speech is
`speaking`'s.
"""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed

from aligner.speech.protocol import CLOSE_NORMAL, Ended, Opened, ServerSession, State, TextReceived
from aligner.speech.refusals import SHUTTING_DOWN, Refused, input_timeout
from aligner.speech.server import speaking
from aligner.speech.server.limits import Allowance, Backlog, Throttle
from aligner.speech.server.operation import faults, journal
from aligner.speech.server.terms import Terms, admit, check_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from websockets.asyncio.server import ServerConnection

    from aligner.speech.address import Address
    from aligner.speech.protocol import Opening, ServerEvent
    from aligner.speech.refusals import Refusal
    from aligner.speech.server.operation.faults import Abort, Action, Close, Stall
    from aligner.speech.server.premises import Premises
    from aligner.speech.server.speaking import Message
    from aligner.speech.server.text.passage import Passage

FINAL_PAUSE: Final = 0.01
"""Seconds between the final message and the close (the live service takes 0.75)."""

SEND_PATIENCE: Final = 600.0
"""Seconds after which a client that does not read is given up."""

REFUSAL_PATIENCE: Final = 5.0
"""The same for a client that is being refused."""


class _BrokenOff(Exception):
    """A fault has ended the session; it never leaves this file."""


class Session:
    """One connection, from its first message to its close."""

    def __init__(self, connection: ServerConnection, address: Address, premises: Premises) -> None:
        limits = premises.options.limits
        self._connection = connection
        self._address = address
        self._premises = premises
        self._protocol = ServerSession()
        self._record = premises.journal.session(address)
        self._faults = premises.faults.session() if premises.faults else None
        self._generations: asyncio.Queue[Passage | None] = asyncio.Queue()
        """Due to be spoken; ``None`` when no more will come."""
        self._under_way = 0
        """Generations that are due and not yet sent to their end."""
        self._retiring = False
        self._throttle = Throttle(limits.frames_per_second)
        self._allowance = Allowance(limits.session_characters)
        self._backlog = Backlog(limits.waiting_characters)

    async def run(self) -> None:
        """Serve the session; afterwards the connection is closed, and a client that broke a rule has been told."""
        with self._record:
            try:
                await self._serve()
            except* ConnectionClosed:
                self._record.over(journal.STOPPED if self._retiring else journal.LEFT)
            except* TimeoutError:
                self._record.over(journal.STALLED)
            except* Refused as refused:
                await self._refuse(_first(refused))
            except* _BrokenOff:
                self._record.over(journal.BROKEN_OFF)
            self._record.closed(self._connection.close_code)

    async def retire(self) -> None:
        """The service is ending: what is under way is spoken to its end, then the connection is closed."""
        self._retiring = True
        if not self._under_way and self._protocol.state in {State.NEW, State.OPEN}:
            await self._connection.close(SHUTTING_DOWN.code, SHUTTING_DOWN.reason)

    async def _serve(self) -> None:
        opened, *others = self._protocol.receive(await self._receive())
        assert isinstance(opened, Opened)  # noqa: S101 - the protocol's first event; for mypy
        self._check(opened.opening)
        terms = admit(self._address, opened.opening, self._premises.stock)
        if self._faults:
            self._premises.journal.log("faults", request_id=self._record.request_id, modes=",".join(self._faults.hit))
            await self._act(self._faults.opening())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(terms, others))
            tasks.create_task(self._send(terms))

    def _check(self, opening: Opening) -> None:
        if self._premises.tokens.redeem(self._address.single_use_token):
            return
        key = opening.key.reveal() if opening.key else None
        headers = self._connection.request.headers if self._connection.request else Headers()
        # A header may stand there twice.
        offered = *headers.get_all("xi-api-key"), *headers.get_all("authorization"), self._address.authorization, key
        check_key(self._premises.options.api_key, *offered)

    # -- what comes in ------------------------------------------------------------------------------------------------

    async def _listen(self, terms: Terms, events: Sequence[ServerEvent]) -> None:
        while not self._take(terms, events):
            await self._backlog.room()
            events = self._protocol.receive(await self._receive())

    def _take(self, terms: Terms, events: Iterable[ServerEvent]) -> bool:
        """Buffer what was said; whether it was the last."""
        for event in events:
            if isinstance(event, TextReceived):
                self._allowance.use(len(event.text))
                self._queue(terms.buffer.add(terms.read(event.text), flush=event.flush, trigger=event.trigger))
            elif isinstance(event, Ended):
                self._queue(terms.buffer.flush())
                self._generations.put_nowait(None)
                return True
        return False

    def _queue(self, generations: Iterable[Passage]) -> None:
        for generation in generations:
            self._premises.quota.use(len(generation.text))
            self._record.generation(generation.text)
            self._backlog.add(len(generation.text))
            self._under_way += 1
            self._generations.put_nowait(generation)

    async def _receive(self) -> bytes:
        """The next frame. The clock counts messages, not sound (protocol, inactivity)."""
        try:
            async with asyncio.timeout(self._address.inactivity_timeout):
                frame = await self._connection.recv(decode=False)
        except TimeoutError:
            raise Refused(input_timeout(self._address.inactivity_timeout)) from None
        await self._throttle.wait()
        return frame

    # -- what goes out ------------------------------------------------------------------------------------------------

    async def _due(self) -> AsyncIterator[Passage]:
        while (generation := await self._generations.get()) is not None:
            yield generation
            self._backlog.done(len(generation.text))

    async def _send(self, terms: Terms) -> None:
        async with aclosing(speaking.speak(self._due(), terms, self._premises.pool, self._premises.gate)) as messages:
            async for message in messages:
                await self._say(message)
        await self._finish(self._protocol.final())

    async def _say(self, message: Message) -> None:
        frame = self._protocol.audio(message.audio, message.alignment, message.normalized)
        if self._faults:
            await self._act(self._faults.message(frame, last=message.last))
        else:
            await self._put(frame)
        self._record.sent(message)
        self._under_way -= message.last
        if self._retiring:
            await self.retire()

    async def _finish(self, frame: bytes) -> None:
        if self._faults:
            await self._act(self._faults.final(frame))
        else:
            await self._put(frame)
        await asyncio.sleep(FINAL_PAUSE)
        await self._connection.close(CLOSE_NORMAL)

    async def _put(self, frame: bytes, patience: float | None = None) -> None:
        async with asyncio.timeout(patience or SEND_PATIENCE):
            await self._connection.send(frame, text=True)

    async def _refuse(self, refusal: Refusal) -> None:
        self._record.refused(refusal)
        self._premises.journal.refused(refusal.error)
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            await self._put(refusal.frame, REFUSAL_PATIENCE)
        await self._connection.close(refusal.code, refusal.reason)

    # -- what goes wrong on purpose -----------------------------------------------------------------------------------

    async def _act(self, actions: Iterable[Action]) -> None:
        for action in actions:
            if isinstance(action, faults.Send):
                await self._put(action.frame)
            elif isinstance(action, faults.Wait):
                await asyncio.sleep(action.seconds)
            elif isinstance(action, faults.Refuse):
                raise Refused(action.refusal)
            else:
                await self._break_off(action)

    async def _break_off(self, action: Abort | Close | Stall) -> None:
        if isinstance(action, faults.Close):
            await self._connection.close(action.code, action.reason)
        elif isinstance(action, faults.Abort):
            self._connection.transport.abort()
        await self._connection.wait_closed()
        raise _BrokenOff


def _first(refused: BaseExceptionGroup[Refused]) -> Refusal:
    error: BaseException = refused
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Refused)  # noqa: S101 - a group of them holds nothing else; for mypy
    return error.refusal
