"""The wire: every JSON message of the stream-input protocol as a type, for both directions.

The one place that knows a wire key. What the wire varies in (two spellings of a key, nulls, entries of several
characters, arrays of unequal length) ends here: the rest of aligner sees `aligner.model` values. No socket, no state.
"""

from __future__ import annotations

from operator import add, sub
from typing import Annotated, Any

import msgspec

from aligner import clock
from aligner.errors import ProtocolError
from aligner.model import Alignment, Chunk, VoiceSettings

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Speed = Annotated[float, msgspec.Meta(ge=0.7, le=1.2)]
Threshold = Annotated[int, msgspec.Meta(ge=50, le=500)]
Schedule = Annotated[list[Threshold], msgspec.Meta(min_length=1)]

Milliseconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]

_NULL = msgspec.Raw(b"null")

# Also of what is nested a thousand brackets deep: the decoder gives up on it as Python itself does.
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)


class WireVoiceSettings(msgspec.Struct, omit_defaults=True):
    """How the voice sounds, with the ranges that the service documents."""

    stability: Fraction | None = None
    similarity_boost: Fraction | None = None
    style: Fraction | None = None
    use_speaker_boost: bool | None = None
    speed: Speed | None = None


class GenerationConfig(msgspec.Struct, omit_defaults=True):
    """When the service starts to speak: characters buffered before each generation."""

    chunk_length_schedule: Schedule | None = None


class Locator(msgspec.Struct):
    """One version of a pronunciation dictionary."""

    pronunciation_dictionary_id: str
    version_id: str | None = None


class ClientMessage(msgspec.Struct, omit_defaults=True):
    """What a client sends; any field may be null or absent, unknown ones are ignored."""

    text: str | None = None
    flush: bool | None = None
    try_trigger_generation: bool | None = None
    voice_settings: WireVoiceSettings | None = None
    generation_config: GenerationConfig | None = None
    generator_config: GenerationConfig | None = None
    pronunciation_dictionary_locators: Annotated[list[Locator], msgspec.Meta(max_length=3)] | None = None
    xi_api_key: str | None = None
    xi_api_key_dashed: str | None = msgspec.field(default=None, name="xi-api-key")
    authorization: str | None = None

    @property
    def key(self) -> str | None:
        """The key, under whichever name it came."""
        return self.xi_api_key or self.xi_api_key_dashed or self.authorization

    @property
    def generation(self) -> GenerationConfig | None:
        """The generation settings, under whichever name they came."""
        return self.generation_config or self.generator_config


class WireAlignment(msgspec.Struct):
    """Characters and times; ``charDurationsMs`` is the wire's spelling, ``charsDurationsMs`` some documents'."""

    chars: list[str]
    charStartTimesMs: list[Milliseconds]  # noqa: N815 - the wire's name
    charDurationsMs: list[Milliseconds] | None = None  # noqa: N815 - the wire's name
    charsDurationsMs: list[Milliseconds] | None = None  # noqa: N815 - the documents' name


class ServerMessage(msgspec.Struct):
    """What the service sends: audio with its alignments, the end, or an error."""

    audio: bytes | None = None
    isFinal: bool | None = None  # noqa: N815 - the wire's name
    alignment: msgspec.Raw = _NULL
    normalizedAlignment: msgspec.Raw = _NULL  # noqa: N815 - the wire's name
    error: Any = None
    message: Any = None
    code: Any = None


class _AudioMessage(msgspec.Struct):
    """The service's side of an audio message: all four keys are always there."""

    audio: bytes | None
    isFinal: bool | None  # noqa: N815 - the wire's name
    normalizedAlignment: dict[str, Any] | None  # noqa: N815 - the wire's name
    alignment: dict[str, Any] | None


_encode = msgspec.json.Encoder().encode
_client_decoder = msgspec.json.Decoder(ClientMessage)
_server_decoder = msgspec.json.Decoder(ServerMessage)
_alignment_decoder = msgspec.json.Decoder(WireAlignment | None)


def encode_client(message: ClientMessage) -> bytes:
    """A client's message as a text frame."""
    return _encode(message)


def decode_client(frame: str | bytes) -> ClientMessage:
    """A client's text frame as a message.

    Raises:
        ProtocolError: it is no JSON object, or a field has a wrong type or range.
    """
    try:
        return _client_decoder.decode(frame)
    except _UNREADABLE as error:
        raise ProtocolError(str(error)) from None


def decode_server(frame: str | bytes) -> ServerMessage:
    """A service's text frame as a message.

    Raises:
        ProtocolError: it is no JSON object, or its audio is no base64.
    """
    try:
        return _server_decoder.decode(frame)
    except _UNREADABLE as error:
        raise ProtocolError(f"the service sent a message that cannot be read ({error})") from None


def encode_audio(audio: bytes | None, alignment: Alignment | None, normalized: Alignment | None) -> bytes:
    """The service's audio message; times become whole milliseconds whose sum stays exact."""
    told = _wire(alignment)
    return _encode(_AudioMessage(audio, None, told if normalized is alignment else _wire(normalized), told))


def encode_final() -> bytes:
    """The message that ends a session."""
    return _encode(_AudioMessage(audio=None, isFinal=True, normalizedAlignment=None, alignment=None))


def encode_error(message: str, error: str, code: int) -> bytes:
    """An error message; it has no ``audio`` key."""
    return _encode({"message": message, "error": error, "code": code})


def to_chunk(message: ServerMessage) -> Chunk:
    """What a message brings, with unusable alignments dropped and marked, never the audio."""
    alignment, broken = _alignment(message.alignment)
    normalized, broken_normalized = _alignment(message.normalizedAlignment)
    damaged = (broken or broken_normalized) and alignment is None and normalized is None
    return Chunk(message.audio or b"", alignment, normalized, damaged)


def to_wire_settings(settings: VoiceSettings) -> WireVoiceSettings | None:
    """Voice settings for the first message; ``None`` where all are left to the service."""
    if settings == VoiceSettings():
        return None
    return WireVoiceSettings(
        settings.stability, settings.similarity_boost, settings.style, settings.use_speaker_boost, settings.speed
    )


def from_wire_settings(settings: WireVoiceSettings | None) -> VoiceSettings:
    """Voice settings of a first message; ``None`` where the client left them to the service."""
    if settings is None:
        return VoiceSettings()
    return VoiceSettings(
        settings.stability, settings.similarity_boost, settings.style, settings.use_speaker_boost, settings.speed
    )


def _alignment(raw: msgspec.Raw) -> tuple[Alignment | None, bool]:
    """An alignment and whether one was there but cannot be used; an empty one is none."""
    try:
        wire = _alignment_decoder.decode(raw)
    except _UNREADABLE:
        return None, True
    if wire is None or not wire.chars:
        return None, False
    durations = wire.charDurationsMs if wire.charDurationsMs is not None else wire.charsDurationsMs
    if durations is None or not len(wire.chars) == len(wire.charStartTimesMs) == len(durations):
        return None, True
    if wire.charStartTimesMs != sorted(wire.charStartTimesMs):
        return None, True
    starts = clock.from_milliseconds(wire.charStartTimesMs)
    return Alignment(tuple(wire.chars), starts, clock.from_milliseconds(durations)), False


def _wire(alignment: Alignment | None) -> dict[str, Any] | None:
    """Starts are rounded, durations are what lies between rounded times: contiguous times stay contiguous."""
    if alignment is None:
        return None
    starts = clock.all_to_milliseconds(alignment.starts)
    ends = clock.all_to_milliseconds(map(add, alignment.starts, alignment.durations))
    return {"chars": alignment.characters, "charStartTimesMs": starts, "charDurationsMs": list(map(sub, ends, starts))}
