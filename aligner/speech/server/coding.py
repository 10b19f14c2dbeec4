"""The sound of a session in the format that the client asked for: one stream, whatever messages it is cut into."""

from __future__ import annotations

from typing import Protocol

from aligner.audio import AudioFormat, Mp3Encoder, Resampler, parse_format
from aligner.errors import UsageError
from aligner.speech.refusals import Refusal, Refused
from aligner.speech.server.espeak import RATE


class Coder(Protocol):
    """From the engine's samples to the bytes of a format. What is held back comes with the next piece."""

    def encode(self, sound: bytes) -> bytes:
        """The bytes that are ready after this piece."""

    def flush(self) -> bytes:
        """The rest; call it once, at the session's end."""


class Plain:
    """The engine's own format: nothing to do."""

    def encode(self, sound: bytes) -> bytes:
        """The piece itself."""
        return sound

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""


class Resampled:
    """PCM at another rate; the length is exact over the session."""

    def __init__(self, rate: int) -> None:
        self._resampler = Resampler(RATE, rate)

    def encode(self, sound: bytes) -> bytes:
        """The samples that the filter has done."""
        return self._resampler.add(sound)

    def flush(self) -> bytes:
        """The last samples."""
        return self._resampler.flush()


class Mp3:
    """One mp3 stream, at the engine's rate or another."""

    def __init__(self, rate: int, bit_rate: int) -> None:
        self._samples: Coder = Plain() if rate == RATE else Resampled(rate)
        self._encoder = Mp3Encoder(rate, bit_rate)

    def encode(self, sound: bytes) -> bytes:
        """The bytes that LAME has done, cut anywhere."""
        return self._encoder.encode(self._samples.encode(sound))

    def flush(self) -> bytes:
        """The last frames."""
        return self._encoder.encode(self._samples.flush()) + self._encoder.flush()


def coder(output_format: str) -> Coder:
    """The coder of an ``output_format``.

    Raises:
        Refused: the embedded service does not have it.
    """
    try:
        wanted = parse_format(output_format)
    except UsageError as error:
        raise Refused(Refusal("unsupported_output_format", str(error))) from None
    return _coder(wanted)


def _coder(wanted: AudioFormat) -> Coder:
    if wanted.bit_rate is not None:
        return Mp3(wanted.sample_rate, wanted.bit_rate)
    return Plain() if wanted.sample_rate == RATE else Resampled(wanted.sample_rate)
