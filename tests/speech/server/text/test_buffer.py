from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.text.buffer import LONGEST, Buffer
from aligner.speech.server.text.passage import Note, Passage

MESSAGES = st.lists(
    st.tuples(st.text(st.sampled_from("abcdef   .,!\n大。"), max_size=300), st.booleans(), st.booleans()), max_size=30
)
SENTENCE = "This sentence has exactly fifty characters in it. "


def add(buffer: Buffer, text: str, **how: bool) -> list[str]:
    return [generation.text for generation in buffer.add(Passage(text), **how)]


def rest(buffer: Buffer) -> list[str]:
    return [generation.text for generation in buffer.flush()]


def spoken(buffer: Buffer, *texts: str) -> list[str]:
    return [generation for text in texts for generation in add(buffer, text)]


@settings(deadline=None)
@given(messages=MESSAGES, auto=st.booleans())
def test_nothing_is_lost_or_moved_and_nothing_added_but_closing_spaces(
    messages: list[tuple[str, bool, bool]], *, auto: bool
) -> None:
    buffer = Buffer([50, 100], auto=auto)
    due: list[str] = []
    for text, flush, trigger in messages:
        due.extend(add(buffer, text, flush=flush, trigger=trigger))
    due.extend(rest(buffer))
    assert all(generation[-1].isspace() for generation in due)
    sent = "".join(text for text, _, _ in messages)
    # Where a space was appended cannot be told from one that was sent.
    assert "".join("".join(due).split()) == "".join(sent.split())


@settings(deadline=None)
@given(MESSAGES)
def test_no_generation_is_longer_than_the_longest(messages: list[tuple[str, bool, bool]]) -> None:
    buffer = Buffer()
    due = [
        generation
        for text, flush, trigger in messages
        for generation in add(buffer, text, flush=flush, trigger=trigger)
    ]
    assert all(len(generation) <= LONGEST + 1 for generation in due + rest(buffer))


def test_the_first_generation_waits_for_the_first_threshold() -> None:
    buffer = Buffer()
    assert spoken(buffer, SENTENCE, SENTENCE) == []
    assert spoken(buffer, SENTENCE) == [SENTENCE * 3]


def test_every_generation_has_its_own_threshold_and_the_last_one_repeats() -> None:
    buffer = Buffer([50, 100])
    assert spoken(buffer, SENTENCE) == [SENTENCE]
    assert spoken(buffer, SENTENCE) == []
    assert spoken(buffer, SENTENCE) == [SENTENCE * 2]
    assert spoken(buffer, SENTENCE) == []
    assert spoken(buffer, SENTENCE) == [SENTENCE * 2]


def test_only_what_came_since_the_last_generation_counts() -> None:
    buffer = Buffer([50])
    assert spoken(buffer, SENTENCE + "And a rest ") == [SENTENCE]
    assert spoken(buffer, "that is still too short ") == []
    assert spoken(buffer, "to be spoken by itself. Then ") == [
        "And a rest that is still too short to be spoken by itself. "
    ]


def test_without_a_sentence_end_a_clause_is_voiced_and_without_a_clause_whole_words() -> None:
    clause = "here are more words than the threshold asks for, "
    assert spoken(Buffer([50]), f"{clause}and half a wor") == [clause]
    words = "here are more words than the threshold is asking for and "
    assert spoken(Buffer([50]), f"{words}half") == [words]


def test_a_word_is_never_cut_by_the_threshold() -> None:
    buffer = Buffer([50])
    assert spoken(buffer, "a" * 60) == []
    assert spoken(buffer, "bc ") == ["a" * 60 + "bc "]


def test_text_is_joined_raw() -> None:
    buffer = Buffer()
    assert spoken(buffer, "Hel", "lo.", "World") == []
    assert rest(buffer) == ["Hello.World "]


def test_an_abbreviation_at_the_edge_ends_no_sentence() -> None:
    text = "The first sentence of this text is done. Then came Dr. "
    assert spoken(Buffer([50]), text) == ["The first sentence of this text is done. "]


def test_a_full_stop_without_a_blank_may_go_on() -> None:
    buffer = Buffer([50])
    assert spoken(buffer, "It is a long way to the circle and the number is 3.") == [
        "It is a long way to the circle and the number is "
    ]
    assert add(buffer, "14 or so.", flush=True) == ["3.14 or so. "]


def test_a_flush_voices_everything_even_half_a_word() -> None:
    buffer = Buffer()
    assert add(buffer, "Hel", flush=True) == ["Hel "]
    assert add(buffer, "", flush=True) == []
    assert rest(buffer) == []


def test_a_space_is_appended_only_where_none_is() -> None:
    assert add(Buffer(), "One.", flush=True) == ["One. "]
    assert add(Buffer(), "One. ", flush=True) == ["One. "]
    assert add(Buffer(), "One.\n", flush=True) == ["One.\n"]


def test_a_keep_alive_is_a_space_in_the_buffer() -> None:
    buffer = Buffer()
    assert spoken(buffer, "One.", " ", " ") == []
    assert rest(buffer) == ["One.  "]


def test_in_auto_mode_every_message_is_a_generation() -> None:
    buffer = Buffer(auto=True)
    assert spoken(buffer, "Hel", "lo. ", " ", "You") == ["Hel ", "lo. ", " You "]


def test_a_trigger_needs_fifty_characters() -> None:
    assert add(Buffer(), "Too short. ", trigger=True) == []
    assert add(Buffer(), SENTENCE, trigger=True) == [SENTENCE]
    assert add(Buffer([500]), SENTENCE, trigger=False) == []


def test_a_whole_document_in_one_message_is_voiced_in_generations_of_sane_size() -> None:
    buffer = Buffer()
    due = add(buffer, SENTENCE * 20_000)
    assert "".join(due + rest(buffer)) == SENTENCE * 20_000
    assert {len(generation) for generation in due[4:-1]} <= {450, 500}


def test_a_document_that_is_flushed_too() -> None:
    due = add(Buffer(), SENTENCE * 2_000, flush=True)
    assert "".join(due) == SENTENCE * 2_000
    assert max(map(len, due)) == LONGEST


@pytest.mark.parametrize("size", [10, 50_000])
def test_a_word_without_end_is_cut_in_the_end(size: int) -> None:
    buffer = Buffer()
    due = [generation for _ in range(100_000 // size) for generation in add(buffer, "a" * size)]
    due += rest(buffer)
    assert "".join(generation.rstrip() for generation in due) == "a" * 100_000
    assert max(map(len, due)) <= LONGEST + 1


def test_the_language_decides_where_sentences_end() -> None:
    text = "这是第一个句子。" * 10
    assert add(Buffer([50], language="zh"), text)[0].strip().endswith("。")


def test_a_generation_keeps_the_notes_of_its_text() -> None:
    buffer = Buffer([50])
    first = Passage("One WHO two. ", (Note(4, 7, said="World Health Organization"),))
    assert buffer.add(first) == []
    due = buffer.add(Passage(SENTENCE, (Note(5, 13, ipa="sɛntəns"),)))
    assert due == [Passage(first.text + SENTENCE, (*first.notes, Note(18, 26, ipa="sɛntəns")))]


@pytest.mark.parametrize("flushed", [True, False])
def test_what_is_spoken_as_one_thing_is_never_cut(*, flushed: bool) -> None:
    text = "word " * 400
    whole = Note(110, 1_500, said="one thing")
    buffer = Buffer([100])
    due = buffer.add(Passage(text, (whole,)), flush=flushed) + buffer.flush()
    assert "".join(generation.text for generation in due) == text
    assert [note.said for generation in due for note in generation.notes] == ["one thing"]


def test_a_pause_goes_with_what_is_before_it() -> None:
    buffer = Buffer([50])
    due = buffer.add(Passage(SENTENCE + "And", (Note(len(SENTENCE), len(SENTENCE), pause=500_000),)))
    assert due == [Passage(SENTENCE, (Note(len(SENTENCE), len(SENTENCE), pause=500_000),))]
    assert buffer.flush() == [Passage("And ")]


def test_a_pause_alone_is_a_generation_when_it_is_flushed() -> None:
    buffer = Buffer()
    pause = Note(0, 0, pause=500_000)
    assert buffer.add(Passage("", (pause,)), flush=True) == [Passage(" ", (pause,))]
