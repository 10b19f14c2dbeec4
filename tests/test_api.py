"""The public names are a short list, and stay."""

from __future__ import annotations

import subprocess
import sys

import pytest

import aligner

NAMES = [
    *("AlignerError", "Audio", "Cue", "DocumentError", "FinishedCue", "Narration", "Options", "Outcome", "Report"),
    *("Secret", "SpeechError", "SpokenWord", "Style", "UsageError", "VoiceSettings", "Word"),
    *("caption", "load", "speak", "stream"),
]


def test_the_public_names() -> None:
    assert sorted(aligner.__all__) == sorted(NAMES) == sorted(dir(aligner))


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert (getattr(aligner, name).__doc__ or "").strip()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = aligner.nothing


def test_importing_loads_no_heavy_library() -> None:
    code = "import aligner, aligner.cli.main, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - our own interpreter
    heavy = {"numpy", "websockets", "asyncio", "msgspec", "rich", "lameenc", "soxr", "budoux", "sentencex", "yaml"}
    assert heavy & set(loaded) == set()
