from __future__ import annotations

import io
import subprocess
import sys
from array import array
from typing import TYPE_CHECKING

import pytest
from fakes.engine import engine

from aligner.errors import EngineError
from aligner.speech.server import worker
from aligner.speech.server.pipe import LENGTH, Failed, Job, Reply, Spoken, decode_reply, encode_job

if TYPE_CHECKING:
    from aligner.speech.server.espeak import Engine


def job(text: str, voice: str = "gmw/en-US") -> Job:
    return Job(text.encode(), voice, 175, 50, 50)


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
    command = [sys.executable, "-m", "aligner.speech.server.worker"]
    done = subprocess.run(command, input=frames(*jobs), capture_output=True, check=True)  # noqa: S603 - our own
    assert len(replies(done.stdout)) == len(jobs)
    assert done.stderr == b""


def test_a_worker_loads_neither_numpy_nor_a_loop() -> None:
    program = "import sys, aligner.speech.server.worker; print(*sorted(set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)  # noqa: S603 - as above
    assert not {"numpy", "asyncio", "websockets"} & set(done.stdout.split())
