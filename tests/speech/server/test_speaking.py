from __future__ import annotations

import asyncio
from array import array
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from aligner.errors import EngineError, ServiceBusy
from aligner.speech.address import Address
from aligner.speech.protocol import Opening
from aligner.speech.refusals import Refusal, Refused
from aligner.speech.server import speaking
from aligner.speech.server.terms import Terms, admit
from aligner.speech.server.text.passage import Note, Passage
from aligner.speech.server.voice.pipe import Job, Spoken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aligner.speech.server.speaking import Message

STEP = 1_000
"""Samples a character of the pool below."""


class Pool:
    """Speaks everything at once, evenly; what begins with an exclamation mark cannot be spoken."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.urgent: list[bool] = []
        self.under_way = 0
        self.hold: asyncio.Event | None = None

    async def speak(self, job: Job, *, urgent: bool = False) -> Spoken:
        self.jobs.append(job)
        self.urgent.append(urgent)
        self.under_way += 1
        try:
            if self.hold:
                await self.hold.wait()
            else:
                await asyncio.sleep(0)
        finally:
            self.under_way -= 1
        text = job.text.decode()
        if text.startswith("!"):
            raise EngineError("it cannot be said")
        if text.startswith("?"):
            raise ServiceBusy("full")
        return Spoken(bytes(2 * STEP * len(text)), array("i", range(0, STEP * (len(text) + 1), STEP)).tobytes())


class Gate:
    def __init__(self, room: int = 1) -> None:
        self.room = room
        self.entered = self.left = 0

    def enter(self) -> None:
        if self.entered - self.left == self.room:
            raise Refused(Refusal("too_many_concurrent_requests", "full"))
        self.entered += 1

    def leave(self) -> None:
        self.left += 1


def terms(voice: str = "en-us", **query: object) -> Terms:
    address = Address(voice, output_format="pcm_22050", sync_alignment=True)
    return admit(_with(address, query), Opening())


def _with(address: Address, query: dict[str, object]) -> Address:
    from dataclasses import replace  # noqa: PLC0415 - used here alone

    return replace(address, **query)  # type: ignore[arg-type]  # names and values of the test's own


async def given(*generations: Passage) -> AsyncIterator[Passage]:
    for generation in generations:
        yield generation


async def heard(pool: Pool, wanted: Terms, *generations: Passage, gate: Gate | None = None) -> list[Message]:
    found = []
    async with aclosing(speaking.speak(given(*generations), wanted, pool, gate)) as messages:  # type: ignore[arg-type]  # it is used as one
        async for message in messages:
            found.append(message)  # noqa: PERF401 - what was there before an error counts
    return found


def text(messages: list[Message], name: str = "alignment") -> str:
    return "".join(alignment.text for message in messages if (alignment := getattr(message, name)))


def test_all_generations_come_in_order_with_all_their_sound() -> None:
    pool = Pool()
    messages = asyncio.run(heard(pool, terms(), Passage("One. Two. "), Passage("Three. ")))
    assert text(messages) == "One. Two. Three. "
    assert text(messages, "normalized") == " One. Two.  Three. "
    assert sum(len(message.audio) for message in messages) == 2 * STEP * 17
    assert [job.text for job in pool.jobs] == [b"One. ", b"Two. ", b"Three. "]


def test_a_pause_is_silence_with_the_time_of_the_blank_before_it() -> None:
    passage = Passage("One. Two. ", (Note(5, 5, pause=1_000_000),))
    messages = asyncio.run(heard(Pool(), terms(), passage))
    assert sum(len(message.audio) for message in messages) == 2 * (10 * STEP + 22_050)
    durations = [
        (character, duration)
        for message in messages
        if message.alignment
        for character, duration in zip(message.alignment.characters, message.alignment.durations, strict=True)
    ]
    assert "".join(character for character, _ in durations) == "One. Two. "
    assert abs(durations[4][1] - 1_045_351) <= 1_000
    assert all(abs(duration - 45_351) <= 1_000 for _, duration in durations[:4])


def test_chinese_is_written_as_sent_and_said_in_pinyin() -> None:
    messages = asyncio.run(heard(Pool(), terms("cmn"), Passage("你好 ")))
    assert text(messages) == "你好 "
    assert text(messages, "normalized").startswith(" n")
    assert "你" not in text(messages, "normalized")


def test_what_cannot_be_spoken_is_refused_in_its_turn() -> None:
    async def run() -> list[Message]:
        messages = speaking.speak(given(Passage("One. "), Passage("! ")), terms(), Pool())  # type: ignore[arg-type]  # as above
        found = [await anext(messages), await anext(messages)]
        with pytest.raises(Refused, match="it cannot be said") as refused:
            await anext(messages)
        assert refused.value.refusal.error == "speech_failed"
        return found

    assert text(asyncio.run(run())) == "One. "


def test_a_pool_without_room_is_a_busy_system() -> None:
    with pytest.raises(Refused) as refused:
        asyncio.run(heard(Pool(), terms(), Passage("? ")))
    assert refused.value.refusal.error == "system_busy"


def test_a_text_that_the_voice_cannot_read_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        asyncio.run(heard(Pool(), terms("ja"), Passage("漢字 ")))
    assert refused.value.refusal.error == "unsupported_text"


@pytest.mark.parametrize("written", ["きょうは21にち。 ", "2026-11-21 12:30 ", "10 km, 3.14 m², ¥5, 50 % "])
def test_what_is_spelt_out_never_makes_a_text_unreadable(written: str) -> None:
    pool = Pool()
    asyncio.run(heard(pool, terms("ja"), Passage(written)))
    assert "1" not in "".join(job.text.decode() for job in pool.jobs)


def test_only_a_few_utterances_are_spoken_ahead() -> None:
    async def run() -> None:
        pool = Pool()
        messages = speaking.speak(given(Passage("Word one. " * 90)), terms(), pool)  # type: ignore[arg-type]  # as above
        await anext(messages)
        before = len(pool.jobs)
        await asyncio.sleep(0.05)
        assert len(pool.jobs) <= before + speaking.AHEAD + 1
        await messages.aclose()

    asyncio.run(run())


def test_who_stops_listening_leaves_nothing_under_way() -> None:
    async def run() -> None:
        pool = Pool()
        pool.hold = asyncio.Event()
        messages = speaking.speak(given(Passage("Word one. " * 9)), terms(), pool)  # type: ignore[arg-type]  # as above
        waiting = asyncio.ensure_future(anext(messages))
        await asyncio.sleep(0.05)
        assert pool.under_way == speaking.AHEAD + 2
        waiting.cancel()
        await asyncio.wait([waiting])
        await messages.aclose()
        assert pool.under_way == 0
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())


def test_a_session_counts_only_while_it_generates() -> None:
    async def run() -> None:
        gate, more = Gate(), asyncio.Event()

        async def slowly() -> AsyncIterator[Passage]:
            yield Passage("One. ")
            await more.wait()
            yield Passage("Two. ")

        spans = 0
        async for message in speaking.speak(slowly(), terms(), Pool(), gate):  # type: ignore[arg-type]  # as above
            spans += len(message.audio)
            if spans == 2 * STEP * 5:
                await asyncio.sleep(0.01)
                asyncio.get_running_loop().call_later(0.01, more.set)
        assert (gate.entered, gate.left) == (2, 2)

    asyncio.run(run())


def test_only_what_somebody_waits_for_is_urgent() -> None:
    pool = Pool()
    asyncio.run(heard(pool, terms(), Passage("One. Two. "), Passage("Three. ")))
    assert pool.urgent == [True, False, False]


def test_past_the_gate_nothing_is_spoken() -> None:
    pool = Pool()
    with pytest.raises(Refused) as refused:
        asyncio.run(heard(pool, terms(), Passage("One. "), gate=Gate(room=0)))
    assert refused.value.refusal.error == "too_many_concurrent_requests"
    assert pool.jobs == []


def test_a_text_as_a_whole_is_due_at_once() -> None:
    async def run() -> list[Passage]:
        return [passage async for passage in speaking.whole("Short.", terms())]

    assert asyncio.run(run()) == [Passage("Short. ")]


def test_a_fault_of_our_own_is_an_internal_error_and_is_not_hidden() -> None:
    class Broken(Pool):
        async def speak(self, job: Job, *, urgent: bool = False) -> Spoken:
            raise KeyError(job.voice, urgent)

    with pytest.raises(KeyError):
        asyncio.run(heard(Broken(), terms(), Passage("One. ")))
