# ruff: noqa: RUF001 - the letters and marks of many languages are the point
from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aligner.documents.segments import cut
from aligner.errors import UsageError
from aligner.model import Tag

PIECES = st.sampled_from([
    "word ", "Word, ", "Dr. ", "end. ", "\n", "\n\n", "中文，", "他来了。", "longer-words; ", "x" * 90,
    " " * 70, "\u00a0", "e\u0301",
    "👩\u200d👩\u200d👧", "🇩🇪", "👍🏽", "각",
])  # fmt: skip
TEXTS = st.one_of(st.text(max_size=800), st.lists(PIECES, max_size=120).map("".join))


def texts(text: str, size: int, language: str = "en") -> list[str]:
    return [segment.text for segment in cut(text, language, size)]


@given(TEXTS, st.sampled_from(["en", "zh", "th"]), st.integers(200, 400))
@example("x" * 1_000, "en", 200)
@example(" " * 1_000, "en", 200)
@example("e" + "\u0301" * 1_000, "en", 200)
@example("🇩🇪" * 500, "en", 200)
def test_joined_they_are_the_text_and_none_is_too_long(text: str, language: str, size: int) -> None:
    segments = cut(text, language, size)
    assert "".join(segment.text for segment in segments) == text
    assert all(0 < len(segment.text) <= size for segment in segments)
    assert [segment.index for segment in segments] == list(range(len(segments)))
    assert all(a.stop == b.start for a, b in pairwise(segments))


@given(st.lists(st.text("abc,. ", min_size=1, max_size=60).filter(str.strip), min_size=1).map(" ".join))
def test_white_space_stays_at_the_end(text: str) -> None:
    pieces = texts(text, 200)
    assert not any(piece[0].isspace() for piece in pieces[1:])


@given(
    st.lists(st.sampled_from(["e\u0301", "👩\u200d👧", "🇩🇪", "👍🏽", "\u1100\u1161\u11a8", "☝\ufe0f"]), min_size=200)
)
def test_what_people_see_as_one_character_stays_whole(clusters: list[str]) -> None:
    text = "".join(clusters)
    stops = {sum(map(len, clusters[:i])) for i in range(len(clusters) + 1)}
    assert all(segment.stop in stops for segment in cut(text, "en", 200))


def test_paragraphs_that_fit_stay_together() -> None:
    a, b, c = "a" * 90 + "\n\n", "b" * 90 + "\n", "c" * 150
    assert texts(a + b + c, 200) == [a + b, c]


def test_a_paragraph_end_is_better_than_a_sentence_end() -> None:
    first = "One sentence. " * 9 + "End.\n\n"
    second = "Two sentences. " * 9
    assert texts(first + second, 200) == [first, second]


def test_a_long_paragraph_is_cut_at_sentence_ends_into_pieces_alike() -> None:
    text = "He saw Dr. Brown at 5 p.m. today. " * 20
    pieces = texts(text, 250)
    assert all(piece.endswith("today. ") for piece in pieces)
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 68


def test_a_long_sentence_is_cut_after_a_clause_else_between_words() -> None:
    assert all(piece.endswith(", ") for piece in texts("some words here and, " * 30, 200)[:-1])
    assert all(piece.endswith("words ") for piece in texts("words " * 100, 200))
    assert texts("word\u00a0word " * 40, 200)[0].endswith("word ")


def test_chinese_is_cut_after_its_own_punctuation() -> None:
    assert all(piece.endswith("，") for piece in texts("他慢慢地走过来，" * 60, 200, "zh")[:-1])
    assert all(piece.endswith("”") for piece in texts("“他慢慢地走过来了。”" * 60, 200, "zh"))


def test_the_last_segment_is_no_crumb() -> None:
    paragraphs = ["p" * 60 + "\n"] * 3 + ["crumb"]
    assert [len(piece) for piece in texts("".join(paragraphs), 200)] == [188]
    paragraphs = ["p" * 60 + "\n"] * 3 + ["c" * 30]
    assert [len(piece) for piece in texts("".join(paragraphs), 200)] == [122, 91]


def test_a_crumb_after_a_full_segment_stays_alone_where_nothing_else_fits() -> None:
    assert [len(piece) for piece in texts("p" * 199 + "\n" + "c", 200)] == [200, 1]


def test_an_empty_text_has_no_segments() -> None:
    assert cut("", "en") == ()


@pytest.mark.parametrize("size", [0, 199, 10_001])
def test_a_size_out_of_range(size: int) -> None:
    with pytest.raises(UsageError, match="choose 200 to 10,000"):
        cut("text", "en", size)


@pytest.mark.parametrize("unit", ["word ", "x", " ", "\n", "中", "他来了。", "“a. ", "a, ", "\u0301"])
def test_a_long_text_in_one_pass(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    assert sum(map(len, texts(text, 200))) == len(text)


LONG = "A sentence of some words, and a clause. " * 40


@given(st.lists(st.integers(0, len(LONG)), min_size=2, max_size=2, unique=True), st.integers(200, 400))
def test_what_is_spoken_as_one_thing_is_never_cut(places: list[int], size: int) -> None:
    start, stop = sorted(places)
    markup = (Tag(start, "<say-as>", "say-as", "open"), Tag(stop, "</say-as>", "say-as", "close"))
    found = cut(LONG, "en", size, markup)
    assert "".join(segment.text for segment in found) == LONG
    assert not any(start < segment.start < stop for segment in found)
    assert sum(len(segment.markup) for segment in found) == 2
    outside = [segment for segment in found if segment.stop <= start or segment.start >= stop]
    assert all(len(segment.text) <= size for segment in outside)


def test_an_element_over_several_segments_is_open_in_each() -> None:
    markup = (Tag(0, '<prosody rate="slow">', "prosody", "open"), Tag(len(LONG), "</prosody>", "prosody", "close"))
    found = cut(LONG, "en", 300, markup)
    assert len(found) > 3
    assert all([tag.kind for tag in segment.markup] == ["open", "close"] for segment in found)
    assert all(segment.markup[1].place == len(segment.text) for segment in found)


def test_a_break_stays_at_its_place() -> None:
    place = LONG.index("and", 700)
    found = cut(LONG, "en", 300, (Tag(place, "<break/>", "break", "empty"),))
    (segment,) = [segment for segment in found if segment.markup]
    assert segment.start + segment.markup[0].place == place
