"""The demo of live use, run as its readers run it; and its player and screen by themselves."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import aligner

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "samples" / "live_captions.py"


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--fast", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)  # noqa: S603 - our own


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("live_captions", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_plays_the_sample() -> None:
    done = run()
    assert done.returncode == 0, done.stderr
    lines = [line.split(None, 1) for line in done.stdout.splitlines() if line.strip()]
    assert lines[0][1].startswith("For thirty-one years Edda Marsh")
    starts = [float(start) for start, _ in lines]
    assert starts == sorted(set(starts))
    assert done.stdout.rstrip().endswith("in the kitchen.")


def test_it_reads_what_is_being_written() -> None:
    done = run("-", given="One two three.\nFour five.\n")
    assert [line.split(None, 1)[1] for line in done.stdout.splitlines() if line.strip()] == [
        "One two three.",
        "Four five.",
    ]


def test_wrong_settings_are_said_in_a_line() -> None:
    done = run("--engine", "nowhere")
    assert done.returncode == 1
    assert "unknown engine" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_word_that_is_spoken_is_bright(demo: ModuleType) -> None:
    screen = demo.Screen()
    for index, (text, start) in enumerate((("One", 0), ("two", 100), ("three.", 200))):
        screen.take(aligner.SpokenWord(aligner.Word(text, start, start + 90, (0, 0)), index))
    screen.take(aligner.FinishedCue(aligner.Cue(0, 500, ("One two", "three."), (0, 3)), 0, 290))
    shown = screen.show(150)
    assert shown.plain == "One two\nthree."
    assert [shown.plain[span.start : span.end] for span in shown.spans if "yellow" in str(span.style)] == ["two"]
    assert "not dim" in next(str(span.style) for span in shown.spans if "yellow" in str(span.style))
    assert screen.show(600).plain == "One two\nthree."
    assert [cue.lines for cue in screen.gone(600)] == [("One two", "three.")]
    assert screen.show(600).plain.strip() == ""


def test_the_silent_player_keeps_time_and_stops_where_the_sound_does(
    demo: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 10.0
    monkeypatch.setattr(demo.time, "monotonic", lambda: at)
    player: Any = demo.SilentPlayer()
    at = 12.0
    player.play(aligner.Audio(b"", 0, 1_500_000, 8000))
    assert (player.now(), player.left()) == (0, True)
    at = 13.0
    assert player.now() == 1_000_000
    at = 15.0
    assert (player.now(), player.left()) == (1_500_000, False)


class Device:
    """As much of sounddevice as the demo uses."""

    latency = 0.1

    def __init__(self) -> None:
        self.fill: Any = None

    def RawOutputStream(self, **options: Any) -> Device:  # noqa: N802 - the library's name
        self.fill = options["callback"]
        return self

    def start(self) -> None:
        return


def test_the_clock_is_the_devices_own(demo: ModuleType) -> None:
    device = Device()
    player = demo.Player(device)
    assert player.now() == 0
    player.play(aligner.Audio(b"\1\0" * 8000, 0, 1_000_000, 8000))
    buffer = bytearray(2 * 4000)
    device.fill(buffer, 4000, None, None)
    assert (bytes(buffer[:2]), player.now(), player.left()) == (b"\1\0", 400_000, True)
    device.fill(bytearray(2 * 6000), 6000, None, None)
    assert (player.now(), player.left()) == (900_000, False)
