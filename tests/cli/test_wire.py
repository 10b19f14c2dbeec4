"""Every setting of how a document is spoken reaches the service, wherever it was set."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fakes.background import running
from fakes.service import FINAL, audio, service, texts

import aligner
from aligner.cli.main import call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from websockets.asyncio.server import ServerConnection

QUERY = {
    "model_id": "eleven_flash_v2_5",
    "language_code": "de",
    "output_format": "pcm_16000",
    "sync_alignment": "true",
    "apply_text_normalization": "on",
    "enable_ssml_parsing": "true",
    "seed": "7",
}
FIRST = {
    "text": " ",
    "voice_settings": {
        "stability": 0.1,
        "similarity_boost": 0.2,
        "style": 0.3,
        "use_speaker_boost": False,
        "speed": 0.9,
    },
    "generation_config": {"chunk_length_schedule": [50, 90]},
    "pronunciation_dictionary_locators": [
        {"pronunciation_dictionary_id": "names", "version_id": "v1"},
        {"pronunciation_dictionary_id": "more", "version_id": None},
    ],
}
SETTINGS: Mapping[str, str] = {
    "voice": "anna",
    "model": "eleven_flash_v2_5",
    "language": "de",
    "speech-format": "pcm_16000",
    "stability": "0.1",
    "similarity-boost": "0.2",
    "style": "0.3",
    "speed": "0.9",
    "seed": "7",
    "chunk-length-schedule": "50,90",
    "normalize": "on",
    "dictionary": "names:v1,more",
}


class Seen:
    """What a service was asked for."""

    def __init__(self) -> None:
        self.path = ""
        self.query: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.first: dict[str, Any] = {}

    async def script(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        parts = urlsplit(connection.request.path)
        self.path, self.headers = parts.path, {k.lower(): v for k, v in connection.request.headers.raw_items()}
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.first = json.loads(await connection.recv())
        text = "".join(await texts(connection))
        await connection.send(audio("AAAA" * 20_000, text, step=10))
        await connection.send(FINAL)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("ALIGNER_", "ELEVENLABS_")):
            monkeypatch.delenv(name)
    (tmp_path / "talk.txt").write_text("Guten Tag.", encoding="utf-8")
    return tmp_path


def asked(run: Callable[[str], int]) -> Seen:
    seen = Seen()
    with running(service(seen.script)) as url:
        assert run(url) == 0
    return seen


def check(seen: Seen) -> None:
    assert seen.path == "/v1/text-to-speech/anna/stream-input"
    assert seen.query == QUERY
    assert seen.first == FIRST


def run(url: str, *arguments: str) -> int:
    return call(["run", "talk.txt", "--out", "out", "--engine", url, *arguments])


@pytest.mark.usefixtures("here")
def test_from_the_command_line() -> None:
    given = [word for name, value in SETTINGS.items() for word in (f"--{name}", value)]
    check(asked(lambda url: run(url, *given, "--ssml", "--no-speaker-boost")))


@pytest.mark.usefixtures("here")
def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SETTINGS, "ssml": "true", "speaker-boost": "false"}.items():
        monkeypatch.setenv(f"ALIGNER_{name.replace('-', '_').upper()}", value)
    check(asked(run))


def test_from_a_dotenv(here: Path) -> None:
    given = {**SETTINGS, "ssml": "yes", "speaker-boost": "no"}
    lines = [f"ALIGNER_{name.replace('-', '_').upper()}={value}" for name, value in given.items()]
    (here / ".env").write_text("\n".join(lines), encoding="utf-8")
    check(asked(run))


def test_from_a_toml(here: Path) -> None:
    lines = [f'{name} = "{value}"' for name, value in SETTINGS.items() if name != "dictionary"]
    lines += ['dictionary = ["names:v1", "more"]', "ssml = true", "speaker-boost = false"]
    (here / "aligner.toml").write_text("\n".join(lines), encoding="utf-8")
    check(asked(run))


@pytest.mark.usefixtures("here")
def test_from_the_python_interface() -> None:
    def spoken(url: str) -> int:
        options = aligner.Options(
            url,
            voice="anna",
            model="eleven_flash_v2_5",
            language="de",
            speech_format="pcm_16000",
            voice_settings=aligner.VoiceSettings(0.1, 0.2, 0.3, use_speaker_boost=False, speed=0.9),
            seed=7,
            chunk_length_schedule=(50, 90),
            normalize="on",
            ssml=True,
            dictionaries=(("names", "v1"), ("more", None)),
        )
        return aligner.speak(["talk.txt"], "out", options).exit_code

    check(asked(spoken))


def test_from_the_front_matter(here: Path) -> None:
    (here / "talk.txt").write_text(
        "---\nvoice: anna\nmodel: eleven_flash_v2_5\nlanguage: de\nseed: 7\nstability: 0.1\nsimilarity_boost: 0.2\n"
        "style: 0.3\nuse_speaker_boost: false\nspeed: 0.9\nssml: true\nnormalize: on\n---\nGuten Tag.",
        encoding="utf-8",
    )
    rest = ["--speech-format", "pcm_16000", "--chunk-length-schedule", "50,90", "--dictionary", "names:v1,more"]
    check(asked(lambda url: run(url, *rest, "--voice", "berta", "--normalize", "off", "--speaker-boost")))


@pytest.mark.usefixtures("here")
def test_what_nobody_sets_is_left_to_the_service() -> None:
    seen = asked(lambda url: run(url, "--speech-format", "pcm_16000"))
    assert seen.first == {"text": " "}
    assert set(seen.query) == {"language_code", "output_format", "sync_alignment"}


def test_the_key_and_the_tokens_of_a_dotenv_reach_the_service_and_nothing_else(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / ".env").write_text(
        "ELEVENLABS_API_KEY=k3y-of-gold\nALIGNER_AUTHORIZATION=Bearer t0ken-of-gold\n"
        "ALIGNER_SINGLE_USE_TOKEN=once-of-gold\n",
        encoding="utf-8",
    )
    seen = asked(lambda url: run(url, "--speech-format", "pcm_16000", "--log", "run.log"))
    assert seen.headers["xi-api-key"] == "k3y-of-gold"
    assert seen.query["authorization"] == "Bearer t0ken-of-gold"
    assert seen.query["single_use_token"] == "once-of-gold"  # noqa: S105 - a token for the test
    told = capsys.readouterr()
    assert "of-gold" not in told.out + told.err
    written = [*(here / "out").iterdir(), here / "run.log"]
    assert len(written) == 5
    assert not any(b"of-gold" in path.read_bytes() for path in written)


@pytest.mark.usefixtures("here")
def test_no_option_takes_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    call(["run", "--help"])
    told = capsys.readouterr().out
    assert "token" not in told
    assert "--authorization" not in told
