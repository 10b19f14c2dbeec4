from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.voice import pipe

JOBS = st.builds(
    pipe.Job,
    st.binary(),
    st.text(),
    st.integers(80, 449),
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(0, 200),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.text()), max_size=3).map(tuple),
    st.booleans(),
)


@settings(deadline=None)
@given(JOBS)
def test_a_job_arrives_as_it_was_sent(job: pipe.Job) -> None:
    assert pipe.decode_job(pipe.encode_job(job)) == job


def test_a_job_is_spoken_at_the_voice_s_own_volume_by_any_worker_unless_it_says_otherwise() -> None:
    job = pipe.Job(b"a", "gmw/de", 160, 50, 50)
    assert (job.volume, job.sounds, job.pristine) == (100, (), False)


@pytest.mark.parametrize("reply", [pipe.Spoken(b"\x01\x02", b"\x00" * 8), pipe.Failed("no such voice"), pipe.Crashed()])
def test_a_reply_arrives_as_what_it_was(reply: pipe.Reply) -> None:
    assert pipe.decode_reply(pipe.encode_reply(reply)) == reply


def test_the_length_in_front_has_a_fixed_size() -> None:
    assert pipe.LENGTH.unpack(pipe.LENGTH.pack(1 << 30)) == (1 << 30,)


def test_nonsense_is_no_reply() -> None:
    with pytest.raises(msgspec.DecodeError):
        pipe.decode_reply(b"\xc1")
