from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import click
import pytest

from aligner.cli import main
from aligner.cli.main import COMMANDS, call, cli
from aligner.errors import AlignerError, KeyRefused, UsageError


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"  {name} " in told for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_with_every_option_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: aligner {name}")
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["--version"]) == 0
    assert importlib.metadata.version("aligner") in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["dance"], ["--dance"], ["run"], ["run", "a.txt"], ["serve", "--port", "x"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(arguments) == 2
    assert "Error" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UsageError("wrong", "--x", "mend it"), 2, "Error: --x: wrong; mend it"),
        (KeyRefused("no"), 2, "Error: no"),
        (AlignerError("broken"), 1, "Error: broken"),
        (KeyboardInterrupt(), 130, "Interrupted"),
        (click.Abort(), 130, "Interrupted"),
    ],
)
def test_an_error_is_one_sentence_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(main.cli, "main", fail)
    assert call([]) == code
    assert capsys.readouterr().err.startswith(said)


def test_the_module_and_the_script_are_the_same_command() -> None:
    for command in ([sys.executable, "-m", "aligner"], [sys.executable, "-m", "aligner.cli.main"]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - our own
        assert done.stdout.startswith("aligner")
