"""The header that makes a WAV file of PCM (RIFF): of a known length, or of one that only the end will tell."""

from __future__ import annotations

from struct import Struct

_HEADER = Struct("<4sI4s4sIHHIIHH4sI")
_PCM, _MONO, _SAMPLE = 1, 1, 2
_UNKNOWN = 0xFFFFFFFF
"""The size of what is still being made: players then read on to the end (ffmpeg, VLC, browsers)."""

HEADER_SIZE = _HEADER.size


def header(rate: int, size: int | None = None) -> bytes:
    """The 44 bytes before ``size`` bytes of 16-bit mono PCM; ``None`` where the length is not known yet."""
    whole = _UNKNOWN if size is None else size + HEADER_SIZE - 8
    data = _UNKNOWN if size is None else size
    return _HEADER.pack(
        *(b"RIFF", whole, b"WAVE", b"fmt ", 16, _PCM, _MONO, rate, rate * _SAMPLE, _SAMPLE, 8 * _SAMPLE, b"data", data)
    )
