from __future__ import annotations

import re
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Tag
from aligner.speech.portions import PIECE, count, cut, write
from aligner.tags import Whole


@given(st.text(alphabet=st.sampled_from("abc. \n!?é你。\u00a0\U0001f600"), max_size=900))
def test_the_pieces_joined_are_the_text(text: str) -> None:
    found = list(cut(text, "en"))
    assert "".join(found) == text
    assert all(0 < len(piece) <= PIECE + 20 or piece[PIECE:].isspace() for piece in found)


def test_pieces_end_at_sentence_ends_and_words_stay_whole() -> None:
    long = "word " * 100
    first = "Dr. Smith came. " + "It was very late in the evening by then. " * 5 + "So it was. "
    assert list(cut(f"{first}He left after a while.", "en")) == [first, "He left after a while."]
    assert all(piece.endswith("word ") for piece in cut(long, "en"))


@given(st.lists(st.integers(0, 600), min_size=2, max_size=2, unique=True), st.sampled_from(("word ", "a. ", "x")))
def test_pieces_never_cut_what_is_spoken_as_one_thing(places: list[int], word: str) -> None:
    text = (word * 600)[:600]
    start, stop = sorted(places)
    whole = Whole((Tag(start, "<w>", "w", "open"), Tag(stop, "</w>", "w", "close")))
    found = list(cut(text, "en", whole))
    assert "".join(found) == text
    assert not any(start < place < stop for place in accumulate(map(len, found)))


def test_a_text_ends_with_white_space() -> None:
    assert list(write("Hello", "en")) == ["Hello "]
    assert list(write("Hello\n", "en")) == ["Hello\n"]


@given(st.text(alphabet="ab&<> .", max_size=400), st.integers(0, 400))
def test_with_tags_written_and_counted(text: str, place: int) -> None:
    markup = (Tag(min(place, len(text)), '<break time="1s"/>', "break", "empty"),)
    found = list(write(text, "en", markup))
    assert "".join(found).count("<break") == 1
    assert sum(map(count, found)) == len(text if text[-1:].isspace() else f"{text} ")
    assert re.sub("<[^>]*>", "", "".join(found)).count("<") == 0


def test_with_no_tag_the_text_is_escaped_all_the_same() -> None:
    assert list(write("R&D ", "en", ())) == ["R&amp;D "]
    assert list(write("R&D ", "en")) == ["R&D "]
