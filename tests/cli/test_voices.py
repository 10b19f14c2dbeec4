from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aligner.cli.main import call

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    assert call(["voices", "--json", *arguments]) == 0
    voices: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return voices


def test_the_embedded_voices_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    voices = listed(capsys)
    assert len(voices) > 100
    assert all(set(voice) >= {"voice_id", "name", "language"} and all(voice.values()) for voice in voices)
    assert len({voice["voice_id"] for voice in voices}) == len(voices)
    assert {"en-us", "de", "cmn"} <= {voice["voice_id"] for voice in voices}


def test_a_language_asks_for_its_regions_too(capsys: pytest.CaptureFixture[str]) -> None:
    english = listed(capsys, "--language", "en")
    assert {"en-US", "en-GB"} <= {voice["language"] for voice in english}
    assert all(voice["language"].startswith("en") for voice in english)
    assert {voice["language"] for voice in listed(capsys, "--language", "en-GB")} >= {"en-GB"}


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["voices", "--language", "de"]) == 0
    assert ["de", "de", "German"] in [line.split() for line in capsys.readouterr().out.splitlines()]


def test_an_engine_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["voices", "--engine", "ws://127.0.0.1:1"]) == 1
    assert "cannot be reached" in capsys.readouterr().err


def test_voices_of_ones_own_are_listed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, name in (("voices", "anna"), ("mine", "berta")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.toml").write_text('voice = "de"\nvariant = "f3"\n', encoding="utf-8")
    assert "anna" in {voice["voice_id"] for voice in listed(capsys)}
    found = {voice["voice_id"] for voice in listed(capsys, "--voices", "mine", "--language", "de")}
    assert "berta" in found
    assert "anna" not in found
