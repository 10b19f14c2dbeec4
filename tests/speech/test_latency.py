from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from fakes.click_service import click_service
from fakes.service import FINAL, service, texts

from aligner.errors import IncompleteSpeech, UsageError
from aligner.model import Secret
from aligner.speech import engines
from aligner.speech.latency import TEXTS, Measurement, Sample, Trial, measure

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection


def measured(count: int = 3, **texts_: str) -> tuple[tuple[Measurement, ...], list[str]]:
    told: list[str] = []

    async def run() -> tuple[Measurement, ...]:
        async with click_service() as url:
            trial = Trial(engines.resolve(url), speech_format="pcm_16000", count=count, texts=texts_ or None)
            return await measure(trial, lambda name, _sample: told.append(name))

    return asyncio.run(run()), told


def test_each_text_is_spoken_so_often() -> None:
    found, told = measured()
    assert told == ["short"] * 3 + ["long"] * 3
    assert [(one.name, one.characters, len(one.samples)) for one in found] == [
        (name, len(text), 3) for name, text in TEXTS.items()
    ]
    assert all(sample.connect > 0 and sample.real_time_factor > 0 for one in found for sample in one.samples)


def test_own_texts_take_the_place_of_both() -> None:
    found, told = measured(1, mine="My own text.")
    assert told == ["mine"]
    assert found[0].characters == len("My own text.")


def test_median_and_p95_say_what_nineteen_of_twenty_reach() -> None:
    samples = tuple(Sample(number, 10 * number, float(100 - number)) for number in range(101))
    assert Measurement("x", 1, samples).summary() == {
        "connect": (50, 95),
        "first_byte": (500, 950),
        "real_time_factor": (50, 5),
    }


def test_what_a_paid_engine_bills_is_known_before() -> None:
    paid = engines.resolve("elevenlabs", Secret("k3y"))
    assert Trial(paid).characters == 10 * sum(map(len, TEXTS.values()))
    assert Trial(paid, count=2, texts={"mine": "abc"}).characters == 6


def test_on_a_paid_engine_no_session_goes_uncounted() -> None:
    """The engine's own name stands for the money; its address is the scripted service's."""
    asked: list[str] = []

    async def look(connection: ServerConnection) -> None:
        assert connection.request is not None
        asked.append(connection.request.path)
        await texts(connection)
        await connection.send(json.dumps({"audio": "AAAA" * 100, "isFinal": None}))
        await connection.send(FINAL)

    async def run() -> None:
        async with service(look) as url:
            paid = engines.Engine("elevenlabs", url, "pcm_16000", 2, "v", "eleven_multilingual_v2", paid=True)
            await measure(Trial(paid, count=2, texts={"mine": "Hello."}))

    asyncio.run(run())
    assert len(asked) == 2
    assert "language_code" not in asked[0]


@pytest.mark.parametrize(
    ("trial", "said"),
    [
        (Trial(engines.resolve("local"), count=0), "name 1 or more"),
        (Trial(engines.resolve("local"), voice="klingon"), "unknown voice"),
        (Trial(engines.resolve("local"), speech_format="mp4"), "unknown sound format"),
        (Trial(engines.resolve("local"), language="tlh"), "no voice is known"),
    ],
)
def test_wrong_settings_are_said_before_anything_is_spoken(trial: Trial, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asyncio.run(measure(trial))


def test_a_service_without_sound_is_a_fault() -> None:
    async def mute(connection: ServerConnection) -> None:
        await texts(connection)
        await connection.send(FINAL)

    async def run() -> None:
        async with service(mute) as url:
            await measure(Trial(engines.resolve(url)))

    with pytest.raises(IncompleteSpeech, match="no sound"):
        asyncio.run(run())
