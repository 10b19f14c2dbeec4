from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from aligner.cli.main import call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def served(*arguments: str, host: str = "127.0.0.1") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command as a process, with the URL of its first line."""
    command = [sys.executable, "-m", "aligner", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        first = process.stdout.readline()
        match = re.fullmatch(rf"listening on (ws://{re.escape(host)}:\d+)\n", first)
        assert match, first
        try:
            yield process, match.group(1)
        finally:
            process.kill()


def test_another_run_speaks_through_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "talk.txt").write_text("Hello there, dear listener.", encoding="utf-8")
    with served() as (_, url):
        assert call(["run", str(tmp_path / "talk.txt"), "--out", str(tmp_path), "--engine", url]) == 0
        assert (tmp_path / "talk.mp3").stat().st_size > 1_000
        capsys.readouterr()
        assert call(["voices", "--engine", url, "--language", "de"]) == 0
        assert "German" in capsys.readouterr().out


def test_a_key_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk.txt").write_text("Hello.", encoding="utf-8")
    run = ["run", str(tmp_path / "talk.txt"), "--out", str(tmp_path / "out")]
    with served("--api-key", "k3y-of-gold") as (_, url):
        for key in ("", "wrong"):
            monkeypatch.setenv("ELEVENLABS_API_KEY", key)
            assert call([*run, "--engine", url]) == 2
            assert "ELEVENLABS_API_KEY" in capsys.readouterr().err
        monkeypatch.setenv("ELEVENLABS_API_KEY", "k3y-of-gold")
        assert call([*run, "--engine", url]) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_when_told(number: signal.Signals, code: int) -> None:
    with served() as (process, _):
        process.send_signal(number)
        assert process.wait() == code


def test_a_port_in_use_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with served() as (_, url):
        assert call(["serve", "--port", url.rsplit(":", 1)[1]]) == 2
    assert "--port" in capsys.readouterr().err
