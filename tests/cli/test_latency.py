from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from fakes.background import running
from fakes.click_service import click_service
from fakes.service import FINAL, audio, service, texts
from hypothesis import given
from hypothesis import strategies as st

from aligner.cli.latency import bars
from aligner.cli.main import call

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.asyncio.server import ServerConnection


def measured(*arguments: str) -> int:
    with running(click_service()) as url:
        return call(["latency", "--engine", url, "--speech-format", "pcm_16000", "--count", "3", *arguments])


def test_a_table_with_median_p95_and_a_chart(capsys: pytest.CaptureFixture[str]) -> None:
    assert measured() == 0
    told = capsys.readouterr()
    assert all(word in told.out for word in ("median", "p95", "short", "long", "connected", "first sound", "█"))
    lines = told.err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["short"] * 3 + ["long"] * 3
    assert all("connected in" in line and "first sound after" in line for line in lines)


def test_json_has_every_session_in_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    assert measured("--json", "--text", "One two three.") == 0
    told = json.loads(capsys.readouterr().out)
    (text,) = told["texts"]
    assert (text["name"], text["characters"], text["sessions"]) == ("text", 14, 3)
    assert set(text["samples"][0]) == {"connect_ms", "first_byte_ms", "real_time_factor"}
    assert len(text["samples"]) == 3
    slowest = max(sample["first_byte_ms"] for sample in text["samples"])
    assert 0 < text["first_byte_ms"]["median"] <= text["first_byte_ms"]["p95"] <= slowest


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--engine", "lokal"], 2, "unknown engine"),
        (["--engine", "elevenlabs"], 2, "ELEVENLABS_API_KEY"),
        (["--voice", "klingon"], 2, "unknown voice"),
        (["--count", "0"], 2, "--count"),
        (["--text", ""], 2, "write a text"),
        (["--text", "a\udcff"], 2, "write a text"),
        (["--voices", "nowhere"], 2, "no such folder"),
        (["--engine", "ws://127.0.0.1:1"], 1, "cannot be reached"),
    ],
)
def test_exit_codes(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.delenv("ELEVENLABS_API_KEY", raising=False)
    assert call(["latency", *arguments]) == code
    assert said in capsys.readouterr().err


@given(st.lists(st.floats(0, 1e9), max_size=200))
def test_a_chart_has_a_bar_a_value_and_at_most_forty(values: list[float]) -> None:
    chart = bars(values)
    assert len(chart) == len(values) if len(values) <= 40 else 20 <= len(chart) <= 40
    assert set(chart) <= set("▁▂▃▄▅▆▇█")
    if values and len(values) <= 40 and max(values) > 0:
        assert chart[values.index(max(values))] == "█"


def test_the_key_of_a_dotenv_is_used_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ELEVENLABS_API_KEY", raising=False)
    (tmp_path / ".env").write_text("ELEVENLABS_API_KEY=k3y-of-gold\n", encoding="utf-8")
    keys: list[str | None] = []

    async def look(connection: ServerConnection) -> None:
        assert connection.request is not None
        keys.append(connection.request.headers.get("xi-api-key"))
        await texts(connection)
        await connection.send(audio("AAAA" * 100, "Hi."))
        await connection.send(FINAL)

    with running(service(look)) as url:
        arguments = ["--engine", url, "--speech-format", "pcm_16000", "--text", "Hi.", "--count", "1", "--json"]
        assert call(["latency", *arguments]) == 0
    assert set(keys) == {"k3y-of-gold"}
    told = capsys.readouterr()
    assert "of-gold" not in told.out + told.err


def test_a_voice_of_ones_own_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices/tom.toml").write_text('voice = "en-gb"\nspeed = 0.5', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert call(["latency", "--voice", "tom", "--count", "1", "--text", "Hello."]) == 0
    assert "first sound" in capsys.readouterr().out
