"""Live use: against the embedded service, against sound that carries the truth, and against services that fail."""

from __future__ import annotations

import asyncio
import gc
import json
import os
from contextlib import aclosing, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from fakes import service as fake
from fakes.click_service import click_service
from fakes.clicks import Variant, heard

import aligner
from aligner import clock
from aligner.captions import profiles, segmentation
from aligner.documents import readers
from aligner.errors import ConnectionFailed, IncompleteSpeech, SpeechError, UsageError
from aligner.live import Audio, FinishedCue, SpokenWord

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Sequence

    from websockets.asyncio.server import ServerConnection

    from aligner.live import Event
    from aligner.model import Cue, Word

SAMPLES = [path for path in sorted((Path(__file__).parents[1] / "samples").iterdir()) if path.suffix in (".md", ".txt")]
LIGHTHOUSE = readers.read(SAMPLES[-1])
TEXT = LIGHTHOUSE.text[:1_100].rsplit(" ", 1)[0]
LOUD_RATE = 16_000


class Heard:
    """All that came, with what must be true of it at any time."""

    def __init__(self) -> None:
        self.sound = bytearray()
        self.words: list[Word] = []
        self.cues: list[Cue] = []
        self.now = 0

    def take(self, event: Event) -> None:
        match event:
            case Audio():
                assert event.start == self.now
                self.sound += event.data
                self.now = event.end
                assert event.end == clock.from_samples(len(self.sound) // 2, event.rate)
            case SpokenWord():
                assert event.index == len(self.words)
                assert event.word.end <= self.now
                self.words.append(event.word)
            case FinishedCue():
                shown = self.words[slice(*event.cue.words)]
                assert len(shown) == event.cue.words[1] - event.cue.words[0]
                assert (event.start, event.end) == (shown[0].start, shown[-1].end)
                self.cues.append(event.cue)

    @property
    def clicks(self) -> list[float]:
        return heard(np.frombuffer(bytes(self.sound), np.int16), LOUD_RATE)


async def hear(text: str | Iterable[str] | AsyncIterable[str], options: aligner.Options) -> Heard:
    found = Heard()
    async with aclosing(aligner.stream(text, options)) as events:
        async for event in events:
            found.take(event)
    return found


async def written(text: str, step: int = 5) -> AsyncGenerator[str, None]:
    for place in range(0, len(text), step):
        yield text[place : place + step]


def assert_cues(found: Heard, text: str, language: str = "en") -> None:
    assert tuple(found.cues) == segmentation.build(text, found.words, language, profiles.load("netflix", language))


def apart(ones: Sequence[Word | Cue], others: Sequence[Word | Cue]) -> int:
    """The most microseconds between the starts or ends of two rows."""
    pairs = list(zip(ones, others, strict=True))
    return max(max(abs(one.start - other.start), abs(one.end - other.end)) for one, other in pairs)


# -- the embedded service ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_streamed_is_what_a_run_writes(path: Path, tmp_path: Path) -> None:
    document = readers.read(path)
    options = aligner.Options(language=document.language, voice=document.front_matter.voice, seed=7, formats=("json",))
    assert aligner.speak([path], tmp_path, options).exit_code == 0
    narration = aligner.load(tmp_path / f"{path.stem}.json")
    found = asyncio.run(hear(document.text, options))
    assert [(word.text, word.span) for word in found.words] == [(word.text, word.span) for word in narration.words]
    # A run knows all of a session before it times it, to the last fraction of a millisecond.
    assert apart(found.words, narration.words) <= clock.MILLISECOND
    assert [(cue.lines, cue.words) for cue in found.cues] == [(cue.lines, cue.words) for cue in narration.cues]
    assert apart(found.cues, narration.cues) <= clock.SECOND / 24 + clock.MILLISECOND
    assert_cues(found, document.text, document.language)
    assert clock.to_milliseconds(found.now) == clock.to_milliseconds(narration.audio.duration)


def test_a_text_that_is_being_written_is_spoken_whole_over_several_sessions() -> None:
    options = aligner.Options(language="en", segment_size=300)
    found = asyncio.run(hear(written(TEXT), options))
    assert "".join(word.text for word in found.words) == "".join(TEXT.split())
    assert_cues(found, TEXT)


def test_a_plain_iterator_will_do_and_the_language_is_guessed() -> None:
    text = "Die Leute im Dorf wussten nicht mehr, wann der Uhrmacher gekommen war. Er sprach wenig und hörte gut zu. "
    found = asyncio.run(hear(text.split(" "), aligner.Options()))
    assert "".join(word.text for word in found.words) == "".join(text.split())
    joined = asyncio.run(hear((f"{word} " for word in text.split()), aligner.Options()))
    assert joined.cues
    assert_cues(joined, "".join(f"{word} " for word in text.split()), "de")


@pytest.mark.parametrize("text", ["", " \n", []])
def test_nothing_gives_nothing(text: str | list[str]) -> None:
    found = asyncio.run(hear(text, aligner.Options()))
    assert [*found.sound, *found.words, *found.cues] == []


def test_words_and_cues_come_while_the_speech_is_being_made() -> None:
    found = Heard()

    async def first_cue() -> int:
        async with aclosing(aligner.stream(LIGHTHOUSE.text, aligner.Options(language="en"))) as events:
            async for event in events:
                found.take(event)
                if found.cues:
                    return found.now
        return 0

    assert 0 < asyncio.run(first_cue()) < 40 * clock.SECOND


def descriptors() -> int:
    """How many files and sockets are open, where that can be told."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def children() -> list[str]:
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return path.read_text().split() if path.exists() else []


@pytest.mark.parametrize("events", [0, 1, 12])
@pytest.mark.parametrize("live", [False, True])
def test_leaving_early_leaves_nothing_behind(events: int, live: bool) -> None:  # noqa: FBT001 - a parameter of the test
    closed = []

    async def endless() -> AsyncGenerator[str, None]:
        try:
            for word in LIGHTHOUSE.text.split(" "):
                yield f"{word} "
            await asyncio.sleep(3_600)
        finally:
            closed.append(True)

    async def leave() -> None:
        before = children()
        async with aclosing(aligner.stream(endless() if live else LIGHTHOUSE.text)) as stream:
            for _ in range(events):
                await anext(stream)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert children() == before

    asyncio.run(leave())
    gc.collect()
    before = descriptors()
    asyncio.run(leave())
    gc.collect()
    assert descriptors() <= before
    assert closed == [True, True] * (live and events > 0)


def test_giving_up_while_it_waits_for_text_leaves_nothing_behind() -> None:
    async def silent() -> AsyncGenerator[str, None]:
        await asyncio.sleep(3_600)
        yield "never"

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await hear(silent(), aligner.Options())
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(give_up())


# -- sound that carries the truth -------------------------------------------------------------------------------------


async def clicked(variant: Variant, text: str | AsyncIterable[str]) -> Heard:
    async with click_service(variant, seed=3) as url:
        options = aligner.Options(engine=url, language="en", speech_format=f"pcm_{LOUD_RATE}", segment_size=500)
        return await hear(text, options)


def errors(found: Heard) -> list[float]:
    """Milliseconds between each word and its click."""
    starts = [word.start / 1_000 for word in found.words if any(map(str.isalnum, word.text))]
    return [abs(start - 1_000 * click) for start, click in zip(starts, found.clicks, strict=True)]


EXACT = {
    "plain": Variant(),
    "absolute": Variant(times="absolute"),
    "only the first is aligned": Variant(aligned="first"),
    "only the last is aligned": Variant(aligned="last"),
    "normalized only": Variant(normalized="only"),
    "told twice": Variant(partial=True),
    "sent twice": Variant(resent=True),
    "keep-alive": Variant(keep_alive=True),
}


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("live", [False, True])
def test_words_are_where_they_are_heard(name: str, live: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = asyncio.run(clicked(EXACT[name], written(TEXT) if live else TEXT))
    assert max(errors(found)) <= 1.5
    assert_cues(found, TEXT)


@pytest.mark.parametrize("variant", [Variant(tail=80), Variant(tail=300, tail_apart=True), Variant(truncated=True)])
def test_words_are_never_further_from_their_sound_than_the_service_cuts_apart(variant: Variant) -> None:
    found = asyncio.run(clicked(variant, TEXT))
    assert max(errors(found)) <= 250
    assert np.median(errors(found)) <= 40


# -- services that fail -----------------------------------------------------------------------------------------------


@asynccontextmanager
async def scripted(*frames: str, code: int = 1000) -> AsyncIterator[aligner.Options]:
    """A service that answers so once it has all of the text."""

    async def answer(connection: ServerConnection) -> None:
        await fake.texts(connection)
        for frame in frames:
            await connection.send(frame)
        await connection.close(code)

    async with fake.service(answer) as url:
        yield aligner.Options(engine=url, language="en", speech_format="pcm_8000", stall=5)


def failing(*frames: str, code: int = 1000) -> tuple[Heard, SpeechError]:
    found = Heard()

    async def run() -> None:
        async with scripted(*frames, code=code) as options, aclosing(aligner.stream("Hello you.", options)) as events:
            async for event in events:
                found.take(event)

    with pytest.raises(SpeechError) as raised:
        asyncio.run(run())
    return found, raised.value


SECOND = "A" * (4 * ((2 * 8000) // 3 + 1))
"""A second of sound, and a little more, in base64."""


def test_a_connection_that_dies_is_an_error_and_what_came_before_stays() -> None:
    found, error = failing(fake.audio(SECOND, "Hello ", 100), code=1011)
    assert isinstance(error, ConnectionFailed)
    assert [word.text for word in found.words] == ["Hello"]
    assert found.sound


def test_a_text_that_was_not_spoken_to_its_end_is_an_error() -> None:
    _, error = failing(fake.audio("AAAAAAAAAA==", "Hel", 1), fake.FINAL)
    assert isinstance(error, IncompleteSpeech)


def test_no_sound_is_an_error() -> None:
    _, error = failing(fake.FINAL)
    assert "no sound" in error.problem


def test_a_refusal_comes_out() -> None:
    refusal: dict[str, Any] = {"message": "Invalid API key", "error": "invalid_api_key", "code": 1008}
    _, error = failing(json.dumps(refusal), code=1008)
    assert isinstance(error, aligner.SpeechError)


@pytest.mark.parametrize(
    ("options", "mend"),
    [
        (aligner.Options(speech_format="mp3_44100_128"), "pcm"),
        (aligner.Options(ssml=True), "plain text"),
        (aligner.Options(profile="nowhere"), "choose"),
        (aligner.Options(engine="nowhere"), "choose"),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_spoken(options: aligner.Options, mend: str) -> None:
    with pytest.raises(UsageError) as raised:
        asyncio.run(hear("Hello.", options))
    assert mend in raised.value.mend


def test_sound_cut_inside_a_sample_is_handed_out_in_whole_ones() -> None:
    # 3 bytes, 3 bytes and the rest of the second: the middle byte belongs to two messages.
    frames = (fake.audio("AQAC"), fake.audio("AAMA"), fake.audio(SECOND, "Hello you. ", 50), fake.FINAL)
    pieces: list[Audio] = []

    async def run() -> None:
        async with scripted(*frames) as options:
            events = [event async for event in aligner.stream("Hello you.", options)]
            pieces.extend(event for event in events if isinstance(event, Audio))

    asyncio.run(run())
    assert all(len(piece.data) % 2 == 0 for piece in pieces)
    assert b"".join(piece.data for piece in pieces)[:6] == bytes((1, 0, 2, 0, 3, 0))
    assert all(a.end == b.start for a, b in pairwise(pieces))
