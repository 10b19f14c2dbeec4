from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.buffer import LONGEST, Buffer

MESSAGES = st.lists(
    st.tuples(st.text(st.sampled_from("abcdef   .,!\n大。"), max_size=300), st.booleans(), st.booleans()), max_size=30
)
SENTENCE = "This sentence has exactly fifty characters in it. "


def spoken(buffer: Buffer, *texts: str) -> list[str]:
    return [generation for text in texts for generation in buffer.add(text)]


@settings(deadline=None)
@given(messages=MESSAGES, auto=st.booleans())
def test_nothing_is_lost_or_moved_and_nothing_added_but_closing_spaces(
    messages: list[tuple[str, bool, bool]], *, auto: bool
) -> None:
    buffer = Buffer([50, 100], auto=auto)
    due: list[str] = []
    for text, flush, trigger in messages:
        due.extend(buffer.add(text, flush=flush, trigger=trigger))
    due.extend(buffer.flush())
    assert all(generation[-1].isspace() for generation in due)
    sent = "".join(text for text, _, _ in messages)
    # Where a space was appended cannot be told from one that was sent.
    assert "".join("".join(due).split()) == "".join(sent.split())


@settings(deadline=None)
@given(MESSAGES)
def test_no_generation_is_longer_than_the_longest(messages: list[tuple[str, bool, bool]]) -> None:
    buffer = Buffer()
    due = [
        generation for text, flush, trigger in messages for generation in buffer.add(text, flush=flush, trigger=trigger)
    ]
    assert all(len(generation) <= LONGEST + 1 for generation in due + buffer.flush())


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
    assert buffer.flush() == ["Hello.World "]


def test_an_abbreviation_at_the_edge_ends_no_sentence() -> None:
    text = "The first sentence of this text is done. Then came Dr. "
    assert spoken(Buffer([50]), text) == ["The first sentence of this text is done. "]


def test_a_full_stop_without_a_blank_may_go_on() -> None:
    buffer = Buffer([50])
    assert spoken(buffer, "It is a long way to the circle and the number is 3.") == [
        "It is a long way to the circle and the number is "
    ]
    assert buffer.add("14 or so.", flush=True) == ["3.14 or so. "]


def test_a_flush_voices_everything_even_half_a_word() -> None:
    buffer = Buffer()
    assert buffer.add("Hel", flush=True) == ["Hel "]
    assert buffer.add("", flush=True) == []
    assert buffer.flush() == []


def test_a_space_is_appended_only_where_none_is() -> None:
    assert Buffer().add("One.", flush=True) == ["One. "]
    assert Buffer().add("One. ", flush=True) == ["One. "]
    assert Buffer().add("One.\n", flush=True) == ["One.\n"]


def test_a_keep_alive_is_a_space_in_the_buffer() -> None:
    buffer = Buffer()
    assert spoken(buffer, "One.", " ", " ") == []
    assert buffer.flush() == ["One.  "]


def test_in_auto_mode_every_message_is_a_generation() -> None:
    buffer = Buffer(auto=True)
    assert spoken(buffer, "Hel", "lo. ", " ", "You") == ["Hel ", "lo. ", " You "]


def test_a_trigger_needs_fifty_characters() -> None:
    assert Buffer().add("Too short. ", trigger=True) == []
    assert Buffer().add(SENTENCE, trigger=True) == [SENTENCE]
    assert Buffer([500]).add(SENTENCE, trigger=False) == []


def test_a_whole_document_in_one_message_is_voiced_in_generations_of_sane_size() -> None:
    buffer = Buffer()
    due = buffer.add(SENTENCE * 20_000)
    assert "".join(due + buffer.flush()) == SENTENCE * 20_000
    assert {len(generation) for generation in due[4:-1]} <= {450, 500}


def test_a_document_that_is_flushed_too() -> None:
    due = Buffer().add(SENTENCE * 2_000, flush=True)
    assert "".join(due) == SENTENCE * 2_000
    assert max(map(len, due)) == LONGEST


@pytest.mark.parametrize("size", [10, 50_000])
def test_a_word_without_end_is_cut_in_the_end(size: int) -> None:
    buffer = Buffer()
    due = [generation for _ in range(100_000 // size) for generation in buffer.add("a" * size)]
    due += buffer.flush()
    assert "".join(generation.rstrip() for generation in due) == "a" * 100_000
    assert max(map(len, due)) <= LONGEST + 1


def test_the_language_decides_where_sentences_end() -> None:
    text = "这是第一个句子。" * 10
    assert Buffer([50], language="zh").add(text)[0].strip().endswith("。")
