from __future__ import annotations

import itertools
import sys
import threading

import numpy as np
import pytest
from fakes.sounds import babble
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.audio import Mp3Encoder, Resampler, encoder, resample
from aligner.audio.frames import scan

SOUND = babble(22050, 1.5)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    marks = [0, *sorted(cut % len(data) for cut in cuts), len(data)]
    return [data[first:last] for first, last in itertools.pairwise(marks)]


@settings(max_examples=20)
@given(st.lists(st.integers(0, len(SOUND)), max_size=12))
def test_an_mp3_does_not_depend_on_where_its_sound_was_cut(cuts: list[int]) -> None:
    whole, cut = Mp3Encoder(22050, 64), Mp3Encoder(22050, 64)
    expected = whole.encode(SOUND) + whole.flush()
    assert b"".join([*map(cut.encode, pieces(SOUND, cuts)), cut.flush()]) == expected


@pytest.mark.parametrize(
    ("rate", "kbps"), [(8000, 16), (16000, 32), (22050, 32), (24000, 64), (44100, 32), (48000, 96)]
)
def test_the_rate_and_the_bit_rate_are_those_asked_for(rate: int, kbps: int) -> None:
    encoder = Mp3Encoder(rate, kbps)
    found = scan(encoder.encode(babble(rate, 1)) + encoder.flush())
    assert {(frame.header.parameters.rate, frame.header.kbps) for frame in found.frames} == {(rate, kbps)}


def test_an_encoder_that_was_given_nothing_gives_nothing() -> None:
    encoder = Mp3Encoder(22050, 64)
    assert encoder.encode(b"") == encoder.encode(b"\0") == encoder.flush() == b""


def test_encoders_run_in_threads() -> None:
    made: list[bytes] = []

    def work() -> None:
        encoder = Mp3Encoder(22050, 64)
        made.append(encoder.encode(SOUND) + encoder.flush())

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    assert len(set(made)) == 1


@settings(max_examples=20)
@given(st.lists(st.integers(0, len(SOUND)), max_size=12), st.sampled_from([8000, 16000, 44100]))
def test_resampling_does_not_depend_on_cuts(cuts: list[int], rate: int) -> None:
    resampler = Resampler(22050, rate)
    assert b"".join([*map(resampler.add, pieces(SOUND, cuts)), resampler.flush()]) == resample(SOUND, 22050, rate)


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 44100, 48000])
def test_resampling_is_exact_in_length_and_keeps_silence_silent(rate: int) -> None:
    assert resample(bytes(2 * 22050), 22050, rate) == bytes(2 * rate)


def test_resampling_does_not_shift() -> None:
    wave = np.zeros(22050, "<i2")
    wave[11025:11027] = 20000
    after = np.frombuffer(resample(wave.tobytes(), 22050, 44100), "<i2")
    assert abs(int(np.argmax(np.abs(after.astype(int)))) - 22051) <= 1


def test_a_sound_of_the_right_rate_stays_as_it_is_but_for_half_a_sample() -> None:
    assert resample(SOUND + b"\0", 22050, 22050) == SOUND


def test_loading_ahead_leaves_nothing_to_be_loaded() -> None:
    encoder.load()
    assert {"lameenc", "soxr", "numpy"} <= set(sys.modules)
