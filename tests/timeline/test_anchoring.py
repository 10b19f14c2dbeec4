from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner import clock
from aligner.model import Alignment, Chunk, Sound
from aligner.timeline import matching
from aligner.timeline.anchoring import Clocks, place

RATE = 16000
MS = clock.MILLISECOND


def even(text: str, span: int, first: int = 0) -> Alignment:
    """Characters that share ``span`` milliseconds evenly, from ``first`` on."""
    edges = [(first + span * index // len(text)) * MS for index in range(len(text) + 1)]
    return Alignment(tuple(text), tuple(edges[:-1]), tuple(b - a for a, b in pairwise(edges)))


def message(text: str, span: int, first: int = 0) -> Chunk:
    """A message inside a generation."""
    alignment = even(text, span, first)
    return Chunk(b"x", alignment, alignment)


def begin(text: str, span: int, first: int = 0) -> Chunk:
    """A message that begins a generation, as its normalized text begins with a space."""
    told = even(text, span, first)
    return Chunk(b"x", told, Alignment((" ", *told.characters), (first * MS, *told.starts), (0, *told.durations)))


def generation(text: str, span: int, first: int = 0) -> Chunk:
    """A message that is a whole generation; it ends with a space."""
    return begin(f"{text} ", span, first)


def tail() -> Chunk:
    return Chunk(b"x")


def clocks(chunks: list[Chunk], sounds: list[int], sound: Sound | None = None) -> Clocks:
    """The clocks of messages with so many milliseconds of sound each."""
    text = matching.fold("".join(chunk.alignment.text for chunk in chunks if chunk.alignment))
    messages = matching.messages_of(chunks)
    ends = tuple(ms * RATE // 1000 for ms in accumulate(sounds))
    sound = sound or Sound(RATE, ends[-1], ends)
    return place(chunks, messages, matching.read(text, chunks, messages, sound), sound)


def bases(chunks: list[Chunk], sounds: list[int]) -> list[int | None]:
    return [None if base is None else base // MS for base in clocks(chunks, sounds).bases]


def test_each_message_begins_where_the_spans_before_it_end() -> None:
    chunks = [message("ab", 300), message("cd", 500), message("ef", 200)]
    assert bases(chunks, [300, 500, 200]) == [0, 300, 800]


@given(st.lists(st.integers(200, 4000), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_sound_cut_elsewhere_changes_nothing_as_long_as_the_sum_holds(spans: list[int], chance: object) -> None:
    randint = chance.randint  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    total = list(accumulate(spans))
    cuts = [end + randint(-99, 99) for end in total[:-1]]
    marks = [0, *cuts, total[-1]]
    sounds = [b - a for a, b in pairwise(marks)]
    chunks = [generation(f"g{index}", span) for index, span in enumerate(spans)]
    assert bases(chunks, sounds) == [0, *total[:-1]]


@given(st.lists(st.integers(100, 3000), min_size=2, max_size=12))
def test_absolute_times_are_found_and_give_the_same_clock(spans: list[int]) -> None:
    starts = [0, *accumulate(spans[:-1])]
    absolute = [message("ab", span, first) for span, first in zip(spans, starts, strict=True)]
    found = clocks(absolute, spans)
    placed = [base // MS + first for base, first in zip(found.bases, starts, strict=True) if base is not None]
    assert placed == starts
    assert "absolute" in found.times


def test_absolute_times_that_count_a_tail_are_kept() -> None:
    chunks = [generation("ab", 1000), generation("cd", 1000, 1400), generation("ef", 1000, 2800)]
    assert bases(chunks, [1400, 1400, 1400]) == [0, 0, 0]


def test_times_from_the_start_of_the_generation() -> None:
    chunks = [message("ab", 1000), generation("cd", 500, 1000), generation("ef", 700), message("gh", 400, 700)]
    found = clocks(chunks, [1000, 500, 700, 400])
    assert [base // MS for base in found.bases if base is not None] == [0, 0, 1500, 1500]
    assert found.times == {"relative", "absolute", "absolute in the generation"}


def test_a_first_start_of_zero_is_relative() -> None:
    assert clocks([message("ab", 5), message("cd", 5)], [5, 5]).times == {"relative"}


def test_true_tails_are_followed_from_generation_to_generation() -> None:
    chunks = [generation(f"g{number}", 1000) for number in range(4)]
    found = clocks(chunks, [1400, 1400, 1400, 1400])
    assert [base // MS for base in found.bases if base is not None] == [0, 1400, 2800, 4200]
    assert found.drift == 1200 * MS
    assert found.anchors == 3


def test_tails_in_messages_of_their_own_are_followed_too() -> None:
    chunks = [generation("g1", 1000), tail(), generation("g2", 1000), tail(), generation("g3", 1000), tail()]
    assert bases(chunks, [1000, 300] * 3) == [0, None, 1300, None, 2600, None]


def test_noise_that_comes_back_is_no_drift() -> None:
    chunks = [generation(f"g{number}", 1000) for number in range(4)]
    assert bases(chunks, [1100, 950, 1050, 900]) == [0, 1000, 2000, 3000]


def test_sound_that_ends_short_pulls_the_clock_back() -> None:
    chunks = [generation(f"g{number}", 1000) for number in range(3)]
    assert bases(chunks, [900, 900, 900]) == [0, 900, 1800]


def test_a_shift_changes_at_the_start_of_a_generation_only() -> None:
    chunks = [generation("g1", 1000), begin("a", 500), message("b", 500)]
    found = bases(chunks, [1400, 500, 500])
    assert found[1] is not None
    assert found[2] is not None
    assert found[2] - found[1] == 500


def test_milliseconds_that_a_service_cuts_off_are_put_back() -> None:
    chunks = [generation(f"g{number}", 999) for number in range(50)]
    found = bases(chunks, [1000] * 50)
    assert found == [1000 * number for number in range(50)]


@pytest.mark.parametrize("first", [True, False])
def test_one_aligned_message_a_generation_is_enough(first: bool) -> None:  # noqa: FBT001 - a parameter of the test
    chunks: list[Chunk] = []
    for number in range(3):
        whole = generation(f"generation {number}", 3000)
        chunks += [whole, tail(), tail()] if first else [tail(), tail(), whole]
    found = bases(chunks, [1400, 1000, 1000] * 3 if first else [1000, 1000, 1400] * 3)
    assert [base for base in found if base is not None] == [0, 3400, 6800]


def test_a_repeat_begins_where_what_it_replaces_began() -> None:
    chunks = [generation("g1", 1000), message("partial", 700), message("partial and more ", 1700), message("end", 300)]
    text = matching.fold("g1 partial and more end")
    messages = matching.messages_of(chunks)
    ends = tuple(ms * RATE // 1000 for ms in (1000, 1700, 2700, 3000))
    sound = Sound(RATE, ends[-1], ends)
    found = place(chunks, messages, matching.read(text, chunks, messages, sound), sound)
    assert [base and base // MS for base in found.bases] == [0, None, 1000, 2700]


def test_a_message_sent_twice_is_heard_twice() -> None:
    twice = message("words and ", 800)
    text = matching.fold("words and more")
    chunks = [twice, twice, message("more", 400)]
    messages = matching.messages_of(chunks)
    ends = tuple(ms * RATE // 1000 for ms in (800, 1600, 2000))
    sound = Sound(RATE, ends[-1], ends)
    found = place(chunks, messages, matching.read(text, chunks, messages, sound), sound)
    assert [base and base // MS for base in found.bases] == [0, None, 1600]


def test_lost_characters_last_as_long_as_their_sound() -> None:
    text = matching.fold("the first words were lost and the last ones are here")
    chunks = [message("the first words ", 1000), tail(), message("and the last ones ", 1000), message("are here", 500)]
    messages = matching.messages_of(chunks)
    ends = tuple(ms * RATE // 1000 for ms in (1000, 1800, 2800, 3300))
    sound = Sound(RATE, ends[-1], ends)
    found = place(chunks, messages, matching.read(text, chunks, messages, sound), sound)
    assert [base and base // MS for base in found.bases] == [0, None, 1800, 2800]


def test_an_encoder_that_starts_anew_sets_the_clock_exactly() -> None:
    chunks = [generation("g1", 1000), generation("g2", 1000), generation("g3", 1000)]
    ends = (17280, 17280 * 2, 17280 * 3)
    sound = Sound(RATE, ends[-1], ends, streams=(0, *ends[:-1]), slack=1728, padding=1152, lag=516)
    assert bases_of(clocks(chunks, [], sound)) == [0, 1080, 2160]


def bases_of(found: Clocks) -> list[int]:
    return [base // MS for base in found.bases if base is not None]


def test_what_an_encoder_adds_at_the_end_is_no_drift() -> None:
    chunks = [generation(f"g{number}", 1000) for number in range(3)]
    sound = Sound(RATE, 48000 + 1700, (15500, 31400, 49700), slack=1728, padding=1152, lag=516)
    found = clocks(chunks, [], sound)
    assert bases_of(found) == [0, 1000, 2000]
    assert found.anchors == 0


def test_nothing_told_is_nothing_placed() -> None:
    found = clocks([tail(), tail()], [500, 500])
    assert found.bases == (None, None)
    assert (found.stop, found.drift, found.anchors, found.times) == (0, 0, 0, frozenset())
