"""One document from end to end, with a speaker that is a function: no socket, no service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from fakes.clicks import speak

from aligner import pipeline
from aligner.audio import parse_format
from aligner.errors import AlignerError, ConnectionFailed, OutputError
from aligner.model import Chunk, Document, Latency, Narration, Segment, Speech, VoiceSettings
from aligner.outputs import timing
from aligner.pipeline import Speaker, Style, Target, Told

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

FORMAT = "pcm_16000"
TEXT = "\n\n".join(f"Paragraph {number} has a sentence or two. They are not long." for number in range(40))
DOCUMENT = Document("talk.txt", TEXT, "en")


LATENCY = Latency(1_000, 20_000, 100_000)


async def clicks(segment: Segment) -> Speech:
    return Speech(speak(segment.text, parse_format(FORMAT)).chunks, LATENCY)


def target(folder: Path, *names: str) -> Target:
    return Target({name: folder / f"talk.{name}" for name in names or ("json", "srt", "vtt", "mp3")})


def run(
    folder: Path,
    speaker: Callable[[Segment], Awaitable[Speech]] = clicks,
    tell: Callable[[Told], None] = lambda _told: None,
) -> Narration:
    spoken = Speaker(speaker, FORMAT, {"engine": "clicks"}, ahead=3, segment_size=300)
    return asyncio.run(pipeline.run(DOCUMENT, spoken, Style(), target(folder), tell))


def test_a_document_becomes_a_narration_and_its_files(tmp_path: Path) -> None:
    narration = run(tmp_path)
    assert [word.text for word in narration.words] == TEXT.split()
    assert narration.audio.file == "talk.mp3"
    assert narration.speech["engine"] == "clicks"
    assert timing.parse((tmp_path / "talk.json").read_bytes(), "talk.json").words == narration_in_ms(narration)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["talk.json", "talk.mp3", "talk.srt", "talk.vtt"]


def narration_in_ms(narration: Narration) -> object:
    return timing.parse(timing.render(narration), "again").words


def test_segments_are_told_in_order_and_fill_the_text(tmp_path: Path) -> None:
    told: list[Told] = []
    narration = run(tmp_path, tell=told.append)
    assert "".join(one.segment.text for one in told) == TEXT
    assert sum(one.duration for one in told) == pytest.approx(narration.audio.duration, abs=1_000)
    assert [one.warning for one in told] == [None] * len(told)


def test_at_most_so_many_segments_are_under_way(tmp_path: Path) -> None:
    now, most = 0, 0

    async def counted(segment: Segment) -> Speech:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.001)
        now -= 1
        return await clicks(segment)

    run(tmp_path, counted)
    assert most == 3


def test_the_order_of_arrival_changes_nothing(tmp_path: Path) -> None:
    async def late_first(segment: Segment) -> Speech:
        await asyncio.sleep(0.02 if segment.text.startswith("Paragraph 0") else 0)
        return await clicks(segment)

    assert run(tmp_path, late_first).words == run(tmp_path).words


def test_a_failure_names_document_and_segment_and_leaves_nothing(tmp_path: Path) -> None:
    started: list[str] = []

    async def fails(segment: Segment) -> Speech:
        started.append(segment.text)
        if "Paragraph 12" in segment.text:
            raise ConnectionFailed("gone", mend="try again")
        return await clicks(segment)

    with pytest.raises(ConnectionFailed, match=r"talk\.txt, segment \d+ of \d+ \(“Paragraph .*gone; try again"):
        run(tmp_path, fails)
    assert list(tmp_path.iterdir()) == []
    assert len(started) < len(TEXT) / 300


def test_a_failure_leaves_what_was_there_before(tmp_path: Path) -> None:
    run(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    async def fails(_segment: Segment) -> Speech:
        raise ConnectionFailed("gone")

    with pytest.raises(ConnectionFailed):
        run(tmp_path, fails)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_where_a_file_should_be_is_said_before_speaking(tmp_path: Path) -> None:
    (tmp_path / "talk.srt").mkdir()
    with pytest.raises(OutputError, match=r"talk\.srt"):
        run(tmp_path)


def test_alignment_that_is_missing_is_worth_a_warning(tmp_path: Path) -> None:
    async def untimed(segment: Segment) -> Speech:
        return Speech(tuple(Chunk(chunk.audio) for chunk in (await clicks(segment)).chunks), LATENCY)

    told: list[Told] = []
    run(tmp_path, untimed, told.append)
    assert all(one.warning and "timed only 0 of" in one.warning for one in told)


def test_other_captions_of_the_same_words(tmp_path: Path) -> None:
    narration = run(tmp_path)
    again = pipeline.recaption(narration, Style("social"))
    assert again.words == narration.words
    assert again.cues != narration.cues
    pipeline.write(again, target(tmp_path, "srt"))
    assert (tmp_path / "talk.srt").read_text(encoding="utf-8").count(" --> ") == len(again.cues)


def test_a_documents_own_voice_settings_win() -> None:
    run_wide, own = VoiceSettings(stability=0.1, speed=0.9), VoiceSettings(speed=1.1)
    assert pipeline.settings(run_wide, own) == VoiceSettings(stability=0.1, speed=1.1)


def test_a_segment_that_cannot_be_placed_stops_the_others_at_once(tmp_path: Path) -> None:
    cancelled: list[str] = []

    async def no_sound_first(segment: Segment) -> Speech:
        if segment.text.startswith("Paragraph 0"):
            return Speech((), LATENCY)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(segment.text)
            raise
        return Speech((), LATENCY)

    async def spoken() -> int:
        """How many were cancelled by the time the error arrives: its traceback keeps everything else alive."""
        speaker = Speaker(no_sound_first, FORMAT, {}, ahead=3, segment_size=300)
        with pytest.raises(AlignerError, match="segment 1 of"):
            await pipeline.run(DOCUMENT, speaker, Style(), target(tmp_path), lambda _told: None)
        return len(cancelled)

    assert asyncio.run(spoken()) == 2
