from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.audio import FORMATS, AudioFormat, opus, parse_format
from aligner.audio.formats import RATES, bit_rates
from aligner.errors import UsageError


@pytest.mark.parametrize("name", FORMATS)
def test_every_documented_format_is_read_back_to_its_name(name: str) -> None:
    found = parse_format(name)
    parts = [found.codec, found.sample_rate, *([] if found.bit_rate is None else [found.bit_rate])]
    assert "_".join(map(str, parts)) == name == found.name


def test_pcm_has_a_rate_and_mp3_a_bit_rate_too() -> None:
    assert parse_format("pcm_16000") == AudioFormat("pcm_16000", "pcm", 16000)
    assert parse_format("mp3_44100_128") == AudioFormat("mp3_44100_128", "mp3", 44100, 128)


def test_a_law_and_opus_have_one_rate() -> None:
    assert parse_format("ulaw_8000") == AudioFormat("ulaw_8000", "ulaw", 8000)
    assert parse_format("alaw_8000") == AudioFormat("alaw_8000", "alaw", 8000)
    assert parse_format("opus_48000_96") == AudioFormat("opus_48000_96", "opus", 48000, 96)


def test_opus_without_its_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opus, "available", lambda: False)
    with pytest.raises(UsageError, match=r"'opus_48000_64'.*pip install 'aligner\[media\]'"):
        parse_format("opus_48000_64")
    assert parse_format("ulaw_8000").codec == "ulaw"


def test_the_library_of_opus_is_not_loaded_to_read_a_name() -> None:
    script = "import sys, aligner.audio; aligner.audio.parse_format('opus_48000_64'); print(sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert "'aligner.audio.opus'" in run.stdout
    assert "'av'" not in run.stdout
    assert "'numpy'" not in run.stdout


def test_rates_beyond_the_documented_are_read_where_mp3_has_them() -> None:
    assert parse_format("mp3_24000_48").sample_rate == 24000
    assert parse_format("pcm_48000").sample_rate == 48000


@pytest.mark.parametrize(
    "name",
    [
        *("", "pcm", "wav_44100", "pcm_44101", "pcm_022050", "ulaw_16000", "alaw", "opus_48000", "opus_44100_64"),
        *("mp3_44100", "mp3_44100_129", "mp3_44100_8", "mp3_22050_320", "opus_48000_65"),
    ],
)
def test_others_are_refused_with_what_there_is(name: str) -> None:
    with pytest.raises(UsageError, match="mp3_44100_128") as caught:
        parse_format(name)
    assert repr(name) in caught.value.problem


@given(st.text(max_size=20))
def test_any_text_is_a_format_or_a_usage_error(name: str) -> None:
    try:
        assert parse_format(name).name == name
    except UsageError:
        assert name not in FORMATS


@pytest.mark.parametrize("rate", RATES)
def test_bit_rates_ascend_by_their_index(rate: int) -> None:
    rates = bit_rates(rate)
    assert list(rates) == sorted(rates)
    assert len(rates) == 14
