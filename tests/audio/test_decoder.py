from __future__ import annotations

from itertools import pairwise

import pytest
from fakes.sounds import babble, ogg_opus
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.audio import g711, measure, parse_format
from aligner.audio.decoder import decode

PCM = babble(8000, 0.4)
SENT = {
    "pcm_8000": PCM,
    "ulaw_8000": g711.encode("ulaw", PCM),
    "alaw_8000": g711.encode("alaw", PCM),
    "opus_48000_32": ogg_opus(32, PCM),
}


@settings(max_examples=40)
@given(st.sampled_from(sorted(SENT)), st.lists(st.integers(0, 10**6), max_size=6))
def test_any_cutting_of_the_bytes_gives_the_same_samples(name: str, cuts: list[int]) -> None:
    data = SENT[name]
    marks = [0, *sorted(cut % len(data) for cut in cuts), len(data)]
    pieces = [data[first:last] for first, last in pairwise(marks)]
    pcm = decode(parse_format(name), pieces)
    assert pcm == decode(parse_format(name), [data])
    assert len(pcm) == len(PCM) == 2 * measure(parse_format(name), pieces).samples


@pytest.mark.parametrize("name", ["ulaw_8000", "alaw_8000"])
def test_a_law_is_heard_as_it_says(name: str) -> None:
    law: g711.Law = "ulaw" if name == "ulaw_8000" else "alaw"
    assert decode(parse_format(name), [SENT[name]]) == g711.decode(law, g711.encode(law, PCM))


def test_half_a_sample_of_pcm_is_left_out() -> None:
    assert decode(parse_format("pcm_8000"), [b"a", b"bc"]) == b"ab"
