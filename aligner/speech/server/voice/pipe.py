"""What passes between the service and its worker processes: the messages, and how they stand in a pipe.

Imported by both ends and therefore light: a worker must start in a blink.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH: Final = struct.Struct("<I")
"""In front of every message: its length in bytes."""


class Job(msgspec.Struct, frozen=True, array_like=True):
    """One utterance to be spoken."""

    text: bytes
    """UTF-8; about a sentence, at most a few hundred characters."""
    voice: str
    """The library's own name for it."""
    rate: int
    """Words a minute."""
    pitch: int
    pitch_range: int
    volume: int = 100
    """Per cent of the voice's own."""
    sounds: tuple[tuple[int, int, str], ...] = ()
    """Stretches of the text (in code points, ascending) that are said as the IPA given with them."""
    pristine: bool = False
    """Spoken by an engine that has not spoken before: the same job always gives the same bytes."""


class Spoken(msgspec.Struct, frozen=True, array_like=True, tag="spoken"):
    """An utterance as sound, with when each of its code points is heard."""

    sound: bytes
    """16-bit samples at `espeak.RATE`; silence in front is cut away."""
    edges: bytes
    """``array("i")``: code point *i* lasts from the *i*-th sample number to the next; from 0 to the sound's end."""


class Failed(msgspec.Struct, frozen=True, array_like=True, tag="failed"):
    """The utterance cannot be spoken; the worker lives on."""

    problem: str


class Crashed(msgspec.Struct, frozen=True, array_like=True, tag="crashed"):
    """The child that spoke the utterance died of it; the worker lives on."""


Reply: TypeAlias = Spoken | Failed | Crashed

encode_job = msgspec.msgpack.Encoder().encode
encode_reply = msgspec.msgpack.Encoder().encode
decode_job: Callable[[bytes], Job] = msgspec.msgpack.Decoder(Job).decode
decode_reply: Callable[[bytes], Reply] = msgspec.msgpack.Decoder(Reply).decode
