"""The Info frame: one silent frame in front of an mp3 that says how long it is and what the encoder added.

With it a player trims the encoder's delay, so that sample *n* is heard at exactly *n*, and seeks by its table. Layout:
the LAME tag specification (gabriel.mp3-tech.org/mp3infotag.html), version 3.100.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastcrc import crc16

from aligner.audio.formats import bit_rates
from aligner.audio.frames import DELAY, Header, read_header

_ALL_FIELDS = 0xF
_TABLE_ENTRIES = 100
_INFO_BYTES = 120
_LAME_BYTES = 36
_ENCODER = b"LAME3.100"
_CONSTANT_BIT_RATE = 1
_UNCHECKED = 1


@dataclass(frozen=True, slots=True)
class Stream:
    """What an Info frame tells of the frames behind it."""

    frames: int
    size: int
    """Bytes, without the Info frame."""
    padding: int
    """Samples to be trimmed from the end, as an encoder counts them (the decoder's own 529 are among them)."""
    checksum: int
    """CRC-16/ARC of those bytes."""
    marks: tuple[int, ...]
    """Where evenly spaced frames begin, in bytes behind the Info frame; the first is 0."""
    constant: bool = True
    """All frames have the same bit rate."""


def info_header(like: Header, four: bytes) -> bytes:
    """The header of an Info frame for a stream whose first frame has the header ``four``.

    It has the same parameters, no checksum and no padding, and the lowest bit rate whose frame holds all fields.
    """
    rates = bit_rates(like.parameters.rate)
    wanted = 4 + like.parameters.side + _INFO_BYTES + _LAME_BYTES
    for index, _ in enumerate(rates, start=1):
        candidate = bytes((four[0], four[1] | _UNCHECKED, index << 4 | four[2] & 0b1100, four[3] & 0b11001111))
        header = read_header(candidate)
        if header is not None and header.size >= wanted:
            return candidate
    return candidate


def info_frame(four: bytes, stream: Stream) -> bytes:
    """The whole frame, for the header made by ``info_header``."""
    header = read_header(four)
    if header is None:
        message = "not a header of layer III"
        raise ValueError(message)
    total = header.size + stream.size
    table = _seek_table(stream.marks, header.size, total)
    fields = b"".join(
        (
            b"Info" if stream.constant else b"Xing",
            _ALL_FIELDS.to_bytes(4, "big"),
            stream.frames.to_bytes(4, "big"),
            min(total, 0xFFFFFFFF).to_bytes(4, "big"),
            table,
            (0).to_bytes(4, "big"),
            _ENCODER,
            bytes((_CONSTANT_BIT_RATE if stream.constant else 0, 0)),
            bytes(8),
            bytes((0, min(255, header.kbps))),
            (DELAY << 12 | stream.padding).to_bytes(3, "big"),
            bytes(4),
            min(total, 0xFFFFFFFF).to_bytes(4, "big"),
            stream.checksum.to_bytes(2, "big"),
        )
    )
    front = four + bytes(header.parameters.side) + fields
    return (front + crc16.arc(front).to_bytes(2, "big")).ljust(header.size, b"\0")


def _seek_table(marks: tuple[int, ...], first: int, total: int) -> bytes:
    """For each hundredth of the time, how far it lies in the file, in 256ths."""
    steps = [*marks, total - first]
    return bytes(
        min(255, (first + _between(steps, entry / _TABLE_ENTRIES * (len(steps) - 1))) * 256 // total)
        for entry in range(_TABLE_ENTRIES)
    )


def _between(steps: list[int], position: float) -> int:
    at = int(position)
    return steps[at] + int((steps[at + 1] - steps[at]) * (position - at))
