from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner import feeding
from aligner.errors import UsageError
from aligner.speech.portions import PIECE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator

    from aligner.feeding import Feed

TEXT = "The keeper came down. Nobody spoke to him; the wind had taken every word. “Sorry,” he said. " * 12


async def written(pieces: Iterable[str]) -> AsyncGenerator[str, None]:
    for piece in pieces:
        yield piece


async def fed(feed: Feed) -> tuple[list[list[str]], list[tuple[int, int]], str]:
    """The messages of each session, where each begins and ends, and the text that was told."""
    sessions, places, told, lasts = [], [], [], 0
    while await feed.more():
        begin = feed.start
        sessions.append([text async for text in feed.texts()])
        places.append((begin, feed.sent))
        text, last = feed.news()
        told.append(text)
        lasts += last
    text, last = feed.news()
    await feed.aclose()
    assert lasts + last == 1
    return sessions, places, "".join([*told, text])


def feed_all(
    text: str | Iterable[str] | AsyncIterable[str], size: int
) -> tuple[list[list[str]], list[tuple[int, int]], str]:
    return asyncio.run(fed(feeding.begin(text, size)))


def assert_right(text: str, found: tuple[list[list[str]], list[tuple[int, int]], str], size: int) -> None:
    sessions, places, told = found
    assert told == text
    assert all(len(message) <= PIECE + 1 for messages in sessions for message in messages)
    for messages, (begin, end) in zip(sessions, places, strict=True):
        assert "".join(messages).rstrip() == text[begin:end].rstrip()
        assert end - begin <= 2 * size
    # What is in no session is white space.
    edges = [0, *(edge for place in places for edge in place), len(text)]
    assert all(not text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True))


@given(
    st.lists(st.sampled_from([TEXT, "wo", "rd ", " ", "\n", "3.", "x" * 700, "中国。", "e\u0301"])),
    st.sampled_from((200, 500)),
)
@settings(deadline=None)
def test_nothing_is_lost_or_said_twice(pieces: list[str], size: int) -> None:
    text = "".join(pieces)
    assert_right(text, feed_all(written(pieces), size), size)
    assert_right(text, feed_all(text, size), size)


@pytest.mark.parametrize("step", [1, 7, 90, 5_000])
def test_a_session_ends_with_a_sentence(step: int) -> None:
    pieces = [TEXT[at : at + step] for at in range(0, len(TEXT), step)]
    found = feed_all(written(pieces), 300)
    assert_right(TEXT, found, 300)
    assert len(found[1]) >= 3
    assert all(TEXT[:end].rstrip()[-1] in ".”" for _, end in found[1])


def test_messages_end_where_a_space_may_stand() -> None:
    (messages,), _, _ = feed_all(written(["Hel", "lo wo", "rld, he", "re is 3", ".14", " and mo"]), 300)
    assert all(message[-1].isspace() for message in messages)
    assert "".join(messages) == "Hello world, here is 3.14 and mo "


def test_an_iterator_that_blocks_is_asked_in_a_thread() -> None:
    threads = []

    def blocking() -> Iterator[str]:
        for piece in ("One ", "two."):
            threads.append(threading.current_thread())
            yield piece

    assert feed_all(blocking(), 300)[0] == [["One ", "two. "]]
    assert threading.main_thread() not in threads


def test_leaving_waits_for_no_iterator_that_blocks_and_closes_it_then() -> None:
    go, closed = threading.Event(), threading.Event()

    def blocking() -> Iterator[str]:
        try:
            yield "One "
            go.wait()
            yield "two."
        finally:
            closed.set()

    async def leave() -> None:
        feed = feeding.begin(blocking(), 300)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(feed.sample(), 0.2)
        await feed.aclose()

    asyncio.run(leave())  # that this comes back is the point
    assert not closed.is_set()
    go.set()
    assert closed.wait(10)


@pytest.mark.parametrize("blank", ["", "  \n "])
def test_a_text_of_nothing_has_no_session(blank: str) -> None:
    assert feed_all(blank, 300) == ([], [], blank)
    assert feed_all(written([blank]), 300) == ([], [], blank)


def test_the_beginning_is_told_before_anything_is_sent() -> None:
    async def begun() -> tuple[str, str]:
        live, whole = feeding.begin(written(["One ", "two "] * 40), 300), feeding.begin(TEXT, 300)
        return await live.sample(), await whole.sample()

    live, whole = asyncio.run(begun())
    assert live.startswith("One two ")
    assert len(live) >= feeding.SAMPLE
    assert whole == TEXT


def test_a_pause_after_a_sentence_voices_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "IDLE", 0.01)

    async def paused() -> AsyncGenerator[str, None]:
        yield "Wait, "
        await asyncio.sleep(0.1)
        yield "I look it up."
        await asyncio.sleep(0.2)
        yield " Here it is."

    assert feed_all(paused(), 300)[0] == [["Wait, ", "I look it ", "up.", "", " Here it ", "is. "]]


def test_a_long_text_is_told_a_little_at_a_time() -> None:
    async def told() -> list[int]:
        feed, found = feeding.begin(TEXT * 20, 300), []
        while await feed.more():
            found.append(len(feed.news()[0]))
        return found

    found = asyncio.run(told())
    assert sum(found) == len(TEXT) * 20
    assert max(found) <= feeding.LEAD + 600


def test_what_goes_wrong_in_the_iterator_comes_out() -> None:
    async def wrong() -> AsyncGenerator[str, None]:
        yield "One "
        raise RuntimeError("the model is gone")

    with pytest.raises(RuntimeError, match="the model is gone"):
        feed_all(wrong(), 300)


@pytest.mark.parametrize("piece", [None, b"bytes", 5, "half a \ud83d"])
@pytest.mark.parametrize("live", [True, False])
def test_what_is_no_text_is_refused_and_ends_nothing_in_silence(piece: object, live: bool) -> None:  # noqa: FBT001 - a parameter of the test
    pieces: list[Any] = ["One ", piece, "two."]
    with pytest.raises(UsageError, match=r"^text: "):
        feed_all(written(pieces) if live else pieces, 300)


def test_half_a_character_of_a_whole_text_is_refused() -> None:
    with pytest.raises(UsageError, match="half a character"):
        feeding.begin("lone \ud800 here", 300)


def test_closing_stops_the_iterator() -> None:
    stopped = False

    async def endless() -> AsyncGenerator[str, None]:
        nonlocal stopped
        try:
            while True:
                yield "One "
                await asyncio.sleep(3_600)
        finally:
            stopped = True

    async def left() -> int:
        feed = feeding.begin(endless(), 300)
        assert await feed.more()
        texts = feed.texts()
        assert await anext(texts) == "One "
        waiting = asyncio.ensure_future(anext(texts))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait([waiting])
        await feed.aclose()
        return len(asyncio.all_tasks())

    assert asyncio.run(left()) == 1
    assert stopped
