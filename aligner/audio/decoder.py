"""The sound of one session as samples, whatever it came as: what is encoded once for a whole file begins here.

mp3 is never decoded, as it is joined frame by frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aligner.audio import g711, opus
from aligner.audio.encoder import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.audio.formats import AudioFormat


def decode(audio_format: AudioFormat, pieces: Sequence[bytes]) -> bytes:
    """16-bit little-endian mono PCM at the format's rate: as many whole samples as ``measure`` counts.

    Raises:
        AudioError: it is not of the format, or cannot be decoded.
    """
    data = b"".join(pieces)
    match audio_format.codec:
        case "ulaw" | "alaw" as law:
            return g711.decode(law, data)
        case "opus":
            return opus.decode(data)
        case _:
            return data[: len(data) // SAMPLE * SAMPLE]
