"""`aligner serve` as its operator sees it: options, log, metrics, faults, the end."""

from __future__ import annotations

import asyncio
import json
import signal
import urllib.request
from typing import TYPE_CHECKING, Any

import click
import pytest
from cli.test_serve import served
from fakes.talk import Heard, say, talk, target
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from aligner.cli import serve
from aligner.cli.main import call
from aligner.errors import UsageError
from aligner.speech.server.limits import Limits
from aligner.speech.server.operation import logs

if TYPE_CHECKING:
    from pathlib import Path

    from aligner.speech.server.options import ServiceOptions

TEXT = "A confidential sentence. "


def options(*arguments: str) -> ServiceOptions:
    """What the service is started with."""
    given = serve.command.make_context("serve", list(arguments)).params
    for name in ("log_format", "log_level"):
        given.pop(name)
    return serve._options(given)  # noqa: SLF001 - the service itself would run for ever


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_options_the_service_is_for_this_machine_alone() -> None:
    found = options()
    assert (found.host, found.port, found.api_key, found.allow_origins) == ("127.0.0.1", 8080, None, ())
    assert (found.workers, found.max_concurrent, found.character_limit, found.faults) == (None, None, None, None)
    assert (found.voices, found.dictionaries, found.limits) == (None, (), Limits())


def test_every_option_reaches_the_service() -> None:
    found = options(
        *("--host", "::1", "--port", "0", "--api-key", "k1", "--allow-origin", "https://a.example,https://b.example"),
        *("--workers", "3", "--max-concurrent", "4", "--max-characters", "500", "--character-limit", "9000"),
        *("--grace", "0", "--fault", "drop,slow", "--fault-seed", "7", "--fault-rate", "0.5"),
    )
    assert (found.host, found.port, found.workers, found.max_concurrent) == ("::1", 0, 3, 4)
    assert found.api_key is not None
    assert found.api_key.reveal() == "k1"
    assert found.allow_origins == ("https://a.example", "https://b.example")
    assert found.character_limit == 9000
    assert (found.limits.session_characters, found.limits.grace_seconds) == (500, 0)
    assert found.faults is not None
    assert found.faults.modes == ("drop", "slow")
    assert "k1" not in repr(found)


def test_folders_beside_are_taken_if_they_hold_what_they_should(tmp_path: Path) -> None:
    for name in ("voices", "dictionaries"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "readme.md").touch()
    found = options()
    assert (found.voices, found.dictionaries) == (None, ())
    (tmp_path / "voices/anna.toml").touch()
    (tmp_path / "dictionaries/names.pls").touch()
    found = options()
    assert (str(found.voices), [str(folder) for folder in found.dictionaries]) == ("voices", ["dictionaries"])


def test_folders_can_be_named(tmp_path: Path) -> None:
    for name in ("mine", "words"):
        (tmp_path / name).mkdir()
    found = options("--voices", "mine", "--dictionaries", "words")
    assert (str(found.voices), [str(folder) for folder in found.dictionaries]) == ("mine", ["words"])
    with pytest.raises(click.UsageError, match="does not exist"):
        options("--voices", "nowhere")


def test_an_unknown_fault_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError):
        options("--fault", "dorp")
    assert call(["serve", "--fault", "dorp"]) == 2
    assert "did you mean drop?" in capsys.readouterr().err


def test_the_choices_are_those_of_the_log() -> None:
    choices = {name.name: name.type.choices for name in serve.command.params if isinstance(name.type, click.Choice)}
    assert choices == {"log_format": logs.FORMATS, "log_level": logs.LEVELS}


def test_elsewhere_than_on_loopback_without_a_key_there_is_a_warning() -> None:
    for arguments, warned in ((("--host", "0.0.0.0"), True), (("--host", "0.0.0.0", "--api-key", "k"), False)):  # noqa: S104 - the point
        with served(*arguments, host="0.0.0.0") as (process, _):  # noqa: S104 - as above
            process.terminate()
            _, said = process.communicate()
        assert ("Warning: everybody who reaches 0.0.0.0 can use this service" in said) == warned


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.0.2", True), ("::1", True), ("127.example.org", False), ("::", False), ("", False)],
)
def test_all_of_127_is_loopback(host: str, here: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert bool(serve._LOOPBACK.fullmatch(host)) == here  # noqa: SLF001 - no machine has all of them to listen on


def test_the_log_as_json_tells_sessions_and_no_text() -> None:
    with served("--log-format", "json") as (process, url):
        asyncio.run(talk(url, TEXT, path=target(authorization="t0ken"), headers={"xi-api-key": "s3cret"}))
        process.terminate()
        _, said = process.communicate()
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines] == ["session_opened", "session_ended"]
    assert lines[0]["request_id"] == lines[1]["request_id"]
    assert (lines[1]["voice"], lines[1]["characters"], lines[1]["code"]) == ("en-us", len(TEXT), 1000)
    assert not any(word in said for word in ("confidential", "t0ken", "s3cret"))


def test_the_log_level_is_obeyed() -> None:
    with served("--log-level", "warning") as (process, url):
        asyncio.run(talk(url, TEXT))
        process.terminate()
        _, said = process.communicate()
    assert said == ""


def test_health_and_metrics_are_there() -> None:
    with served() as (_, url):
        asyncio.run(talk(url, TEXT))
        base = url.replace("ws://", "http://")
        with urllib.request.urlopen(f"{base}/health") as answer:  # noqa: S310 - our own
            assert json.load(answer)["status"] == "ok"
        with urllib.request.urlopen(f"{base}/metrics") as answer:  # noqa: S310 - our own
            figures = answer.read().decode()
    assert 'aligner_sessions_total{outcome="done"} 1.0' in figures
    assert f"aligner_characters_total {len(TEXT)}.0" in figures


def test_a_fault_is_seen_by_clients() -> None:
    with served("--fault", "busy") as (_, url):
        heard = asyncio.run(talk(url, TEXT))
    assert [message["error"] for message in heard.messages] == ["too_many_concurrent_requests"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_told_to_end_it_lets_speech_end_first(number: signal.Signals, code: int) -> None:
    async def use(url: str, process: Any) -> Heard:
        heard = Heard()
        async with connect(url + target(), max_size=None) as client:
            await say(client, " ", TEXT * 200, "")
            heard.messages.append(json.loads(await client.recv()))
            process.send_signal(number)
            try:
                while True:
                    heard.messages.append(json.loads(await client.recv()))
            except ConnectionClosed:
                heard.code = client.close_code
        return heard

    with served("--grace", "600") as (process, url):
        heard = asyncio.run(use(url, process))
        assert (heard.text, heard.code) == (TEXT * 200, 1000)
        assert process.wait() == code


def test_told_twice_it_ends_at_once() -> None:
    async def use(url: str, process: Any) -> int:
        async with connect(url + target(), max_size=None, max_queue=1) as client:
            await say(client, " ", TEXT * 4_000, "")
            await client.recv()
            client.transport.pause_reading()
            process.send_signal(signal.SIGINT)
            await asyncio.sleep(0.3)
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            code = await asyncio.to_thread(process.wait)
            client.transport.abort()
        return int(code)

    with served("--grace", "600") as (process, url):
        assert asyncio.run(use(url, process)) == 130
