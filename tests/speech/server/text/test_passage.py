from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aligner.speech.server.text.passage import Delivery, Note, Passage


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    text = draw(st.text(st.sampled_from("ab c"), max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    notes = [
        Note(start, stop, said=draw(st.text(st.sampled_from("xy"), max_size=3)))
        for start, stop in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    pauses = [Note(place, place, pause=1) for place in draw(st.lists(st.integers(0, len(text)), max_size=3))]
    return Passage(text).noted(notes).noted(pauses)


@given(passages(), st.lists(st.integers(0, 30), max_size=4))
def test_cut_outside_what_is_whole_and_joined_a_passage_is_itself(passage: Passage, places: list[int]) -> None:
    outside = passage.outside()
    parts = passage.cut(sorted({outside(min(place, len(passage.text))) for place in places} - {0}))
    joined = Passage("")
    for part in parts:
        joined += part
    assert joined.text == passage.text
    if passage.text:
        assert sorted(map(repr, joined.notes)) == sorted(map(repr, passage.notes))
    assert all(0 <= note.start <= note.stop <= len(part.text) for part in parts for note in part.notes)


@given(passages(), st.integers(0, 30))
def test_a_place_to_cut_at_is_never_inside_what_is_whole(passage: Passage, place: int) -> None:
    outside = passage.outside()(place)
    assert outside >= place
    assert not any(note.whole and note.start < outside < note.stop for note in passage.notes)


@given(passages(), passages())
def test_notes_that_replace_give_way_to_those_already_there(first: Passage, second: Passage) -> None:
    noted = first.noted(note for note in second.notes if note.stop <= len(first.text))
    kept = [note for note in noted.notes if note.whole]
    assert all(note in kept for note in first.notes if note.whole)
    spans = sorted((note.start, note.stop) for note in kept if note.start < note.stop)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert list(noted.notes) == sorted(noted.notes, key=lambda note: (note.start, -note.stop))


def test_a_delivery_inside_another_multiplies() -> None:
    assert Delivery(rate=1.5, volume=0.5).within(Delivery(rate=2, pitch=1.1)) == Delivery(3, 1.1, 1, 0.5)


def test_a_stretch_of_delivery_is_cut_with_its_text() -> None:
    slow = Delivery(rate=0.5)
    first, second = Passage("one two three", (Note(4, 13, delivery=slow),)).cut([8])
    assert first.notes == (Note(4, 8, delivery=slow),)
    assert second.notes == (Note(0, 5, delivery=slow),)


def test_fifty_thousand_notes_are_cut_in_one_pass() -> None:
    count = 50_000
    passage = Passage("a " * count, tuple(Note(2 * i, 2 * i + 1, said="b") for i in range(count)))
    pieces = passage.cut(range(2, 2 * count, 2))
    assert len(pieces) == count
    assert all(piece.notes == (Note(0, 1, said="b"),) for piece in pieces)


def test_a_passage_of_a_pause_alone_is_not_nothing() -> None:
    assert not Passage("")
    assert Passage("", (Note(0, 0, pause=1),))
