# ruff: noqa: RUF001 - the letters and marks of many languages are the point
from __future__ import annotations

import unicodedata
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Alignment, Chunk, Sound
from aligner.timeline import matching
from aligner.timeline.matching import Block


def told(*entries: str) -> Alignment:
    """A tenth of a second an entry."""
    count = len(entries)
    return Alignment(entries, tuple(range(0, count * 100_000, 100_000)), (100_000,) * count)


def chunk(text: str, audio: bytes = b"") -> Chunk:
    return Chunk(audio or text.encode(), told(*text))


def silent(size: int) -> Chunk:
    return Chunk(bytes(size))


def lying(chunks: list[Chunk]) -> Sound:
    """A byte is a tenth of a second of sound."""
    ends = tuple(accumulate(len(each.audio) for each in chunks))
    return Sound(10, ends[-1] if ends else 0, ends)


def kinds(text: str, chunks: list[Chunk]) -> list[tuple[str, int]]:
    messages = matching.messages_of(chunks)
    return [
        (reading.kind, reading.at) for reading in matching.read(matching.fold(text), chunks, messages, lying(chunks))
    ]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("“Don’t” — he said…", '"Don\'t" - he said...'),
        ("Zoë’s Ångström", unicodedata.normalize("NFD", "Zoë's Ångström")),
        ("Straße\u00a0№ 5", "STRASSE  No 5"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("ﬁne ｆｕｌｌ", "fine full"),
        ("好，的。", "好,的."),
        ("한국어", unicodedata.normalize("NFD", "한국어")),
    ],
)
def test_what_does_not_matter_is_folded_away(mine: str, theirs: str) -> None:
    assert matching.fold(mine).letters == matching.fold(theirs).letters


@given(st.text())
def test_every_letter_knows_its_character(text: str) -> None:
    folded = matching.fold(text)
    assert len(folded.letters) == len(folded.owners)
    assert list(folded.owners) == sorted(folded.owners)
    assert not any(letter.isspace() for letter in folded.letters)


def test_entries_of_several_characters_are_shared_out_evenly() -> None:
    message = matching.messages_of([Chunk(alignment=Alignment(("He ", "ﬁ"), (0, 900), (900, 400)))])[0]
    assert message is not None
    assert message.letters == "hefi"
    assert message.starts == (0, 300, 900, 1100)
    assert message.ends == (300, 600, 1100, 1300)
    assert (message.first, message.span) == (0, 1300)


def test_the_text_as_sent_is_read_unless_only_the_spoken_one_is_there() -> None:
    sent, spoken, space = told("1"), told("o", "n", "e"), told(" ")
    for alignment, normalized, letters in (
        (sent, spoken, "1"),
        (None, spoken, "one"),
        (space, spoken, "one"),
        (space, None, ""),
        (space, space, ""),
    ):
        message = matching.messages_of([Chunk(alignment=alignment, normalized=normalized)])[0]
        assert message is not None
        assert message.letters == letters
    assert matching.messages_of([Chunk(b"tail")]) == [None]
    assert matching.messages_of([Chunk(alignment=told())]) == [None]


def test_messages_continue_the_text_also_inside_words() -> None:
    chunks = [chunk("H"), chunk("ere we "), chunk("  "), silent(9), chunk("go.")]
    assert kinds("Here we go.", chunks) == [
        ("continues", 0),
        ("continues", 1),
        ("silent", 6),
        ("none", 0),
        ("continues", 6),
    ]


def test_a_whole_alignment_replaces_the_partial_one() -> None:
    assert kinds("Hello world, how.", [chunk("Hello wo"), chunk("Hello world, "), chunk("how. ")]) == [
        ("continues", 0),
        ("repeats", 0),
        ("continues", 11),
    ]


def test_a_whole_alignment_replaces_several() -> None:
    chunks = [chunk("One. "), chunk("Two"), chunk(" thr"), chunk("Two three. ")]
    messages = matching.messages_of(chunks)
    readings = matching.read(matching.fold("One. Two three."), chunks, messages, lying(chunks))
    assert [(r.kind, r.repeats) for r in readings][-1] == ("repeats", 1)


def test_text_that_repeats_itself_is_continued_and_not_taken_back() -> None:
    assert kinds("ha ha ha ha", [chunk("ha "), chunk("ha "), chunk("ha ha ")]) == [
        ("continues", 0),
        ("continues", 2),
        ("continues", 4),
    ]
    again = "The same sentence. "
    assert kinds(again * 2, [chunk(again), chunk(again)]) == [("continues", 0), ("continues", 16)]


def test_a_message_that_comes_twice_is_named() -> None:
    chunks = [chunk("One two "), chunk("One two "), chunk("three. "), chunk("three. ")]
    assert matching.resent("One two three.", chunks, lying(chunks)) == {1, 3}
    rest = [*chunks[:1], *chunks[2:]]
    assert matching.resent("One two three. Three.", rest, lying(rest)) == frozenset()
    wrapped = [silent(4), chunk("One two. "), silent(4)]
    assert matching.resent("One two.", wrapped, lying(wrapped)) == frozenset()


def test_text_lost_with_its_alignment_is_jumped_over() -> None:
    chunks = [chunk("The first words "), silent(20), chunk("and then the last ones.")]
    assert kinds("The first words were lost here and then the last ones.", chunks)[2] == ("jumps", 25)


def test_a_short_message_behind_a_loss_is_found_by_the_texts_end() -> None:
    assert kinds("one two three", [chunk("one "), silent(9), chunk("ee")])[2] == ("jumps", 9)


def test_a_loss_in_a_text_that_repeats_itself_is_as_long_as_its_sound() -> None:
    line = "Round and round it goes. "
    chunks = [chunk(line), silent(2 * len(line)), chunk(line), silent(len(line)), chunk(line)]
    assert [at for kind, at in kinds(line * 6, chunks) if kind != "none"] == [0, 60, 100]


def test_a_tail_of_sound_is_no_loss() -> None:
    assert kinds("One two three. Four.", [chunk("One two three. "), silent(5), chunk("Four. ")])[2] == ("continues", 12)


def test_numbers_spelt_out_leave_the_rest_in_its_place() -> None:
    text, spoken = "It cost 1,234 dollars in 1984.", "It cost one thousand two hundred thirty-four dollars in nineteen."
    letters, theirs = matching.fold(text).letters, matching.fold(spoken).letters
    blocks = matching.align(letters, theirs, 0)
    assert [letters[b.text : b.text + b.size] for b in blocks] == ["itcost", "dollarsin", "."]


def test_an_accident_of_a_few_letters_does_not_pass_over_text() -> None:
    # The "one" of 17 spelt out is not the one at the end.
    assert matching.align("17forthe2ndone.", "onesev", 0) == ()


@given(st.text("abcdef", max_size=200), st.text("abcdef", max_size=200), st.integers(0, 20))
def test_blocks_ascend_and_are_equal(text: str, letters: str, at: int) -> None:
    here, there = at, 0
    for block in matching.align(text, letters, at):
        assert block.text >= here
        assert block.letters >= there
        assert text[block.text : block.text + block.size] == letters[block.letters : block.letters + block.size]
        here, there = block.text + block.size, block.letters + block.size


@given(st.text("abcdef ", min_size=1))
def test_the_same_text_is_one_block(text: str) -> None:
    letters = matching.fold(text).letters
    assert matching.align(letters, letters, 0) == ((Block(0, 0, len(letters)),) if letters else ())


@given(st.text("ab c.", max_size=40), st.lists(st.text("ab c.", min_size=1, max_size=12), max_size=8))
def test_any_messages_are_read_within_the_text(text: str, said: list[str]) -> None:
    chunks = [chunk(each) for each in said]
    folded = matching.fold(text)
    messages = matching.messages_of(chunks)
    for message, reading in zip(messages, matching.read(folded, chunks, messages, lying(chunks)), strict=True):
        for block in reading.blocks:
            assert message is not None
            assert 0 <= block.text <= block.text + block.size <= len(folded.letters)
            assert block.letters + block.size <= len(message.letters)


def test_the_space_before_a_spoken_generation_belongs_to_its_first_character() -> None:
    spoken = Alignment((" ", "H", "i", " "), (0, 35, 81, 139), (35, 46, 58, 40))
    message, later = matching.messages_of([Chunk(normalized=spoken), Chunk(normalized=spoken)])
    assert message is not None
    assert (message.starts, message.span) == ((0, 81), 179)
    assert later is not None
    assert later.starts == (0, 81)
    (_, inner) = matching.messages_of([Chunk(normalized=told("H", "i")), Chunk(normalized=spoken)])
    assert inner is not None
    assert inner.starts == (35, 81), "a space between two words is a pause"
