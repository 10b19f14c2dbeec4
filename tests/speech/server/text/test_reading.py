# ruff: noqa: RUF001 - pinyin has its tone marks
from __future__ import annotations

from array import array
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aligner.speech.server.text.passage import Delivery, Note, Passage
from aligner.speech.server.text.reading import Column, Part, Swap, parts, timed

SLOW = Delivery(rate=0.5)
LOUD = Delivery(volume=1.5)


def edges(part: Part, step: int = 10) -> array[int]:
    return array("i", range(0, (len(part.said) + 1) * step, step))


def test_without_notes_what_is_written_is_said() -> None:
    (part,) = parts(Passage("Hello there."))
    assert part == Part("Hello there.", "Hello there.")
    written, said = timed(part, edges(part))
    assert written is said
    assert "".join(written.characters) == "Hello there."


def test_what_is_said_instead_takes_the_time_of_what_is_written() -> None:
    (part,) = parts(Passage("Pay $5 now", (Note(4, 6, said="five dollars"),)))
    assert part.said == "Pay five dollars now"
    assert part.swaps == (Swap(4, 6, 4, 16),)
    written, said = timed(part, edges(part))
    assert "".join(written.characters) == "Pay $5 now"
    assert list(written.edges) == [0, 10, 20, 30, 40, 100, 160, 170, 180, 190, 200]
    assert "".join(said.characters) == part.said
    assert list(said.edges) == list(range(0, 210, 10))


def test_a_pronunciation_leaves_the_text_as_it_is() -> None:
    (part,) = parts(Passage("A tomato", (Note(2, 8, ipa="təˈmɑːtəʊ"),)))
    assert (part.written, part.said, part.swaps) == ("A tomato", "A tomato", ())
    assert part.sounds == ((2, 8, "təˈmɑːtəʊ"),)


def test_what_is_not_said_at_all_has_no_time() -> None:
    (part,) = parts(Passage("a (b) c", (Note(2, 5, said=""),)))
    assert part.said == "a  c"
    written, said = timed(part, edges(part))
    assert list(written.edges) == [0, 10, 20, 20, 20, 20, 30, 40]
    assert "".join(said.characters) == "a c"
    assert list(said.edges) == [0, 10, 30, 40]


def test_pauses_and_deliveries_part_what_is_spoken() -> None:
    notes = (
        Note(0, 4, delivery=LOUD),
        Note(4, 7, delivery=SLOW),
        Note(7, 13, delivery=LOUD),
        Note(7, 7, pause=500_000),
    )
    found = list(parts(Passage("one two three", notes)))
    assert [(part.said, part.delivery, part.silence) for part in found] == [
        ("one ", LOUD, 0),
        ("two", SLOW, 0),
        ("", None, 500_000),
        (" three", LOUD, 0),
    ]


def test_a_pause_comes_before_the_text_where_it_stands_first() -> None:
    assert [part.silence > 0 for part in parts(Passage("a", (Note(0, 0, pause=1_000_000),)))] == [True, False]
    assert [part.silence for part in parts(Passage("", (Note(0, 0, pause=1_000_000),)))] == [1_000_000]


def test_white_space_is_one_blank_where_it_is_said() -> None:
    (part,) = parts(Passage("a \n b\tc"))
    written, said = timed(part, edges(part))
    assert "".join(written.characters) == "a \n b\tc"
    assert "".join(said.characters) == "a b c"
    assert list(said.edges) == [0, 10, 40, 50, 60, 70]


def test_chinese_is_shown_as_it_is_said() -> None:
    (part,) = parts(Passage("你好。"))
    written, said = timed(part, edges(part, 30), ((0, 1, "nǐ"), (1, 2, "hǎo")))
    assert "".join(written.characters) == "你好。"
    assert said == Column(list("nǐhǎo。"), [0, 15, 30, 40, 50, 60, 90])


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    text = draw(st.text(st.sampled_from("ab \n"), max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    whole = [
        Note(start, stop, said=draw(st.text(st.sampled_from("xy z"), max_size=5)))
        for start, stop in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    others = [
        Note(place, place, pause=draw(st.integers(1, 10**6))) for place in draw(st.sets(st.integers(0, len(text))))
    ]
    start = draw(st.integers(0, len(text)))
    slow = [Note(start, len(text), delivery=SLOW)] if start < len(text) else []
    return Passage(text).noted(whole).noted(others).noted(slow)


@given(passages())
def test_parts_joined_are_the_text_and_every_column_ascends(passage: Passage) -> None:
    found = list(parts(passage))
    assert "".join(part.written for part in found) == passage.text
    assert sum(part.silence for part in found) == sum(note.pause for note in passage.notes)
    for part in found:
        for column in timed(part, edges(part)):
            assert len(column.edges) == len(column.characters) + 1
            assert all(before <= after for before, after in pairwise(column.edges))
            assert (column.edges[0], column.edges[-1]) == (0, 10 * len(part.said))
