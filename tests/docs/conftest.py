"""What the documented commands are run in: a folder with the samples, spoken once for all pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from docs.pages import ROOT

from aligner.cli.main import call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ALIGNER_", "ELEVENLABS_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after the README's first command; tests look at it and do not change it."""
    folder = tmp_path_factory.mktemp("spoken")
    shutil.copytree(ROOT / "samples", folder / "samples")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert call(["run", "samples", "--out", "out", "--quiet"]) == 0
    return folder


@pytest.fixture
def folder(spoken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the current folder: each page begins here."""
    here = tmp_path / "here"
    shutil.copytree(spoken, here)
    monkeypatch.chdir(here)
    return here


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The URL of ``aligner serve`` in a process of its own."""
    command = [sys.executable, "-m", "aligner", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        assert process.stdout is not None
        first, _, url = process.stdout.readline().rpartition(" ")
        assert first == "listening on"
        yield url.strip()
        process.terminate()
