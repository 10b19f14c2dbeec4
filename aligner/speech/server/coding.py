"""The sound of a session in the format that the client asked for: one stream, whatever messages it is cut into."""

from __future__ import annotations

from typing import Final, Protocol

from aligner.audio import AudioFormat, Mp3Encoder, OpusEncoder, Resampler, encoder, g711, opus, parse_format, wav
from aligner.errors import UsageError
from aligner.speech.refusals import Refusal, Refused
from aligner.speech.server.voice.espeak import RATE

WAV_RATES: Final = (8_000, 16_000, 22_050, 24_000, 44_100, 48_000)
"""What HTTP has beside the formats of the socket."""

_WAV: Final = {f"wav_{rate}": rate for rate in WAV_RATES}


class Coder(Protocol):
    """From the engine's samples to the bytes of a format. What is held back comes with the next piece."""

    def encode(self, sound: bytes, /) -> bytes:
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


class Encoded:
    """One stream of an encoder, at the engine's rate or another."""

    def __init__(self, rate: int, stream: Coder) -> None:
        self._samples = _samples(rate)
        self._stream = stream

    def encode(self, sound: bytes) -> bytes:
        """The bytes that the encoder has done, cut anywhere."""
        return self._stream.encode(self._samples.encode(sound))

    def flush(self) -> bytes:
        """The last of them."""
        return self._stream.encode(self._samples.flush()) + self._stream.flush()


class Companded:
    """A byte a sample, by one of the laws of G.711; it is only given whole samples."""

    def __init__(self, law: g711.Law) -> None:
        self._law = law

    def encode(self, sound: bytes) -> bytes:
        """As many bytes as there are samples."""
        return g711.encode(self._law, sound)

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""


class Wav:
    """PCM behind the header of a WAV file; what is sent while it is made cannot tell its length (see ``complete``)."""

    def __init__(self, rate: int) -> None:
        self._header = wav.header(rate)

    def encode(self, sound: bytes) -> bytes:
        """The piece, the first behind the header."""
        front, self._header = (self._header, b"") if sound else (b"", self._header)
        return front + sound

    def flush(self) -> bytes:
        """The header alone where there was no sound."""
        return self._header


def warm() -> None:
    """Load what encodes and resamples: at the start of a service, or the first client waits for half a second."""
    encoder.load()
    for law in ("ulaw", "alaw"):
        g711.encode(law, b"")


def coder(output_format: str, *, http: bool = False) -> Coder:
    """The coder of an ``output_format``; ``http`` has WAV beside what the socket has.

    Raises:
        Refused: the embedded service does not have it.
    """
    if http and output_format in _WAV:
        return Encoded(_WAV[output_format], Wav(_WAV[output_format]))
    try:
        wanted = parse_format(output_format)
    except UsageError as error:
        raise Refused(Refusal("unsupported_output_format", str(error))) from None
    return _coder(wanted)


def complete(output_format: str, sound: bytes) -> bytes:
    """A whole answer of HTTP, all that a coder made: where the header of its format tells a length, the true one."""
    if output_format not in _WAV:
        return sound
    return wav.header(_WAV[output_format], len(sound) - wav.HEADER_SIZE) + sound[wav.HEADER_SIZE :]


def _coder(wanted: AudioFormat) -> Coder:
    match wanted.codec:
        case "pcm":
            return _samples(wanted.sample_rate)
        case "ulaw" | "alaw" as law:
            return Encoded(wanted.sample_rate, Companded(law))
        case "opus":
            return Encoded(opus.RATE, OpusEncoder(wanted.bit_rate or 0))
        case "mp3":
            return Encoded(wanted.sample_rate, Mp3Encoder(wanted.sample_rate, wanted.bit_rate or 0))


def _samples(rate: int) -> Coder:
    """The engine's samples at a rate."""
    return Plain() if rate == RATE else Resampled(rate)
