# ruff: noqa: RUF001 - phones and the scripts of many languages are the point
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server import utterances

TEXTS = st.text(st.sampled_from('abcdeé .,;:!?\n"“”—大中。，ไ\u00a0'), max_size=1200)


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["en", "de", "zh", "th"]))
def test_utterances_joined_are_the_text_and_none_is_long(text: str, language: str) -> None:
    pieces = utterances.cut(text, language)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= utterances.LONGEST for piece in pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("  ", ["  "]),
        ("One. Two! Three? ", ["One. ", "Two! ", "Three? "]),
        ("Dr. Smith paid 3.14 dollars. He left.", ["Dr. Smith paid 3.14 dollars. ", "He left."]),
        ("A heading\nThe text.\n\nMore", ["A heading\n", "The text.\n\n", "More"]),
        ("“Go!” she said.  Then", ["“Go!” she said.  ", "Then"]),
    ],
)
def test_a_sentence_is_an_utterance_with_the_white_space_after_it(text: str, pieces: list[str]) -> None:
    assert utterances.cut(text, "en") == pieces


def test_chinese_sentences_need_no_blank() -> None:
    assert utterances.cut("你好。再见！", "zh") == ["你好。", "再见！"]


def test_a_long_sentence_is_cut_after_its_last_clause() -> None:
    clause = "word " * 30 + "end, "
    pieces = utterances.cut(clause * 4, "en")
    assert pieces == [clause, clause, clause, clause]


def test_without_a_clause_it_is_cut_after_a_word() -> None:
    pieces = utterances.cut("seven12 " * 100, "en")
    assert all(piece.endswith("seven12 ") for piece in pieces)
    assert all(len(piece) > utterances.LONGEST - 8 for piece in pieces[:-1])


def test_an_endless_word_is_cut_all_the_same() -> None:
    assert [len(piece) for piece in utterances.cut("a" * 1000, "en")] == [300, 300, 300, 100]


def test_chinese_without_punctuation_is_cut_between_characters() -> None:
    assert [len(piece) for piece in utterances.cut("大" * 700, "zh")] == [299, 299, 102]


def test_places_to_cut_at() -> None:
    text = "one, two three"
    assert utterances.last_clause(text, 0, 14) == 5
    assert utterances.last_clause(text, 5, 14) is None
    assert utterances.last_word(text, 0, 14) == 9
    assert utterances.first_word(text, 5, 14) == 9
    assert utterances.first_word(text, 9, 14) is None
    assert utterances.softest(text, 0, 14) == 5
    assert utterances.softest(text, 5, 14) == 9
    assert utterances.softest(text, 9, 12) == 12
