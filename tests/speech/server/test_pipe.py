from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server import pipe


@settings(deadline=None)
@given(st.binary(), st.text(), st.integers(80, 449), st.integers(0, 100), st.integers(0, 100))
def test_a_job_arrives_as_it_was_sent(text: bytes, voice: str, rate: int, pitch: int, pitch_range: int) -> None:
    job = pipe.Job(text, voice, rate, pitch, pitch_range)
    assert pipe.decode_job(pipe.encode_job(job)) == job


@pytest.mark.parametrize("reply", [pipe.Spoken(b"\x01\x02", b"\x00" * 8), pipe.Failed("no such voice")])
def test_a_reply_arrives_as_what_it_was(reply: pipe.Reply) -> None:
    assert pipe.decode_reply(pipe.encode_reply(reply)) == reply


def test_the_length_in_front_has_a_fixed_size() -> None:
    assert pipe.LENGTH.unpack(pipe.LENGTH.pack(1 << 30)) == (1 << 30,)


def test_nonsense_is_no_reply() -> None:
    with pytest.raises(msgspec.DecodeError):
        pipe.decode_reply(b"\xc1")
