from __future__ import annotations

import io
import sys
import wave
from array import array
from math import pi, sin

import pytest

from aligner.audio import measure, opus, parse_format, wav
from aligner.audio.decoder import decode
from aligner.speech.refusals import Refused
from aligner.speech.server import coding
from aligner.speech.server.coding import Plain
from aligner.speech.server.voice.espeak import RATE

PCM = ["pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_44100"]
LAWS = ["ulaw_8000", "alaw_8000"]
OPUS = ["opus_48000_32", "opus_48000_64", "opus_48000_96", "opus_48000_128", "opus_48000_192"]
WAV = ["wav_8000", "wav_16000", "wav_22050", "wav_24000", "wav_44100", "wav_48000"]
MP3 = ["mp3_22050_32", "mp3_44100_32", "mp3_44100_64", "mp3_44100_96", "mp3_44100_128", "mp3_44100_192"]


def tone(samples: int) -> bytes:
    return array("h", (round(8_000 * sin(2 * pi * 440 * i / RATE)) for i in range(samples))).tobytes()


def coded(output_format: str, sound: bytes, step: int) -> list[bytes]:
    coder = coding.coder(output_format, http=output_format in WAV)
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


@pytest.mark.parametrize("output_format", [*LAWS, *OPUS])
@pytest.mark.parametrize("step", [1_000, 44_100])
def test_laws_and_opus_have_the_exact_length_however_they_are_cut(output_format: str, step: int) -> None:
    wanted = parse_format(output_format)
    found = measure(wanted, coded(output_format, tone(RATE * 2), step))
    assert (found.rate, found.samples, found.streams) == (wanted.sample_rate, 2 * wanted.sample_rate, (0,))


@pytest.mark.parametrize("output_format", [*LAWS, *OPUS])
def test_laws_and_opus_are_the_same_sound(output_format: str) -> None:
    wanted = parse_format(output_format)
    samples = array("h", decode(wanted, coded(output_format, tone(RATE), 10_000)))
    rate = wanted.sample_rate
    middle = [samples[i] - 8_000 * sin(2 * pi * 440 * i / rate) for i in range(rate // 4, rate // 2)]
    # G.711 has steps of 512 at this loudness, and what is rounded is half of one away; opus leaves out more.
    assert max(map(abs, middle)) < (1_600 if wanted.codec == "opus" else 260)


@pytest.mark.parametrize("output_format", [*PCM, *LAWS, *OPUS, *MP3])
def test_the_bytes_do_not_depend_on_the_pieces(output_format: str) -> None:
    sound = tone(RATE)
    assert b"".join(coded(output_format, sound, 999)) == b"".join(coded(output_format, sound, len(sound)))


@pytest.mark.parametrize("output_format", [*PCM, *LAWS, *OPUS, *MP3])
def test_what_a_coder_holds_back_is_less_than_a_tenth_of_a_second(output_format: str) -> None:
    wanted = parse_format(output_format)
    coder = coding.coder(output_format)
    first = measure(wanted, [coder.encode(tone(RATE // 4))])
    assert first.samples > 0.15 * wanted.sample_rate


@pytest.mark.parametrize("output_format", WAV)
def test_wav_while_it_is_made_is_a_header_of_no_length_and_pcm(output_format: str) -> None:
    rate = int(output_format.removeprefix("wav_"))
    pieces = coded(output_format, tone(RATE), 10_000)
    done = b"".join(pieces)
    assert pieces[0].startswith(b"RIFF\xff\xff\xff\xffWAVE")
    assert done[wav.HEADER_SIZE :] == b"".join(coded(f"pcm_{rate}", tone(RATE), 10_000))


@pytest.mark.parametrize("output_format", WAV)
@pytest.mark.parametrize("samples", [0, RATE])
def test_wav_that_is_complete_tells_its_length(output_format: str, samples: int) -> None:
    done = coding.complete(output_format, b"".join(coded(output_format, tone(samples), 10_000)))
    with wave.open(io.BytesIO(done)) as file:
        assert file.getframerate() == int(output_format.removeprefix("wav_"))
        assert file.getnframes() * RATE == samples * file.getframerate()


def test_what_has_no_header_is_complete_as_it_is() -> None:
    assert coding.complete("mp3_44100_128", b"sound") == b"sound"


def test_warming_loads_what_the_first_client_would_wait_for() -> None:
    coding.warm()
    assert {"lameenc", "soxr", "numpy"} <= set(sys.modules)


def test_opus_without_its_library_is_refused_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opus, "available", lambda: False)
    with pytest.raises(Refused) as refused:
        coding.coder("opus_48000_64")
    assert refused.value.refusal.error == "unsupported_output_format"
    assert refused.value.refusal.message.endswith("pip install 'aligner[media]'")


def test_the_engines_own_format_is_passed_on() -> None:
    assert isinstance(coding.coder("pcm_22050"), Plain)
    assert coded("pcm_22050", b"abcd", 4) == [b"abcd", b""]


@pytest.mark.parametrize("output_format", [*PCM, *LAWS, *OPUS, *MP3])
def test_silence_of_no_length_is_nothing(output_format: str) -> None:
    assert b"".join(coded(output_format, b"", 1)) == b""


@pytest.mark.parametrize("output_format", ["opus_48000_1", "ulaw_1", *WAV, "mp3_44100_1", "pcm_1", ""])
def test_other_formats_are_refused_by_name(output_format: str) -> None:
    with pytest.raises(Refused) as refused:
        coding.coder(output_format)
    assert refused.value.refusal.error == "unsupported_output_format"
    assert repr(output_format) in refused.value.refusal.message
    assert refused.value.refusal.code == 1008
