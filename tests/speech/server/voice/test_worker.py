# ruff: noqa: RUF001 - pronunciations are written in IPA
from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from array import array
from typing import TYPE_CHECKING

import fakes.fragile
import pytest
from fakes.engine import engine

from aligner.errors import EngineError
from aligner.speech.server.voice import worker
from aligner.speech.server.voice.pipe import LENGTH, Crashed, Failed, Job, Reply, Spoken, decode_reply, encode_job

if TYPE_CHECKING:
    from aligner.speech.server.voice.espeak import Engine


COMMAND = [sys.executable, "-m", "aligner.speech.server.voice.worker"]
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot fork here")


def job(
    text: str, voice: str = "gmw/en-US", *, volume: int = 100, sounds: tuple[tuple[int, int, str], ...] = ()
) -> Job:
    return Job(text.encode(), voice, 175, 50, 50, volume, sounds)


def frames(*jobs: Job) -> bytes:
    packed = [encode_job(one) for one in jobs]
    return b"".join(LENGTH.pack(len(frame)) + frame for frame in packed)


def replies(data: bytes) -> list[Reply]:
    found = []
    while data:
        (length,) = LENGTH.unpack(data[: LENGTH.size])
        found.append(decode_reply(data[LENGTH.size : LENGTH.size + length]))
        data = data[LENGTH.size + length :]
    return found


def test_an_utterance_begins_with_its_sound() -> None:
    spoken = worker.utter(engine(), job('"Tom" (text) '))
    edges = array("i", spoken.edges)
    samples = array("h", spoken.sound)
    assert edges[0] == 0
    assert edges[-1] == len(samples)
    assert len(edges) == len('"Tom" (text) ') + 1
    assert max(map(abs, samples[:200])) > 60


def test_white_space_has_no_sound_and_no_time() -> None:
    assert worker.utter(engine(), job("  \n")) == Spoken(b"", array("i", [0, 0, 0, 0]).tobytes())
    assert worker.utter(engine(), job("")) == Spoken(b"", array("i", [0]).tobytes())


def test_a_job_says_how_loud_and_with_which_sounds() -> None:
    silent = worker.utter(engine(), job("Hello.", volume=0))
    assert not any(array("h", silent.sound))
    american, british = (
        worker.utter(engine(), job("tomato", sounds=((0, 6, ipa),))) for ipa in ("təˈmeɪtoʊ", "təˈmɑːtəʊ")
    )
    assert american.sound != british.sound
    assert len(array("i", british.edges)) == len("tomato") + 1


def test_every_job_is_answered_in_order_and_an_error_ends_nothing() -> None:
    sink = io.BytesIO()
    worker.serve(io.BytesIO(frames(job("One."), job("Two.", "no/voice"), job("Three."))), sink, engine)
    one, two, three = replies(sink.getvalue())
    assert isinstance(one, Spoken)
    assert isinstance(two, Failed)
    assert "no/voice" in two.problem
    assert isinstance(three, Spoken)


def test_a_missing_engine_is_told_to_every_job() -> None:
    def missing() -> Engine:
        raise EngineError("the voice engine is missing")

    sink = io.BytesIO()
    worker.serve(io.BytesIO(frames(job("One."), job("Two."))), sink, missing)
    assert replies(sink.getvalue()) == [Failed("the voice engine is missing")] * 2


@pytest.mark.parametrize("jobs", [(), (job("One."), job("Two."))])
def test_the_process_ends_when_its_input_does(jobs: tuple[Job, ...]) -> None:
    done = subprocess.run(COMMAND, input=frames(*jobs), capture_output=True, check=True)  # noqa: S603 - our own
    assert len(replies(done.stdout)) == len(jobs)
    assert done.stderr == b""


@needs_fork
@pytest.mark.parametrize("pristine", [False, True])
def test_one_that_hangs_ends_by_itself_though_nobody_is_left_to_end_it(pristine: bool) -> None:  # noqa: FBT001 - a parameter of the test
    program = f"""
import time
from aligner.speech.server.voice import worker
worker._PATIENCE = 1
class Engine:
    def speak(self, *job):
        time.sleep(3600)
import sys
worker.serve(sys.stdin.buffer, sys.stdout.buffer, Engine, pristine={pristine})
"""
    done = subprocess.run([sys.executable, "-c", program], input=frames(job("a")), capture_output=True, check=False)  # noqa: S603 - our own
    assert (done.returncode, replies(done.stdout)) == ((0, [Crashed()]) if pristine else (-signal.SIGALRM, []))


# -- pristine


def pristine(*jobs: Job) -> list[Reply]:
    """The replies of one process."""
    done = subprocess.run([*COMMAND, "--pristine"], input=frames(*jobs), capture_output=True, check=True)  # noqa: S603 - our own
    return replies(done.stdout)


@needs_fork
def test_the_same_job_gives_the_same_bytes_whatever_was_spoken_before() -> None:
    wanted, other = job("To be, or not to be."), job("Eins, zwei, drei!", "gmw/de")
    sounds = job("A tomato.", sounds=((2, 8, "təˈmɑːtəʊ"),))
    first = pristine(wanted, other, sounds, wanted)
    second = pristine(other, other, sounds, job("x" * 200), wanted)
    assert all(isinstance(reply, Spoken) for reply in first + second)
    assert first[0] == first[3] == second[4]
    assert first[1] == second[0] == second[1]
    assert first[2] == second[2]
    assert len({reply.sound for reply in first if isinstance(reply, Spoken)}) == 3


@needs_fork
def test_it_is_what_a_new_process_says() -> None:
    # Where processes cannot fork, each such job has one.
    wanted = job("To be, or not to be.")
    done = subprocess.run(COMMAND, input=frames(wanted), capture_output=True, check=True)  # noqa: S603 - our own
    assert replies(done.stdout) == pristine(job("Before."), wanted)[1:]


@needs_fork
def test_a_child_that_dies_is_told_and_the_worker_lives_on() -> None:
    jobs = frames(job("a"), job("die"), job("refuse"), job("bug"), job("b"))
    command = [sys.executable, fakes.fragile.__file__]
    done = subprocess.run(command, input=jobs, capture_output=True, check=False)  # noqa: S603 - our own
    assert done.returncode == 7  # no child is left unburied
    one, *rest, two = replies(done.stdout)
    assert isinstance(one, Spoken)
    assert rest == [Crashed(), Failed("not this"), Crashed()]
    assert one == two


def test_a_worker_loads_neither_numpy_nor_a_loop() -> None:
    program = "import sys, aligner.speech.server.voice.worker; print(*sorted(set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)  # noqa: S603 - as above
    assert not {"numpy", "asyncio", "websockets"} & set(done.stdout.split())
