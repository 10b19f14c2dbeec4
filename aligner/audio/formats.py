"""The names of sound formats, as the stream-input protocol spells them in ``output_format``.

Only what aligner can count to the sample is accepted. No sound is touched here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from aligner.audio import opus
from aligner.errors import UsageError

RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
"""The rates that mp3 has (MPEG-1, -2 and -2.5), in samples a second."""

MPEG1_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""Bit rates of layer III from 32 kHz on (ISO 11172-3, table of bit rate indices 1 to 14)."""

MPEG2_KBPS = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Bit rates of layer III below 32 kHz (ISO 13818-3)."""

FIRST_MPEG1_RATE = 32000

G711_RATE = 8000
"""The one rate of G.711."""

FORMATS = (
    "pcm_8000",
    "pcm_16000",
    "pcm_22050",
    "pcm_24000",
    "pcm_44100",
    "mp3_22050_32",
    "mp3_44100_32",
    "mp3_44100_64",
    "mp3_44100_96",
    "mp3_44100_128",
    "mp3_44100_192",
    "ulaw_8000",
    "alaw_8000",
    *(f"opus_48000_{kbps}" for kbps in opus.KBPS),
)
"""What the documented protocol offers; a service may have other rates of PCM and mp3."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One format: ``pcm`` is signed 16-bit little-endian, ``opus`` lies in Ogg, the laws are G.711; all are mono."""

    name: str
    codec: Literal["pcm", "mp3", "ulaw", "alaw", "opus"]
    sample_rate: int
    bit_rate: int | None = None
    """Kilobits a second; ``None`` where each sample has its own bits."""


def parse_format(name: str) -> AudioFormat:
    """Read a name such as ``pcm_22050``, ``mp3_44100_128`` or ``opus_48000_64``.

    Raises:
        UsageError: the name is none that aligner can work with (the message lists the usual ones), or the library
            that it takes is not installed.
    """
    if found := re.fullmatch(r"pcm_([1-9]\d*)", name):
        rate = int(found[1])
        if rate in RATES:
            return AudioFormat(name, "pcm", rate)
    elif found := re.fullmatch(r"mp3_([1-9]\d*)_([1-9]\d*)", name):
        rate, kbps = int(found[1]), int(found[2])
        if rate in RATES and kbps in bit_rates(rate):
            return AudioFormat(name, "mp3", rate, kbps)
    elif name in FORMATS:
        return _listed(name)
    problem = f"unknown sound format {name!r}"
    raise UsageError(problem, mend=f"choose one of {', '.join(FORMATS)}")


def _listed(name: str) -> AudioFormat:
    """The format of a name that can only be one of the list."""
    if name == "ulaw_8000":
        return AudioFormat(name, "ulaw", G711_RATE)
    if name == "alaw_8000":
        return AudioFormat(name, "alaw", G711_RATE)
    if not opus.available():
        raise UsageError(f"the sound format {name!r} takes a library that is not installed", mend=opus.MEND)
    return AudioFormat(name, "opus", opus.RATE, int(name.rpartition("_")[2]))


def bit_rates(rate: int) -> tuple[int, ...]:
    """The bit rates (kilobits a second) that layer III has at a rate, in the order of their index from 1."""
    return MPEG1_KBPS if rate >= FIRST_MPEG1_RATE else MPEG2_KBPS
