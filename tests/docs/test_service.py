"""Every documented ``curl`` works as it is printed, and what it prints is what the page says."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from docs.pages import DOCS, PAGES, blocks, name, read

from aligner.audio import measure, parse_format
from aligner.speech.server.relatives import models
from aligner.speech.server.statuses import status

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = "http://127.0.0.1:8080"
PAGE = DOCS / "reference" / "service.md"


def commands(page: Path) -> list[str]:
    return [
        line
        for block in blocks(page)
        if block.language == "console"
        for line in block.text.replace("\\\n", " ").splitlines()
        if line.startswith("curl ")
    ]


WITH_CURL = [(page, command) for page in PAGES for command in commands(page)]


def run(command: str, served: str, folder: Path) -> bytes:
    if shutil.which("curl") is None or shutil.which("sh") is None:
        pytest.skip("the commands are for a shell with curl")
    # With its own failure for what the service refuses.
    line = command.replace(SERVICE, served.replace("ws", "http", 1)).replace("curl ", "curl --fail-with-body ", 1)
    done = subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, check=False)  # noqa: S603, S607 - our own page
    assert done.returncode == 0, (command, done.stdout[:500], done.stderr[:500])
    return done.stdout


@pytest.mark.parametrize(
    ("page", "command"), WITH_CURL, ids=[f"{name(page)}-{n}" for n, (page, _) in enumerate(WITH_CURL)]
)
def test_every_curl_works_as_printed(page: Path, command: str, served: str, tmp_path: Path) -> None:
    assert SERVICE in command, name(page)
    said = run(command, served, tmp_path)
    written = list(tmp_path.iterdir())
    assert said or written
    for line in said.splitlines():
        assert json.loads(line)
    assert all(file.stat().st_size > 1_000 for file in written)


def test_there_are_commands_for_every_kind_of_address() -> None:
    text = "\n".join(commands(PAGE))
    for part in (
        "/health",
        "/stream?",
        "/with-timestamps",
        "/stream/with-timestamps",
        "/v2/voices",
        "/v1/models",
        "token",
    ):
        assert part in text


def test_the_sound_of_the_page_is_sound(served: str, tmp_path: Path) -> None:
    for command in commands(PAGE):
        if "-o hello" in command:
            run(command, served, tmp_path)
    assert measure(parse_format("mp3_44100_128"), [(tmp_path / "hello.mp3").read_bytes()]).rate == 44_100
    assert (tmp_path / "hello.wav").read_bytes()[:4] == b"RIFF"


def test_the_page_knows_every_model_and_its_limit() -> None:
    rows = [line for line in read(PAGE).splitlines() if line.startswith("| `eleven_")]
    for model in models.MODELS:
        (row,) = [row for row in rows if f"`{model.model_id}`" in row]
        assert f"| {model.longest:,} | {model.price:g} |" in row


def test_the_statuses_of_the_page_are_those_of_the_service() -> None:
    table = read(PAGE).partition("## Errors")[2].partition("##")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line[:3] in {f"| {n}" for n in range(3, 6)}]
    assert len(rows) == 9
    for codes, names in rows:
        for found in names.split("`")[1::2]:
            if found not in {"method_not_allowed", "request_too_large", "upgrade_required"}:  # HTTP's own, by aiohttp
                assert str(status(found).value) in codes
