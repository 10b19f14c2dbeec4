"""PCM to mp3 and from one rate to another, piece by piece: the only place that knows LAME and soxr.

Both are fed pieces cut anywhere and hold back what is not whole. LAME releases the interpreter's lock while it works,
so encoders in threads run side by side.
"""

from __future__ import annotations

SAMPLE = 2
"""Bytes of one sample: signed 16-bit little-endian mono."""

QUALITY = 7
"""LAME's fastest setting; on speech its signal-to-noise ratio is that of 0, at 608 times real time (22.05 kHz)."""


class Mp3Encoder:
    """One mp3 stream at a constant bit rate from mono PCM of the same rate; ``bit_rate`` in kilobits a second."""

    def __init__(self, rate: int, bit_rate: int, quality: int = QUALITY) -> None:
        import lameenc  # noqa: PLC0415 - a compiled library that only a run needs, never `aligner --help`

        self._encoder = lameenc.Encoder()
        self._encoder.silence()
        self._encoder.set_channels(1)
        self._encoder.set_in_sample_rate(rate)
        # Without this LAME lowers the rate by itself at low bit rates, and every count of samples would be wrong.
        self._encoder.set_out_sample_rate(rate)
        self._encoder.set_bit_rate(bit_rate)
        self._encoder.set_quality(quality)
        self._rest = b""
        self._fed = False

    def encode(self, pcm: bytes) -> bytes:
        """The mp3 bytes that are ready after this piece, cut anywhere; half a sample waits for the next piece."""
        pcm = self._rest + pcm if self._rest else pcm
        whole = len(pcm) - len(pcm) % SAMPLE
        self._rest = pcm[whole:]
        if not whole:
            return b""
        self._fed = True
        return bytes(self._encoder.encode(pcm[:whole] if self._rest else pcm))

    def flush(self) -> bytes:
        """The last frames of the stream. Call it once: LAME pads the stream with silence."""
        return bytes(self._encoder.flush()) if self._fed else b""


class Resampler:
    """PCM from one rate to another, exact in length and without a shift."""

    def __init__(self, source_rate: int, target_rate: int) -> None:
        import soxr  # noqa: PLC0415 - brings numpy, which `aligner --help` must not wait for

        self._stream = soxr.ResampleStream(source_rate, target_rate, 1, dtype="float32")
        self._rest = b""

    def add(self, pcm: bytes) -> bytes:
        """The samples that are ready after this piece; a few hundred are held back as the filter needs them."""
        pcm = self._rest + pcm if self._rest else pcm
        whole = len(pcm) - len(pcm) % SAMPLE
        self._rest = pcm[whole:]
        return self._run(pcm[:whole], last=False) if whole else b""

    def flush(self) -> bytes:
        """The rest of the sound; a half sample at its end is dropped."""
        return self._run(b"", last=True)

    def _run(self, pcm: bytes, *, last: bool) -> bytes:
        import numpy as np  # noqa: PLC0415 - see above

        # In floats, as soxr adds noise (dither) to whole numbers, and silence would not stay silent.
        done = self._stream.resample_chunk(np.frombuffer(pcm, dtype="<i2").astype("float32"), last=last)
        return bytes(np.rint(done).clip(-32768, 32767).astype("<i2").tobytes())


def load() -> None:
    """Load LAME and soxr now, and use them once: whoever asks for them first would wait for it."""
    Mp3Encoder(44_100, 128).encode(resample(bytes(SAMPLE), 22_050, 44_100))


def resample(pcm: bytes, source_rate: int, target_rate: int) -> bytes:
    """A whole sound at another rate."""
    if source_rate == target_rate:
        return pcm[: len(pcm) - len(pcm) % SAMPLE]
    resampler = Resampler(source_rate, target_rate)
    return resampler.add(pcm) + resampler.flush()
