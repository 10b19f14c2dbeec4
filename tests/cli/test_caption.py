from __future__ import annotations

import json
from pathlib import Path

import pytest

from aligner.cli.main import call

TEXT = "The keeper counted every one of the hundred steps, slowly. She thought of other things, and of the sea."


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one spoken document in `out`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.txt").write_text(TEXT, encoding="utf-8")
    assert call(["run", "talk.txt", "--out", "out"]) == 0
    return tmp_path


def test_the_same_profile_gives_the_same_captions(spoken: Path) -> None:
    assert call(["caption", "out/talk.json", "--out", "again"]) == 0
    for suffix in ("srt", "vtt"):
        assert (spoken / f"again/talk.{suffix}").read_bytes() == (spoken / f"out/talk.{suffix}").read_bytes()
    before, after = (json.loads((spoken / name / "talk.json").read_text(encoding="utf-8")) for name in ("out", "again"))
    assert after.pop("audio") == {**before.pop("audio"), "file": "../out/talk.mp3"}
    assert after == before


def test_another_profile_gives_other_captions_of_the_same_words(spoken: Path) -> None:
    assert call(["caption", "out", "--out", "social", "--profile", "social", "--format", "json"]) == 0
    before, after = (
        json.loads((spoken / name / "talk.json").read_text(encoding="utf-8")) for name in ("out", "social")
    )
    assert after["words"] == before["words"]
    assert len(after["cues"]) > len(before["cues"])
    assert not (spoken / "social/talk.srt").exists()


def test_captions_may_be_made_again_in_place(spoken: Path) -> None:
    assert call(["caption", "out/talk.json", "--out", "out", "--profile", "ted", "--fps", "25"]) == 0
    assert json.loads((spoken / "out/talk.json").read_text(encoding="utf-8"))["audio"]["file"] == "talk.mp3"


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["out/talk.json", "--format", "mp3"], "aligner run"),
        (["out/talk.json", "--profile", "netflx"], "did you mean 'netflix'"),
        (["missing.json"], "no such file"),
        (["out", "--format", "strt"], "did you mean srt"),
    ],
)
def test_wrong_usage_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["caption", *arguments, "--out", "new"]) == 2
    assert said in capsys.readouterr().err


def test_a_damaged_timing_file_fails_alone(spoken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (spoken / "out/broken.json").write_text('{"format": "aligner.timing/1"}', encoding="utf-8")
    assert call(["caption", "out", "--out", "new"]) == 1
    assert "broken.json" in capsys.readouterr().err
    assert sorted(path.name for path in Path("new").iterdir()) == ["talk.json", "talk.srt", "talk.vtt"]
