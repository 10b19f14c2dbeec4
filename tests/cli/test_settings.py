from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aligner.cli import settings
from aligner.cli.main import COMMANDS, call, cli

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a document, below the folder that settings are put into."""
    folder = tmp_path / "project/scripts"
    folder.mkdir(parents=True)
    (folder / "talk.txt").write_text("Hello.", encoding="utf-8")
    monkeypatch.chdir(folder)
    for name in ("ALIGNER_VOICE", "ALIGNER_FORMAT", "ELEVENLABS_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return folder


def voice(folder: Path, *arguments: str) -> str:
    assert call(["run", "talk.txt", "--out", "out", "--format", "json", "--force", *arguments]) == 0
    spoken: str = json.loads((folder / "out/talk.json").read_text(encoding="utf-8"))["speech"]["voice"]
    return spoken


def test_the_command_line_then_the_environment_then_dotenv_then_toml(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert voice(talk) == "en-us"
    (talk.parent / "aligner.toml").write_text('voice = "fr"\nformat = ["json", "srt"]\n', encoding="utf-8")
    assert voice(talk) == "fr"
    (talk / ".env").write_text("ALIGNER_VOICE=es\n", encoding="utf-8")
    assert voice(talk) == "es"
    monkeypatch.setenv("ALIGNER_VOICE", "it")
    assert voice(talk) == "it"
    assert voice(talk, "--voice", "de") == "de"


def test_the_nearest_toml_above_is_read(talk: Path) -> None:
    (talk.parent / "aligner.toml").write_text('voice = "fr"', encoding="utf-8")
    (talk / "aligner.toml").write_text("jobs = 1", encoding="utf-8")
    assert voice(talk) == "en-us"


def test_a_list_in_toml_is_a_list(talk: Path) -> None:
    (talk / "aligner.toml").write_text('format = ["srt", "vtt"]', encoding="utf-8")
    assert call(["run", "talk.txt", "--out", "out"]) == 0
    assert sorted(path.suffix for path in (talk / "out").iterdir()) == [".srt", ".vtt"]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('vioce = "de"', "did you mean voice"),
        ("voice = ", "cannot be read"),
        ('speed = "fast"', "speed"),
        ("speed = 9", "0.7<=x<=1.2"),
    ],
)
def test_a_wrong_setting_names_the_file_or_the_setting(
    talk: Path, capsys: pytest.CaptureFixture[str], toml: str, said: str
) -> None:
    (talk / "aligner.toml").write_text(toml, encoding="utf-8")
    assert call(["run", "talk.txt", "--out", "out"]) == 2
    assert said in capsys.readouterr().err


def test_one_toml_serves_all_commands(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (talk / "aligner.toml").write_text('port = 9\nvoice = "de"\nprofile = "ted"\nlanguage = "de"', encoding="utf-8")
    assert call(["voices"]) == 0
    assert "German" in capsys.readouterr().out


def test_every_option_of_every_command_can_be_set() -> None:
    named = {
        parameter.name
        for name in COMMANDS
        for parameter in (cli.get_command(None, name).params)  # type: ignore[arg-type, union-attr]  # not used
        if any(option.startswith("--") for option in parameter.opts)
    }
    assert named - settings.ALL == {"out", "dry_run", "force", "send_key", "as_json", "names"}


def test_the_key_comes_from_the_environment_or_dotenv_and_shows_as_stars(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.key() is None
    (talk / ".env").write_text("ELEVENLABS_API_KEY=from-file\n", encoding="utf-8")
    found = settings.key()
    assert found is not None
    assert (found.reveal(), str(found)) == ("from-file", "***")
    monkeypatch.setenv("ELEVENLABS_API_KEY", "from-environment")
    found = settings.key()
    assert found is not None
    assert found.reveal() == "from-environment"


def test_a_dotenv_that_cannot_be_read_is_named_and_not_quoted(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (talk / ".env").write_bytes(b"ELEVENLABS_API_KEY=s3cret\xff\n")
    assert call(["run", "talk.txt", "--out", "out"]) == 2
    told = capsys.readouterr().err
    assert ".env: cannot be read" in told
    assert "s3cret" not in told


def test_a_name_without_a_value_in_a_dotenv_says_nothing(talk: Path) -> None:
    (talk / ".env").write_text(
        "ALIGNER_SPEED=\nALIGNER_SEED=\nALIGNER_VOICE=es\nELEVENLABS_API_KEY=\n", encoding="utf-8"
    )
    assert voice(talk) == "es"
    assert settings.key() is None


def test_a_misspelt_setting_in_a_dotenv_is_named(talk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (talk / ".env").write_text("ALIGNER_AUTHORIZATION=x\nALIGNER_SPED=0.8\nOTHER=1\n", encoding="utf-8")
    assert call(["run", "talk.txt", "--out", "out"]) == 2
    assert "did you mean speed" in capsys.readouterr().err
