"""A session of the stream-input protocol as a state machine, for both sides, without I/O.

A session is fed the frames that arrived and answers with events; it is asked for the frames to send. It owns no socket,
no loop and no clock, so every rule is tested without them, and client and embedded service cannot drift apart. How the
wire spells things is `aligner.speech.messages`; how frames travel is `stream` and `server`.
"""

from __future__ import annotations

import enum
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from aligner.errors import ConnectionFailed, ProtocolError
from aligner.model import Chunk, Secret, VoiceSettings
from aligner.speech import messages
from aligner.speech.messages import ClientMessage, GenerationConfig
from aligner.speech.refusals import (
    CLOSE_POLICY,
    GENERATION_CHANGED,
    INVALID_MESSAGE,
    SETTINGS_CHANGED,
    Refused,
    refused,
)

if TYPE_CHECKING:
    from aligner.model import Alignment

CLOSE_NORMAL: Final = 1000
DEFAULT_SCHEDULE: Final = (120, 160, 250, 290)
"""Characters buffered before each generation, as the service documents it; the last one repeats."""

DEFAULT_SETTINGS: Final = VoiceSettings(stability=0.5, similarity_boost=0.75, style=0, use_speaker_boost=True, speed=1)
"""What holds for a setting that the first message leaves out, as the service documents it."""


class State(enum.Enum):
    """Where a session stands; both sides walk it downwards and never back."""

    NEW = "new"
    OPEN = "open"
    CLOSING = "closing"
    ENDED = "ended"


# -- what a session is opened with ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first message says: it holds for the whole session."""

    voice_settings: VoiceSettings = VoiceSettings()
    schedule: tuple[int, ...] | None = None
    dictionaries: tuple[tuple[str, str | None], ...] = ()
    key: Secret | None = None


# -- events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """Server side: the first message came."""

    opening: Opening


@dataclass(frozen=True, slots=True)
class TextReceived:
    """Server side: text for the buffer; ``flush`` voices all of it, ``trigger`` what is enough (deprecated)."""

    text: str
    flush: bool = False
    trigger: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """The other side has said all: no text (server side) or no audio (client side) will follow."""


ServerEvent: TypeAlias = Opened | TextReceived | Ended
ClientEvent: TypeAlias = Chunk | Ended


# -- the client's side ------------------------------------------------------------------------------------------------


class ClientSession:
    """One session as the client sees it: ``open``, ``text`` …, ``finish``, while ``receive`` takes what comes back."""

    def __init__(self, opening: Opening) -> None:
        self.state = State.NEW
        self._opening = opening

    def open(self) -> bytes:
        """The first frame: one space, which is not voiced, and everything that holds for the session."""
        self._expect(State.NEW)
        self.state = State.OPEN
        opening = self._opening
        return messages.encode_client(
            ClientMessage(
                text=" ",
                voice_settings=messages.to_wire_settings(opening.voice_settings),
                generation_config=GenerationConfig(list(opening.schedule)) if opening.schedule else None,
                pronunciation_dictionary_locators=[messages.Locator(*pair) for pair in opening.dictionaries] or None,
                xi_api_key=opening.key.reveal() if opening.key else None,
            )
        )

    def text(self, text: str, *, flush: bool = False) -> bytes:
        """A frame with text, joined raw to what was sent before; never empty, for that would close the session."""
        self._expect(State.OPEN)
        if not text:
            raise ValueError("an empty text closes the session: call finish()")
        return messages.encode_client(ClientMessage(text=text, flush=True if flush else None))

    def flush(self) -> bytes:
        """A frame that has everything voiced that was sent, without adding to it; the session goes on."""
        self._expect(State.OPEN)
        return messages.encode_client(ClientMessage(text="", flush=True))

    def keep_alive(self) -> bytes:
        """A frame that resets the service's inactivity clock (20 s by default)."""
        return self.text(" ")

    def finish(self) -> bytes:
        """The frame that asks for the rest and the end."""
        self._expect(State.OPEN)
        self.state = State.CLOSING
        return messages.encode_client(ClientMessage(text=""))

    def receive(self, frame: str | bytes) -> tuple[ClientEvent, ...]:
        """What a frame brings: a chunk, the end, both or (a tolerated empty message) neither.

        Raises:
            ProtocolError: the frame is no message of the protocol.
            SpeechError: the service refused; the subclass says whether another try makes sense.
        """
        message = messages.decode_server(frame)
        if message.error is not None or (message.message is not None and message.audio is None):
            self.state = State.ENDED
            raise refused(_text(message.error), _text(message.message))
        chunk = messages.to_chunk(message)
        events: tuple[ClientEvent, ...] = (chunk,) if _carries(chunk) else ()
        if message.isFinal:
            self.state = State.ENDED
            events += (Ended(),)
        return events

    def closed(self, code: int, reason: str) -> None:
        """The connection is gone; fine after the final message, or by a normal close once all was sent.

        Raises:
            SpeechError: the session was not over; the subclass says whether another try makes sense.
        """
        if self.state is State.ENDED or (self.state is State.CLOSING and code == CLOSE_NORMAL):
            self.state = State.ENDED
            return
        self.state = State.ENDED
        if code == CLOSE_POLICY:
            raise refused("", reason)
        text = f"the service closed the connection before the end (code {code}{': ' if reason else ''}{reason})"
        raise ConnectionFailed(text, mend="run the same command again")

    def _expect(self, state: State) -> None:
        if self.state is not state:
            raise ValueError(f"the session is {self.state.value}, not {state.value}")


def _carries(chunk: Chunk) -> bool:
    return bool(chunk.audio or chunk.alignment or chunk.normalized or chunk.damaged)


def _text(field: object) -> str:
    return "" if field is None else str(field)


# -- the service's side -----------------------------------------------------------------------------------------------


class ServerSession:
    """One session as the service sees it: ``receive`` takes the client's frames, the other methods make answers."""

    def __init__(self) -> None:
        self.state = State.NEW
        self._opening = Opening()

    def receive(self, frame: str | bytes) -> tuple[ServerEvent, ...]:
        """What a frame asks for, in order.

        Raises:
            Refused: the client broke a rule; its refusal is to be sent and the connection closed.
        """
        try:
            message = messages.decode_client(frame)
        except ProtocolError:
            raise Refused(INVALID_MESSAGE) from None
        if self.state is State.NEW:
            return self._open(message)
        if self.state is not State.OPEN:
            return ()
        self._unchanged(message)
        return self._text(message)

    def audio(self, audio: bytes, alignment: Alignment | None, normalized: Alignment | None) -> bytes:
        """An audio message; both alignments ``None`` for a tail."""
        return messages.encode_audio(audio, alignment, normalized)

    def final(self) -> bytes:
        """The message after the last audio; a normal close follows."""
        self.state = State.ENDED
        return messages.encode_final()

    def _open(self, message: ClientMessage) -> tuple[ServerEvent, ...]:
        self.state = State.OPEN
        self._opening = Opening(
            messages.from_wire_settings(message.voice_settings),
            _schedule(message),
            tuple(
                (one.pronunciation_dictionary_id, one.version_id)
                for one in message.pronunciation_dictionary_locators or ()
            ),
            Secret(message.key) if message.key else None,
        )
        # The one space of the first message is not voiced; clients that put text there mean it to be spoken.
        silent = message.text is None or message.text.isspace()
        return (Opened(self._opening),) if silent else (Opened(self._opening), *self._text(message))

    def _unchanged(self, message: ClientMessage) -> None:
        """Settings are those of the first message: equal ones are accepted, others refused (as the service does)."""
        if any(
            value not in (None, first if first is not None else default)
            for value, first, default in zip(
                astuple(messages.from_wire_settings(message.voice_settings)),
                astuple(self._opening.voice_settings),
                astuple(DEFAULT_SETTINGS),
                strict=True,
            )
        ):
            raise Refused(SETTINGS_CHANGED)
        if _schedule(message) not in (None, self._opening.schedule or DEFAULT_SCHEDULE):
            raise Refused(GENERATION_CHANGED)

    def _text(self, message: ClientMessage) -> tuple[ServerEvent, ...]:
        text, flush = message.text, bool(message.flush)
        if text is None and not flush:
            raise Refused(INVALID_MESSAGE)
        if text == "" and not flush:
            self.state = State.CLOSING
            return (Ended(),)
        return (TextReceived(text or "", flush, bool(message.try_trigger_generation)),)


def _schedule(message: ClientMessage) -> tuple[int, ...] | None:
    config = message.generation
    return tuple(config.chunk_length_schedule) if config and config.chunk_length_schedule else None
