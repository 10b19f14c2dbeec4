from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.pieces import FIRST, SAMPLES, Cutter, Piece
from aligner.speech.server.text.reading import Column
from aligner.speech.server.voice.espeak import RATE

Utterance = tuple[str, list[int]]


@st.composite
def utterances(draw: st.DrawFn) -> Utterance:
    text = draw(st.text(st.sampled_from("ab ."), max_size=12))
    steps = draw(st.lists(st.integers(0, 30_000), min_size=len(text), max_size=len(text)))
    edges = [0]
    for step in steps:
        edges.append(edges[-1] + step)
    return text, edges


GENERATIONS = st.lists(st.lists(utterances(), min_size=1, max_size=4), max_size=4)


RAMP = array("h", range(30_000)).tobytes() * 2


def sound(samples: int, first: int = 0) -> bytes:
    """A ramp that goes on from the place of ``first`` in it."""
    begin = first % 30_000 * 2
    whole, rest = divmod(samples * 2, 60_000)
    turn = RAMP[begin : begin + 60_000]
    return turn * whole + turn[:rest]


def cut(generations: list[list[Utterance]], *, synced: bool) -> list[list[Piece]]:
    cutter = Cutter(synced=synced)
    found = []
    done = 0
    for generation in generations:
        pieces: list[Piece] = []
        for text, edges in generation:
            column = Column(text, edges)
            pieces.extend(cutter.add(column, column, sound(edges[-1], done)))
            done += edges[-1]
        pieces.extend(cutter.finish())
        found.append(pieces)
    return found


def flat(generations: list[list[Piece]]) -> list[Piece]:
    return [piece for generation in generations for piece in generation]


@settings(deadline=None)
@given(generations=GENERATIONS, synced=st.booleans())
def test_all_sound_and_all_characters_go_out_once_and_in_order(
    generations: list[list[Utterance]], *, synced: bool
) -> None:
    pieces = flat(cut(generations, synced=synced))
    total = sum(edges[-1] for generation in generations for _, edges in generation)
    assert b"".join(piece.sound for piece in pieces) == sound(total)
    text = "".join(text for generation in generations for text, _ in generation)
    assert "".join(piece.alignment.text for piece in pieces if piece.alignment) == text


@settings(deadline=None)
@given(generations=GENERATIONS, synced=st.booleans())
def test_the_spans_add_up_to_the_sound_and_never_drift(generations: list[list[Utterance]], *, synced: bool) -> None:
    spans = samples = 0
    for generation, pieces in zip(generations, cut(generations, synced=synced), strict=True):
        samples += sum(edges[-1] for text, edges in generation if text)
        spans += sum(piece.alignment.span for piece in pieces if piece.alignment)
        assert abs(spans - samples * 1_000_000 / RATE) <= 1_000


@settings(deadline=None)
@given(GENERATIONS)
def test_times_are_whole_milliseconds_from_zero_and_contiguous(generations: list[list[Utterance]]) -> None:
    for piece in flat(cut(generations, synced=True)):
        for alignment in filter(None, (piece.alignment, piece.normalized)):
            assert alignment.starts[0] == 0
            assert all(time % 1_000 == 0 for time in alignment.starts + alignment.durations)
            ends = [start + duration for start, duration in zip(alignment.starts, alignment.durations, strict=True)]
            assert ends[:-1] == list(alignment.starts[1:])


@settings(deadline=None)
@given(GENERATIONS)
def test_no_message_is_much_longer_than_a_second(generations: list[list[Utterance]]) -> None:
    assert all(len(piece.sound) // 2 <= SAMPLES * 1.05 + 1 for piece in flat(cut(generations, synced=False)))
    assert all(len(piece.sound) // 2 <= SAMPLES * 1.05 + 1 for piece in flat(cut(generations, synced=True)))


def steps(text: str, milliseconds: int) -> Utterance:
    return text, [i * milliseconds * RATE // 1000 for i in range(len(text) + 1)]


def test_characters_are_cut_between_two_of_them_and_sound_at_the_second() -> None:
    (pieces,) = cut([[steps("abcdefghij", 300)]], synced=True)
    assert [piece.alignment.text if piece.alignment else None for piece in pieces] == ["ab", "cdefgh", "ij", None]
    assert [len(piece.sound) for piece in pieces[:2]] == [2 * FIRST, 2 * SAMPLES]
    assert pieces[0].alignment is not None
    assert pieces[0].alignment.span == 600_000


def test_a_generation_ends_with_sound_alone() -> None:
    for pieces in cut([[steps("ab ", 400)], [steps("cd ", 400)]], synced=True):
        assert pieces[-1].alignment is None
        assert pieces[-1].normalized is None
        assert len(pieces[-1].sound) == RATE // 20 * 2


def test_unsynced_all_characters_come_with_the_first_piece_of_the_generation() -> None:
    for pieces in cut([[steps("abcdefghij", 700)], [steps("klmnopqrst ", 700)]], synced=False):
        texts = [piece.alignment.text if piece.alignment else None for piece in pieces]
        assert len(texts) > 3
        assert texts[0] in {"abcdefghij", "klmnopqrst "}
        assert not any(texts[1:])


def test_the_spoken_text_begins_each_generation_with_a_space_of_no_time() -> None:
    for pieces in cut([[steps("abcdefghij", 300)], [steps("kl ", 300)]], synced=True):
        first, *others = [piece for piece in pieces if piece.alignment]
        assert first.alignment is not None
        assert first.normalized is not None
        assert first.normalized.text == f" {first.alignment.text}"
        assert first.normalized.starts[:2] == (0, 0)
        assert first.normalized.span == first.alignment.span
        assert all(piece.normalized == piece.alignment for piece in others)


def test_a_keep_alive_alone_is_a_space_of_no_time() -> None:
    ((piece,),) = cut([[(" ", [0, 0])]], synced=True)
    assert piece.sound == b""
    assert piece.alignment is not None
    assert (piece.alignment.text, piece.alignment.span) == (" ", 0)


def test_nothing_makes_no_piece() -> None:
    assert flat(cut([[("", [0])]], synced=True)) == []


@pytest.mark.parametrize("synced", [True, False])
def test_a_very_long_sound_for_one_character_is_cut_too(*, synced: bool) -> None:
    (pieces,) = cut([[("a", [0, 10 * SAMPLES])]], synced=synced)
    assert len(pieces) == 12
    assert sum(piece.alignment is not None for piece in pieces) == 1


def test_an_hour_does_not_drift() -> None:
    generations = [[steps("hello world ", 83)] for _ in range(3600)]
    pieces = flat(cut(generations, synced=True))
    samples = sum(edges[-1] for generation in generations for _, edges in generation)
    spans = sum(piece.alignment.span for piece in pieces if piece.alignment)
    assert abs(spans - samples * 1_000_000 / RATE) <= 1_000
    assert all(before.sound for before, _ in pairwise(pieces))


@st.composite
def readings(draw: st.DrawFn) -> tuple[Column, Column]:
    """An utterance with some stretches said in more or fewer characters than they are written in."""
    written: list[str] = []
    said: list[str] = []
    edges, said_edges = [0], [0]
    for word, spoken, length in draw(
        st.lists(st.tuples(st.integers(1, 6), st.integers(0, 9), st.integers(0, 60_000)), max_size=8)
    ):
        begin = edges[-1]
        written.extend("w" * word)
        edges.extend(begin + length * (i + 1) // word for i in range(word))
        if draw(st.booleans()) or not spoken:
            said.extend("w" * word)
            said_edges.extend(edges[-word:])
        else:
            said.extend("s" * spoken)
            said_edges.extend(begin + length * (i + 1) // spoken for i in range(spoken))
    return Column(written, edges), Column(said, said_edges)


@settings(deadline=None)
@given(generations=st.lists(st.lists(st.tuples(readings(), st.integers(0, 50_000)), max_size=3), max_size=3))
def test_what_is_said_and_what_is_written_are_cut_at_the_same_times(
    generations: list[list[tuple[tuple[Column, Column], int]]],
) -> None:
    cutter = Cutter(synced=True)
    pieces: list[Piece] = []
    total = 0
    for generation in generations:
        for (written, said), pause in generation:
            pieces.extend(cutter.add(written, said, bytes(2 * written.edges[-1])))
            pieces.extend(cutter.pause(pause) if pause else ())
            total += written.edges[-1] + pause
        pieces.extend(cutter.finish())
    assert sum(len(piece.sound) for piece in pieces) == 2 * total
    for name in ("w", "s"):
        count = "".join(piece.normalized.text for piece in pieces if piece.normalized).count(name)
        assert count == sum("".join(said.characters).count(name) for g in generations for (_, said), _ in g)
    spans = [
        sum(alignment.span for piece in pieces if (alignment := getattr(piece, name)))
        for name in ("alignment", "normalized")
    ]
    for span in spans:
        assert abs(span - total * 1_000_000 / RATE) <= 1_000
    for piece in pieces:
        if piece.alignment and piece.normalized:
            assert piece.alignment.span == piece.normalized.span


def test_a_silence_is_the_last_characters_and_else_a_blanks() -> None:
    cutter = Cutter(synced=True)
    column = Column("a ", (0, RATE // 2, RATE))
    pieces = [*cutter.pause(RATE), *cutter.add(column, column, bytes(2 * RATE)), *cutter.pause(RATE // 2)]
    pieces += cutter.finish()
    alignments = [piece.alignment for piece in pieces if piece.alignment]
    assert "".join(alignment.text for alignment in alignments) == " a "
    assert sum(alignment.span for alignment in alignments) == 2_500_000
    assert alignments[0].durations[0] == 1_000_000
    assert alignments[-1].durations[-1] == 1_000_000
