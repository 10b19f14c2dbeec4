"""G.711, the sound of telephones: one byte a sample, µ-law and A-law, by table and exact.

Both laws follow from their decision values (ITU-T G.711, tables 1a and 2a): what lies between two of them has one
code, and is heard as the middle of the two. Only arrays of samples here; formats and messages are others' business.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Law: TypeAlias = Literal["ulaw", "alaw"]

_CODES = 128
"""Codes a sign: eight segments of sixteen steps."""

_BIAS = 33
"""What µ-law adds to a magnitude of 14 bits so that each segment is twice the one before."""


def encode(law: Law, pcm: bytes) -> bytes:
    """One byte for each whole sample of 16-bit PCM; a half sample at the end is dropped."""
    import numpy as np  # noqa: PLC0415 - numpy is loaded where such sound is asked for, never by `aligner --help`

    samples = np.frombuffer(pcm, "<u2", count=len(pcm) // 2)
    return bytes(_codes(law)[samples].tobytes())


def decode(law: Law, data: bytes) -> bytes:
    """16-bit little-endian PCM, one sample for each byte."""
    import numpy as np  # noqa: PLC0415 - see above

    return bytes(_samples(law)[np.frombuffer(data, np.uint8)].tobytes())


@cache
def _edges(law: Law) -> tuple[int, ...]:
    """The decision values of the magnitudes in 16-bit samples: code *n* stands for ``edges[n]`` to ``edges[n + 1]``."""
    steps = [divmod(code, 16) for code in range(_CODES + 1)]
    if law == "ulaw":
        return tuple([((16 + step << segment + 1) - _BIAS) * 4 for segment, step in steps])
    # The first two segments of A-law have steps of one size.
    return tuple([(16 + step << segment - 1 if segment else step) * 16 for segment, step in steps])


@cache
def _samples(law: Law) -> NDArray[np.int16]:
    """The sample of each of the 256 codes."""
    import numpy as np  # noqa: PLC0415 - see above

    edges = np.array(_edges(law))
    middles = (edges[:-1] + edges[1:]) // 2
    samples = np.empty(2 * _CODES, "<i2")
    samples[_bytes(law, negative=False)] = middles
    samples[_bytes(law, negative=True)] = -middles
    return samples


@cache
def _codes(law: Law) -> NDArray[np.uint8]:
    """The code of each of the 65,536 samples, which are taken as numbers without a sign."""
    import numpy as np  # noqa: PLC0415 - see above

    samples = np.arange(1 << 16, dtype="<u2").view("<i2")
    # A negative number mirrors the one below its magnitude (G.191, the ITU's reference code): -1 as 0, -2 as 1.
    magnitudes = np.where(samples < 0, ~samples, samples)
    found = np.minimum(np.searchsorted(np.array(_edges(law)), magnitudes, side="right") - 1, _CODES - 1)
    return np.where(samples < 0, _bytes(law, negative=True)[found], _bytes(law, negative=False)[found])


def _bytes(law: Law, *, negative: bool) -> NDArray[np.uint8]:
    """The bytes of the codes from 0 on: the sign is the top bit, and bits are turned over so that silence has many."""
    import numpy as np  # noqa: PLC0415 - see above

    codes = np.arange(0 if negative else _CODES, _CODES if negative else 2 * _CODES, dtype=np.uint8)
    return codes ^ np.uint8(0x7F if law == "ulaw" else 0x55)
