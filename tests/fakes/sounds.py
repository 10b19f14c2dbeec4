"""Sounds to encode and decode in tests: speech-like noise, clicks, and an outside decoder that honours Info frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import miniaudio
import numpy as np

from aligner.audio import Mp3Encoder, OpusEncoder

if TYPE_CHECKING:
    from numpy.typing import NDArray


def babble(rate: int, seconds: float, seed: int = 0) -> bytes:
    """Noise that swells and ebbs as syllables do, with silences between: what a bit reservoir feels as speech."""
    time = np.arange(int(rate * seconds)) / rate
    noise = np.convolve(np.random.default_rng(seed).normal(size=len(time)), np.ones(4) / 4, "same")
    swell = np.clip(np.sin(2 * np.pi * 3 * time) + np.sin(2 * np.pi * 0.4 * time), 0, 1) ** 2
    return bytes((noise * swell * 9000).astype("<i2").tobytes())


def clicks(rate: int, seconds: float, every: float = 0.37) -> tuple[bytes, list[int]]:
    """Near silence with clicks in it, and the samples at which they begin."""
    wave = np.random.default_rng(1).normal(0, 8, int(rate * seconds))
    shape = 20000 * np.exp(-np.arange(rate // 250) / (rate / 1000)) * np.where(np.arange(rate // 250) % 2, -1, 1)
    begins = [int(rate * at) for at in np.arange(0.2, seconds - 0.1, every)]
    for begin in begins:
        wave[begin : begin + len(shape)] += shape
    return bytes(wave.astype("<i2").tobytes()), begins


def mp3(rate: int, kbps: int, pcm: bytes) -> bytes:
    """One whole mp3 stream without an Info frame, as a service sends it."""
    encoder = Mp3Encoder(rate, kbps)
    return encoder.encode(pcm) + encoder.flush()


def ogg_opus(kbps: int, pcm: bytes) -> bytes:
    """One whole Ogg Opus stream of 48 kHz, as a service sends it."""
    encoder = OpusEncoder(kbps)
    return encoder.encode(pcm) + encoder.flush()


def play(data: bytes, rate: int) -> NDArray[np.int16]:
    """What a player makes of an mp3 file (dr_mp3)."""
    wanted = miniaudio.SampleFormat.SIGNED16
    decoded = miniaudio.decode(data, output_format=wanted, nchannels=1, sample_rate=rate)
    return np.frombuffer(decoded.samples, "<i2")
