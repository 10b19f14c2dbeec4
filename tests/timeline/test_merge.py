# ruff: noqa: RUF001 - Chinese punctuation is the point
from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner import clock
from aligner.errors import IncompleteSpeech
from aligner.model import Alignment, Chunk, Segment, Sound, Timeline
from aligner.timeline import merge

if TYPE_CHECKING:
    import random

RATE = 16000
MS = clock.MILLISECOND


def told(text: str, each: int = 100) -> Alignment:
    """So many milliseconds a character."""
    return Alignment(tuple(text), tuple(each * MS * i for i in range(len(text))), (each * MS,) * len(text))


def spoken(text: str, each: int = 100) -> Chunk:
    return Chunk(bytes(2 * RATE * each * len(text) // 1000), told(text, each))


def sound_of(chunks: list[Chunk]) -> Sound:
    ends = [sum(len(chunk.audio) for chunk in chunks[: index + 1]) // 2 for index in range(len(chunks))]
    return Sound(RATE, ends[-1], tuple(ends))


def placed(text: str, *chunks: Chunk, offset: int = 0) -> tuple[Timeline, merge.Placement]:
    merger = merge.Merger(text)
    found = merger.place(Segment(0, 0, text), chunks, sound_of([*chunks]), offset)
    return merger.timeline(), found


def starts(timeline: Timeline) -> list[int]:
    return [start // MS for start in timeline.starts]


def assert_ascending(timeline: Timeline, first: int, last: int) -> None:
    edges = [edge for pair in zip(timeline.starts, timeline.ends, strict=True) for edge in pair]
    assert edges == sorted(edges)
    assert not edges or (edges[0] >= first and edges[-1] <= last)


def test_characters_have_the_times_that_the_service_tells_from_the_offset_on() -> None:
    timeline, found = placed("Hello you.", spoken("Hel"), spoken("lo you. "), offset=5 * clock.SECOND)
    assert starts(timeline) == [5000 + 100 * index for index in range(10)]
    assert found == merge.Placement(0, "relative", 9, 0, 0, 0, 0)


def test_white_space_and_unmentioned_marks_take_the_pause() -> None:
    chunk = Chunk(bytes(2 * RATE), Alignment(("a", "b"), (0, 700 * MS), (100 * MS, 100 * MS)))
    timeline, found = placed("a” b", chunk)
    assert starts(timeline) == [0, 100, 400, 700]
    assert timeline.ends[2] == 700 * MS
    assert found.unmatched == 1


def test_segments_are_joined_at_their_offsets_and_lose_nothing() -> None:
    text = "One two. Three."
    merger = merge.Merger(text)
    for segment, offset in ((Segment(0, 0, "One two. "), 0), (Segment(1, 9, "Three."), 3 * clock.SECOND)):
        chunks = [spoken(segment.text)]
        merger.place(segment, chunks, sound_of(chunks), offset)
    timeline = merger.timeline()
    assert starts(timeline)[:9] == [100 * index for index in range(9)]
    assert starts(timeline)[9:] == [3000 + 100 * index for index in range(6)]
    assert timeline.text == text


def test_what_was_not_spoken_between_segments_lasts_no_time() -> None:
    merger = merge.Merger("a\n\nb")
    for index, (start, offset) in enumerate(((0, 0), (3, 100 * MS))):
        chunks = [spoken("ab"[index])]
        merger.place(Segment(index, start, "ab"[index]), chunks, sound_of(chunks), offset)
    timeline = merger.timeline()
    assert starts(timeline) == [0, 100, 100, 100]
    assert list(timeline.ends) == [100 * MS, 100 * MS, 100 * MS, 200 * MS]


@pytest.mark.parametrize("chunks", [[], [spoken("The first words ")], [spoken("The first words "), Chunk()]])
def test_text_without_characters_and_sound_at_the_end_is_an_error_that_quotes_it(chunks: list[Chunk]) -> None:
    text = "The first words and then others that nobody ever heard."
    sound = sound_of(chunks) if chunks else Sound(RATE, 0, ())
    with pytest.raises(IncompleteSpeech, match="never spoken") as caught:
        merge.Merger(text).place(Segment(4, 0, text), chunks, sound, 0)
    assert caught.value.place == "segment 5"
    assert ("“and then others" if chunks else "“The first words") in caught.value.problem


def test_text_that_has_sound_but_no_characters_is_spread_over_it() -> None:
    timeline, found = placed("abcd efgh", spoken("abcd "), Chunk(bytes(2 * RATE * 400 // 1000)))
    assert starts(timeline) == [0, 100, 200, 300, 400, 500, 600, 700, 800]
    assert found.unmatched == 4
    assert timeline.ends[-1] == 900 * MS


def test_no_alignment_at_all_is_an_even_spread() -> None:
    timeline, found = placed("abcd", Chunk(bytes(2 * RATE)))
    assert starts(timeline) == [0, 250, 500, 750]
    assert found.variant == "none"


def test_an_unspoken_mark_at_the_end_is_no_loss() -> None:
    timeline, _ = placed("“Yes.”", spoken("Yes. "))
    assert timeline.ends[-1] <= 500 * MS


def test_a_message_without_usable_characters_is_filled_in() -> None:
    lost = Chunk(bytes(2 * RATE * 500 // 1000), damaged=True)
    timeline, found = placed(
        "some words were lost on the way here", spoken("some words "), lost, spoken("lost on the way here")
    )
    assert starts(timeline)[16:20] == [1600, 1700, 1800, 1900]
    assert 1000 < timeline.starts[12] // MS < 1600
    assert found.unmatched == 4


def test_chinese_that_is_only_told_as_pinyin_lies_between_its_marks() -> None:
    pinyin = "ni hao, shi jie."
    timeline, _ = placed("你好，世界。", Chunk(bytes(2 * RATE * 1600 // 1000), None, told(pinyin)))
    assert timeline.starts[2] == 600 * MS
    assert timeline.starts[5] == 1500 * MS
    assert timeline.starts[3] >= 700 * MS
    assert_ascending(timeline, 0, 1600 * MS)


def test_a_number_spelt_out_lies_between_its_neighbours() -> None:
    chunk = Chunk(bytes(2 * RATE * 2600 // 1000), None, told(" It has twenty-two rooms. "))
    timeline, _ = placed("It has 22 rooms.", chunk)
    assert 800 * MS <= timeline.starts[7] <= 900 * MS
    assert timeline.starts[10] == 1900 * MS


def test_a_whole_alignment_replaces_the_partial_one() -> None:
    whole = Chunk(bytes(2 * RATE * 800 // 1000), told("Hello world. "))
    timeline, found = placed("Hello world.", spoken("Hello"), whole)
    assert starts(timeline) == [100 * index for index in range(12)]
    assert found.replaced == 1


def test_times_never_leave_the_sound() -> None:
    short = Chunk(bytes(2 * RATE * 300 // 1000), told("Hello"))
    timeline, _ = placed("Hello", short)
    assert_ascending(timeline, 0, 300 * MS)


@given(st.text("ab c.\n", min_size=1, max_size=40).filter(str.strip), st.randoms(use_true_random=False))
def test_whatever_the_service_says_times_ascend_within_the_sound(text: str, chance: random.Random) -> None:
    chunks = []
    for _ in range(chance.randint(1, 5)):
        size = chance.randint(0, 8)
        times = [chance.randint(0, 3000) * MS for _ in range(2 * size)]
        characters = tuple(chance.choice("ab c.é12") for _ in range(size))
        alignment = Alignment(characters, tuple(times[:size]), tuple(times[size:]))
        which = chance.randint(0, 3)
        chunks.append(
            Chunk(bytes(chance.randint(0, 60000)), alignment if which & 1 else None, alignment if which & 2 else None)
        )
    sound = sound_of(chunks)
    merger = merge.Merger(text)
    offset = chance.randint(0, 10**9)
    try:
        found = merger.place(Segment(0, 0, text), chunks, sound, offset)
    except IncompleteSpeech:
        return
    assert_ascending(merger.timeline(), offset, offset + clock.from_samples(sound.samples, RATE))
    assert found.aligned + found.unmatched == sum(not character.isspace() for character in text)


@given(st.text("abcdef ,.", min_size=1, max_size=80).filter(str.strip), st.lists(st.integers(0, 80), max_size=6))
def test_the_times_do_not_depend_on_where_messages_end(text: str, cuts: list[int]) -> None:
    marks = [0, *sorted(cut % len(text) for cut in cuts), len(text)]
    whole, _ = placed(text, spoken(text))
    cut, _ = placed(text, *[spoken(text[a:b]) for a, b in pairwise(marks) if b > a])
    assert list(cut.starts) == list(whole.starts)
    assert list(cut.ends) == list(whole.ends)


def test_so_far_is_the_beginning_of_what_the_whole_session_tells() -> None:
    text = "Hello you, and all of you."
    chunks = [spoken("Hel"), spoken("lo you, and"), spoken(" all of you. ")]
    whole, _ = placed(text, *chunks)
    lengths = []
    for count in range(1, 4):
        found = merge.so_far(text, chunks[:count], sound_of(chunks[:count]))
        assert found.text == text[: len(found.text)]
        assert starts(found) == starts(whole)[: len(found.text)]
        lengths.append(len(found.text))
    assert lengths == [3, 14 - 3, len(text)] or lengths == [3, 14, len(text)]


def test_so_far_a_cut_of_sound_and_characters_apart_is_no_drift() -> None:
    text = "Hello you. And all. "
    noisy = [Chunk(bytes(2 * RATE * 1_100 // 1000), told("Hello you. "[:11])), spoken("And ")]
    noisy[0] = Chunk(bytes(2 * RATE * 1_200 // 1000), told("Hello you. "))
    found = merge.so_far(text, noisy, sound_of(noisy))
    assert starts(found)[11] == 1_100


def test_so_far_sound_beyond_any_cut_is_drift() -> None:
    text = "Hello you. And all. "
    ahead = [Chunk(bytes(2 * RATE * 1_600 // 1000), told("Hello you. ")), spoken("And ")]
    found = merge.so_far(text, ahead, sound_of(ahead))
    assert starts(found)[11] == 1_600


def test_so_far_the_end_of_what_is_known_is_not_the_end_of_the_text() -> None:
    # Sound without characters, then a full stop: with the whole in hand it would be the last character's.
    text = "One two. Three four."
    chunks = [spoken("One two"), Chunk(bytes(2 * RATE)), Chunk(bytes(RATE), told("."))]
    assert len(merge.so_far(text, chunks, sound_of(chunks)).text) <= 8


def test_so_far_nothing_is_nothing() -> None:
    assert merge.so_far("Hello", [Chunk(bytes(100))], sound_of([Chunk(bytes(100))])).text == ""
