"""One client's session, with its socket: text comes in while speech goes out.

Three tasks side by side: one listens and buffers, one has the workers speak the generations a little ahead, one sends
what they spoke, in order. A client that reads slowly holds back its own session and nobody else's. The rules are
`aligner.speech.protocol`'s; nothing here writes text or keys to a log.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from websockets.exceptions import ConnectionClosed

from aligner.errors import EngineError
from aligner.speech.protocol import CLOSE_NORMAL, Ended, Opened, ServerSession, TextReceived
from aligner.speech.refusals import Refusal, Refused, input_timeout
from aligner.speech.server import utterances, voices
from aligner.speech.server.coding import Plain
from aligner.speech.server.pieces import Cutter
from aligner.speech.server.pipe import Job
from aligner.speech.server.terms import Terms, admit, check_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from websockets.asyncio.server import ServerConnection

    from aligner.speech.address import Address
    from aligner.speech.protocol import ServerEvent
    from aligner.speech.server.coding import Coder
    from aligner.speech.server.pieces import Piece
    from aligner.speech.server.pipe import Spoken
    from aligner.speech.server.pool import Pool

AHEAD: Final = 2
"""Utterances that are spoken before they can be sent: enough for two cores, few enough to throw away."""

FINAL_PAUSE: Final = 0.01
"""Seconds between the final message and the close (the live service takes 0.75)."""

SEND_PATIENCE: Final = 600.0
"""Seconds after which a client that does not read is given up."""

REFUSAL_PATIENCE: Final = 5.0
"""The same for a client that is being refused."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Utterance:
    text: str
    spoken: asyncio.Task[Spoken | EngineError]


_GENERATION_END: Final = None
_SESSION_END: Final = False


class Session:
    """One connection, from its first message to its close."""

    def __init__(self, connection: ServerConnection, address: Address, pool: Pool, api_key: str | None = None) -> None:
        self._connection = connection
        self._address = address
        self._pool = pool
        self._api_key = api_key
        self._protocol = ServerSession()
        self._generations: asyncio.Queue[str | None] = asyncio.Queue()
        """Due to be spoken; ``None`` when no more will come."""
        self._utterances: asyncio.Queue[_Utterance | bool | None] = asyncio.Queue(AHEAD)
        """Being spoken, in order; also `_GENERATION_END` and `_SESSION_END`."""

    async def run(self) -> None:
        """Serve the session; afterwards the connection is closed, and a client that broke a rule has been told."""
        try:
            await self._serve()
        except* ConnectionClosed:
            _log.info("a client went away before its session was over")
        except* TimeoutError:
            _log.info("a client stopped reading")
        except* Refused as refused:
            await self._refuse(_first(refused))

    async def _serve(self) -> None:
        opened, *others = self._protocol.receive(await self._receive())
        assert isinstance(opened, Opened)  # noqa: S101 - the protocol's first event; for mypy
        key = opened.opening.key
        headers = self._connection.request.headers if self._connection.request else {}
        check_key(self._api_key, headers.get("xi-api-key"), self._address.authorization, key.reveal() if key else None)
        terms = admit(self._address, opened.opening)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(terms, others))
            tasks.create_task(self._speak(terms, tasks))
            tasks.create_task(self._send(terms.coder))

    # -- what comes in ------------------------------------------------------------------------------------------------

    async def _listen(self, terms: Terms, events: Sequence[ServerEvent]) -> None:
        while not self._take(terms, events):
            events = self._protocol.receive(await self._receive())

    def _take(self, terms: Terms, events: Iterable[ServerEvent]) -> bool:
        """Buffer what was said; whether it was the last."""
        for event in events:
            if isinstance(event, TextReceived):
                self._queue(terms, terms.buffer.add(event.text, flush=event.flush, trigger=event.trigger))
            elif isinstance(event, Ended):
                self._queue(terms, terms.buffer.flush())
                self._generations.put_nowait(None)
                return True
        return False

    def _queue(self, terms: Terms, generations: Iterable[str]) -> None:
        for text in generations:
            if problem := voices.unreadable(terms.voice, text):
                raise Refused(Refusal("unsupported_text", problem))
            self._generations.put_nowait(text)

    async def _receive(self) -> bytes:
        """The next frame. The clock counts messages, not sound (protocol, inactivity)."""
        try:
            async with asyncio.timeout(self._address.inactivity_timeout):
                return await self._connection.recv(decode=False)
        except TimeoutError:
            raise Refused(input_timeout(self._address.inactivity_timeout)) from None

    # -- what is spoken -----------------------------------------------------------------------------------------------

    async def _speak(self, terms: Terms, tasks: asyncio.TaskGroup) -> None:
        while (generation := await self._generations.get()) is not None:
            for text in utterances.cut(generation, terms.voice.language):
                manner = terms.manner
                job = Job(text.encode(errors="replace"), manner.voice, manner.rate, manner.pitch, manner.pitch_range)
                # The queue is bounded: this waits until one of the utterances ahead has been sent.
                await self._utterances.put(_Utterance(text, tasks.create_task(self._utter(job))))
            await self._utterances.put(_GENERATION_END)
        await self._utterances.put(_SESSION_END)

    async def _utter(self, job: Job) -> Spoken | EngineError:
        """An error waits for its turn: what was spoken before it is still sent."""
        try:
            return await self._pool.speak(job)
        except EngineError as error:
            return error

    # -- what goes out ------------------------------------------------------------------------------------------------

    async def _send(self, coder: Coder) -> None:
        cutter = Cutter(synced=self._address.sync_alignment)
        while (item := await self._utterances.get()) is not _SESSION_END:
            if isinstance(item, _Utterance):
                spoken = await item.spoken
                if isinstance(spoken, EngineError):
                    raise Refused(Refusal("speech_failed", str(spoken)))
                await self._send_pieces(cutter.add(item.text, array("i", spoken.edges), spoken.sound), coder)
            else:
                await self._send_pieces(cutter.finish(), coder)
        if rest := coder.flush():
            await self._put(self._protocol.audio(rest, None, None))
        await self._put(self._protocol.final())
        await asyncio.sleep(FINAL_PAUSE)
        await self._connection.close(CLOSE_NORMAL)

    async def _send_pieces(self, pieces: Iterable[Piece], coder: Coder) -> None:
        for piece in pieces:
            # An encoder works for milliseconds: other sessions go on meanwhile.
            plain = isinstance(coder, Plain)
            audio = piece.sound if plain else await asyncio.to_thread(coder.encode, piece.sound)
            if audio or piece.alignment:
                await self._put(self._protocol.audio(audio, piece.alignment, piece.normalized))

    async def _put(self, frame: bytes, patience: float | None = None) -> None:
        async with asyncio.timeout(patience or SEND_PATIENCE):
            await self._connection.send(frame, text=True)

    async def _refuse(self, refusal: Refusal) -> None:
        _log.info("refused a client: %s", refusal.error)
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            await self._put(refusal.frame, REFUSAL_PATIENCE)
        await self._connection.close(refusal.code, refusal.reason)


def _first(refused: BaseExceptionGroup[Refused]) -> Refusal:
    error: BaseException = refused
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Refused)  # noqa: S101 - a group of them holds nothing else; for mypy
    return error.refusal
