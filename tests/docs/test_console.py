"""Every documented command line is run as it stands."""

from __future__ import annotations

import io
import re
import shlex
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, NamedTuple

import pytest
from docs.pages import PAGES, blocks, name

from aligner.cli.main import call

if TYPE_CHECKING:
    from pathlib import Path

    from docs.pages import Block

NOT_RUN = {
    "aligner voices --engine elevenlabs": "asks the paid service",
    "aligner run scripts --out captions --engine elevenlabs --voice JBFqnCBsd6RMkjVDRZzb": "speaks on the paid service",
    "aligner latency --engine elevenlabs --model eleven_flash_v2_5 --count 3": "speaks on the paid service",
    "aligner serve": "runs until it is stopped; the fixture `served` runs it",
    "aligner serve --port 9000 --api-key something-secret": "runs until it is stopped",
    "aligner serve --dictionaries dictionaries": "runs until it is stopped",
    "aligner serve --log-format json": "runs until it is stopped",
    "aligner serve --fault drop,split-words --fault-rate 0.2 --fault-seed 1": "runs until it is stopped",
    "aligner run scripts --out captions --engine wss://speech.example.org --voice anna": "there is no such service",
}
"""The only lines that are not run, and why."""

_COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )*aligner ")


class Line(NamedTuple):
    """One command line, taken apart as a shell does."""

    text: str
    environment: dict[str, str]
    arguments: list[str]
    stdin: str | None
    stdout: str | None


def lines(block: Block) -> list[str]:
    """The commands of a block; a backslash at a line's end joins it with the next."""
    found = block.text.replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in found if _COMMAND.match(line)]


def parsed(text: str) -> Line:
    words = shlex.split(text, comments=True)
    environment: dict[str, str] = {}
    while "=" in words[0]:
        key, _, value = words.pop(0).partition("=")
        environment[key] = value
    files = {sign: words[words.index(sign) + 1] if sign in words else None for sign in "<>"}
    redirected = min((words.index(sign) for sign in "<>" if sign in words), default=len(words))
    return Line(text, environment, words[1:redirected], files["<"], files[">"])


def write(block: Block, folder: Path) -> None:
    """The file that the reader is asked to write."""
    assert block.file is not None
    path = folder / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")


def run(line: Line, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    with monkeypatch.context() as patch:
        for key, value in line.environment.items():
            patch.setenv(key, value)
        if line.stdin:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((folder / line.stdin).read_bytes())))
        # With bytes beneath, as the real one has them: commands write both.
        said = io.BytesIO()
        with redirect_stdout(io.TextIOWrapper(said, encoding="utf-8", write_through=True)):
            code = call(line.arguments)
    if line.stdout:
        (folder / line.stdout).write_bytes(said.getvalue())
    return code


WITH_COMMANDS = [page for page in PAGES if any(lines(block) for block in blocks(page) if block.language == "console")]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name)
def test_every_command_line_works(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for block in blocks(page):
        if block.file:
            write(block, folder)
        for text in lines(block) if block.language == "console" else []:
            if text not in NOT_RUN:
                assert run(parsed(text), folder, monkeypatch) == 0, text


def test_what_is_not_run_is_really_there() -> None:
    documented = {text for page in PAGES for block in blocks(page) for text in lines(block)}
    assert NOT_RUN.keys() - documented == set()


def test_commands_stand_in_console_blocks_only() -> None:
    elsewhere = [
        (name(page), text)
        for page in PAGES
        for block in blocks(page)
        if block.language != "console"
        for text in lines(block)
        if "[OPTIONS]" not in text
    ]
    assert elsewhere == []
