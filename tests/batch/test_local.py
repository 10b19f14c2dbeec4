"""The whole pipeline over a real socket, against services whose sound carries the truth, and against bad ones."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import miniaudio
import numpy as np
import pytest
from fakes.background import running
from fakes.click_service import click_service
from fakes.clicks import Variant, heard
from fakes.service import FINAL, audio, service, texts

import aligner
from aligner.batch.report import Outcome, Spoken, Started
from aligner.errors import (
    ConnectionFailed,
    IncompleteSpeech,
    KeyRefused,
    OutputError,
    ProtocolError,
    ServiceRefused,
    ServiceStalled,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from websockets.asyncio.server import ServerConnection

WORDS = "The keeper counted every one of the hundred steps, slowly, and thought of 162 other things instead. "
TEXT = ((WORDS * 12).strip() + "\n\n") * 3

VARIANTS = {
    "relative": Variant(),
    "absolute": Variant(times="absolute"),
    "from the generation": Variant(times="generation"),
    "only the first aligned": Variant(aligned="first"),
    "only the last aligned": Variant(aligned="last"),
    "normalized only": Variant(normalized="only"),
    "no normalized": Variant(normalized="none"),
    "sound after each generation": Variant(tail=300),
    "that sound apart": Variant(tail=300, tail_apart=True),
    "partial, then whole": Variant(partial=True),
    "messages sent twice": Variant(resent=True),
    "several characters an entry": Variant(grouped=True),
    "some alignments null": Variant(lost="null"),
    "some alignments damaged": Variant(lost="damaged"),
    "cut to whole milliseconds": Variant(truncated=True),
    "keep-alive spaces": Variant(keep_alive=True),
}


def options(url: str, **more: Any) -> aligner.Options:
    return aligner.Options(engine=url, language="en", segment_size=800, **more)


def errors(stem: Path) -> list[float]:
    """Milliseconds between each word's told start and its click in the decoded mp3."""
    sound = miniaudio.mp3_read_file_s16(str(stem.with_suffix(".mp3")))
    truth = np.array(heard(np.asarray(sound.samples, dtype=np.int16)[:: sound.nchannels], sound.sample_rate))
    starts = [word.start / 1e6 for word in aligner.load(stem.with_suffix(".json")).words]
    assert len(starts) == len(truth)
    return [1000 * abs(float(onset) - start) for start, onset in zip(starts, truth, strict=True)]


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("speech_format", ["pcm_22050", "mp3_44100_128"])
def test_every_way_to_tell_times_gives_true_times(tmp_path: Path, name: str, speech_format: str) -> None:
    (tmp_path / "talk.txt").write_text(TEXT, encoding="utf-8")
    with running(click_service(VARIANTS[name])) as url:
        report = aligner.speak([tmp_path / "talk.txt"], tmp_path, options(url, speech_format=speech_format))
    assert [outcome.error for outcome in report.outcomes] == [None]
    told = errors(tmp_path / "talk")
    told_less = "alignments" in name or "several" in name
    limit = 45 if told_less else 5 if speech_format == "pcm_22050" else 30
    assert np.percentile(told, 95) <= limit


def test_one_encoder_a_generation_is_counted_join_by_join(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TEXT, encoding="utf-8")
    with running(click_service(Variant(encoders="generation", ragged=False))) as url:
        aligner.speak([tmp_path / "talk.txt"], tmp_path, options(url, speech_format="mp3_44100_128"))
    assert np.percentile(errors(tmp_path / "talk"), 95) <= 30


def test_the_words_are_those_of_the_document_however_they_were_told(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TEXT, encoding="utf-8")
    with running(click_service(Variant(normalized="spelled", grouped=True))) as url:
        aligner.speak([tmp_path / "talk.txt"], tmp_path, options(url, speech_format="pcm_16000"))
    narration = aligner.load(tmp_path / "talk.json")
    assert [word.text for word in narration.words] == TEXT.split()
    assert " ".join(line for cue in narration.cues for line in cue.lines) == " ".join(TEXT.split())


def test_connections_stay_within_jobs_and_segments_of_one_document_share_them(tmp_path: Path) -> None:
    open_now, most = 0, 0

    async def count(connection: ServerConnection) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        try:
            text = "".join((await texts(connection))[1:])
            await asyncio.sleep(0.05)
            await connection.send(audio("AAAA" * 20_000, text, step=10))
            await connection.send(FINAL)
        finally:
            open_now -= 1

    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(TEXT, encoding="utf-8")
    with running(service(count)) as url:
        report = aligner.speak([tmp_path], tmp_path / "out", options(url, speech_format="pcm_16000", jobs=3))
    assert report.exit_code == 0
    assert most == 3


def test_events_tell_what_happens(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TEXT, encoding="utf-8")
    events: list[object] = []
    with running(click_service()) as url:
        aligner.speak([tmp_path / "talk.txt"], tmp_path, options(url, speech_format="pcm_16000"), events.append)
    kinds = Counter(type(event) for event in events)
    assert (kinds[Started], kinds[Outcome]) == (1, 1)
    spoken = [event for event in events if isinstance(event, Spoken)]
    assert sum(event.characters for event in spoken) == len(TEXT.strip())


# -- services that misbehave for one document only


def marked(bad: Callable[[ServerConnection], Awaitable[None]]) -> Callable[[ServerConnection], Awaitable[None]]:
    """Misbehave where the text says BAD, speak properly else."""

    async def script(connection: ServerConnection) -> None:
        text = "".join((await texts(connection))[1:])
        if "BAD" in text:
            await bad(connection)
            return
        await connection.send(audio("AAAA" * 20_000, text, step=10))
        await connection.send(FINAL)

    return script


async def refuse(connection: ServerConnection) -> None:
    await connection.send(
        json.dumps({"message": "This request exceeds your quota of 10.", "error": "quota_exceeded", "code": 1008})
    )
    await connection.close(1008, "This request exceeds your quota of 10.")


async def hang(connection: ServerConnection) -> None:
    await connection.wait_closed()


async def babble(connection: ServerConnection) -> None:
    await connection.send("<html>")
    await connection.wait_closed()


async def die(connection: ServerConnection) -> None:
    await connection.send(audio("AAAA", "BA"))
    connection.transport.abort()


async def stop_early(connection: ServerConnection) -> None:
    await connection.send(audio("AAAA" * 1_000, "BAD", step=10))
    await connection.send(FINAL)


async def say_nothing(connection: ServerConnection) -> None:
    await connection.send(FINAL)


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (refuse, ServiceRefused),
        (hang, ServiceStalled),
        (babble, ProtocolError),
        (die, ConnectionFailed),
        (stop_early, IncompleteSpeech),
        (say_nothing, aligner.AlignerError),
    ],
)
def test_a_bad_session_costs_its_own_document_only(
    tmp_path: Path, bad: Callable[[ServerConnection], Awaitable[None]], kind: type[Exception]
) -> None:
    for name in ("a", "c"):
        (tmp_path / f"{name}.txt").write_text(f"Document {name} is a good one.", encoding="utf-8")
    (tmp_path / "b.txt").write_text(
        f"{WORDS * 12}\n\nThis is BAD and never ends well, however long it goes on. {WORDS}", encoding="utf-8"
    )
    with running(service(marked(bad))) as url:
        report = aligner.speak([tmp_path], tmp_path / "out", options(url, speech_format="pcm_16000", stall=1.0))
    assert [outcome.status for outcome in report.outcomes] == ["done", "failed", "done"]
    error = report.outcomes[1].error
    assert isinstance(error, kind)
    assert "b.txt, segment " in str(error)
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {f"{name}.{suffix}" for name in "ac" for suffix in ("mp3", "srt", "vtt", "json")}
    assert report.exit_code == 1


def test_a_refused_key_stops_the_run_and_is_wrong_settings(tmp_path: Path) -> None:
    asked = 0

    async def refuse_key(connection: ServerConnection) -> None:
        nonlocal asked
        asked += 1
        await connection.recv()
        await connection.send(json.dumps({"message": "Invalid API key", "error": "invalid_api_key", "code": 1008}))
        await connection.close(1008, "Invalid API key")

    for number in range(12):
        (tmp_path / f"{number}.txt").write_text("Hello.", encoding="utf-8")
    with running(service(refuse_key)) as url:
        secret = aligner.Secret("k3y-of-gold")
        report = aligner.speak([tmp_path], tmp_path / "out", options(url, key=secret, jobs=1))
    assert report.exit_code == 2
    assert all(isinstance(outcome.error, KeyRefused) for outcome in report.outcomes)
    assert asked <= 2
    assert "k3y-of-gold" not in repr(report)


def test_no_key_reaches_an_output(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hello there.", encoding="utf-8")
    with running(click_service()) as url:
        aligner.speak([tmp_path], tmp_path / "out", options(url, key=aligner.Secret("k3y-of-gold")))
    for path in (tmp_path / "out").iterdir():
        assert b"k3y-of-gold" not in path.read_bytes()


# -- the disk, the user


def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TEXT, encoding="utf-8")
    code = (
        "import resource, signal, sys, aligner\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "report = aligner.speak([sys.argv[1]], sys.argv[2])\n"
        "print(type(report.outcomes[0].error).__name__, report.outcomes[0].error)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, str(tmp_path / "talk.txt"), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(OutputError.__name__), done.stdout + done.stderr
    assert "talk.mp3" in done.stdout
    assert list((tmp_path / "out").iterdir()) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_an_interrupted_run_keeps_what_is_done_and_nothing_half(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02d}.txt").write_text(TEXT, encoding="utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "aligner", "run", str(tmp_path), "--out", str(out), "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        while process.poll() is None and not list(out.glob("*.json")):
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGINT)
        _, told = process.communicate()
    assert process.returncode == 130, told
    assert "Interrupted" in told
    left = {path.name for path in out.iterdir()}
    stems = {name.split(".")[0] for name in left}
    assert left == {f"{stem}.{suffix}" for stem in stems for suffix in ("mp3", "srt", "vtt", "json")}
    assert 0 < len(stems) < 30
