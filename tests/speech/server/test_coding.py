from __future__ import annotations

from array import array
from math import pi, sin

import pytest

from aligner.audio import measure, parse_format
from aligner.speech.refusals import Refused
from aligner.speech.server import coding
from aligner.speech.server.coding import Plain
from aligner.speech.server.espeak import RATE

PCM = ["pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_44100"]
MP3 = ["mp3_22050_32", "mp3_44100_32", "mp3_44100_64", "mp3_44100_96", "mp3_44100_128", "mp3_44100_192"]


def tone(samples: int) -> bytes:
    return array("h", (round(8_000 * sin(2 * pi * 440 * i / RATE)) for i in range(samples))).tobytes()


def coded(output_format: str, sound: bytes, step: int) -> list[bytes]:
    coder = coding.coder(output_format)
    pieces = [coder.encode(sound[i : i + step]) for i in range(0, len(sound), step)]
    return [*pieces, coder.flush()]


@pytest.mark.parametrize("output_format", PCM)
@pytest.mark.parametrize("step", [1_000, 44_100])
def test_pcm_has_the_exact_length_however_it_is_cut(output_format: str, step: int) -> None:
    rate = int(output_format.removeprefix("pcm_"))
    done = b"".join(coded(output_format, tone(RATE * 3), step))
    assert len(done) == rate * 3 * 2


@pytest.mark.parametrize("output_format", PCM[1:])
def test_pcm_is_the_same_sound(output_format: str) -> None:
    rate = int(output_format.removeprefix("pcm_"))
    samples = array("h", b"".join(coded(output_format, tone(RATE), 10_000)))
    middle = [samples[i] - 8_000 * sin(2 * pi * 440 * i / rate) for i in range(rate // 4, rate // 2)]
    assert max(map(abs, middle)) < 80


@pytest.mark.parametrize("output_format", MP3)
def test_mp3_is_one_stream_of_the_right_rate_and_length(output_format: str) -> None:
    wanted = parse_format(output_format)
    pieces = coded(output_format, tone(RATE * 2), 44_100)
    sound = measure(wanted, pieces)
    assert sound.rate == wanted.sample_rate
    assert sound.streams == (0,)
    assert 0 <= sound.samples - 2 * wanted.sample_rate <= 3 * 1_152 + 1_105


def test_the_engines_own_format_is_passed_on() -> None:
    assert isinstance(coding.coder("pcm_22050"), Plain)
    assert coded("pcm_22050", b"abcd", 4) == [b"abcd", b""]


@pytest.mark.parametrize("output_format", [*PCM, *MP3])
def test_silence_of_no_length_is_nothing(output_format: str) -> None:
    assert b"".join(coded(output_format, b"", 1)) == b""


@pytest.mark.parametrize("output_format", ["opus_48000_32", "ulaw_8000", "wav_44100", "mp3_44100_1", "pcm_1", ""])
def test_other_formats_are_refused_by_name(output_format: str) -> None:
    with pytest.raises(Refused) as refused:
        coding.coder(output_format)
    assert refused.value.refusal.error == "unsupported_output_format"
    assert repr(output_format) in refused.value.refusal.message
    assert refused.value.refusal.code == 1008
