# ruff: noqa: RUF001 - typographic punctuation is the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.captions import languages
from aligner.captions.languages import Mark
from aligner.captions.marks import classify


@pytest.mark.parametrize(
    ("language", "word", "marks"),
    [
        ("en", "the", Mark.ARTICLE),
        ("en", "The", Mark.ARTICLE),
        ("en", "“the", Mark.ARTICLE | Mark.OPENED),
        ("en", "Mr.", Mark.TITLE | Mark.STOP),
        ("en", "house,", Mark.COMMA | Mark.LOWER),
        ("en", "house;”", Mark.STRONG | Mark.CLOSED),
        ("en", "why?", Mark.STRONG),
        ("en", "(see", Mark.OPENED),
        ("en", "there)", Mark.CLOSED),
        ("en", "3.14", Mark.NUMERAL),
        ("en", "$5", Mark.NUMERAL),
        ("en", "seven", Mark.NUMERAL),
        ("en", "km", Mark.UNIT),
        ("en", "%", Mark.UNIT),
        ("en", "GB", Mark.UNIT),
        ("de", "Außer", Mark.PREPOSITION),
        ("en", "Baker", Mark.NAME),
        ("en", "J.", Mark.NAME | Mark.STOP),
        ("en", "he’s", Mark.AUXILIARY),
        ("en", "don't", Mark.AUXILIARY),
        ("en", "John's", Mark.AUXILIARY),
        ("en", "beautiful", Mark.ADJECTIVE),
        ("en", "—", Mark.DASH),
        ("en", "--", Mark.DASH),
        ("en", "word—", Mark.STRONG),
        ("fr", "«", Mark.OPENER),
        ("fr", "»", Mark.CLOSER),
        ("fr", "!", Mark.CLOSER | Mark.STRONG),
        ("fr", "qu'il", Mark.PRONOUN),
        ("fr", "d’un", Mark.ARTICLE),
        ("de", "schöne", Mark.ADJECTIVE),
        ("zh", "。」", Mark.NO_START),
        ("zh", "「我", Mark.OPENED),
        ("zh", "「", Mark.NO_END),
        ("zh", "第一", Mark.NUMERAL),
        ("ja", "ーる", Mark.NO_START),
    ],
)
def test_marks(language: str, word: str, marks: int) -> None:
    assert classify(word, languages.load(language)) & marks == marks


@pytest.mark.parametrize(
    ("word", "marks"),
    [
        ("US", Mark.PRONOUN | Mark.NAME),
        ("IT", Mark.PRONOUN),
        ("The", Mark.NAME),
        ("NASA", Mark.NAME),
        ("word", Mark.NAME | Mark.STOP),
        (".NET", Mark.STOP),
        ("vive", Mark.ADJECTIVE),
        ("", Mark.LOWER),
    ],
)
def test_not_marks(word: str, marks: int) -> None:
    assert classify(word or "0", languages.load("en")) & marks == 0


@given(st.text(min_size=1).filter(str.strip), st.sampled_from(("en", "de", "fr", "zh", "ja", "xx")))
def test_any_word_has_marks(word: str, language: str) -> None:
    assert classify(word, languages.load(language)) >= 0
