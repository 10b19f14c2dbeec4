"""Where the rules are tried, and that they are tried everywhere they have to be."""

from __future__ import annotations

import pytest
from docs.pages import DOCS, read
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.speech.server.text.normalization import grammar, words

_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "sv", "zh")
_EXAMPLES = sorted(set(read(DOCS / "reference" / "normalization.md").replace("|", "`").split("`")))


@given(st.sampled_from(_EXAMPLES) | st.text(max_size=20), st.sampled_from(_LANGUAGES))
@settings(max_examples=200, deadline=None)
@example("m. in.", "pl")
@example("le XXe siècle", "fr")
@example("Henry V", "en")
@example("Q&A", "en")
def test_the_trigger_misses_nothing(text: str, language: str) -> None:
    if grammar.trigger(words.base(language)).search(text) is None:
        assert list(grammar.find(language).read(text, 0, len(text))) == []


@pytest.mark.parametrize(
    "text", ["A well-known sea.", "“Yes”, he said — and left…", "What? No! (Never; ever.)", "I am a DIV."]
)
@pytest.mark.parametrize("language", _LANGUAGES)
def test_prose_does_not_trigger(text: str, language: str) -> None:
    assert grammar.trigger(language).search(text) is None


def test_nothing_is_read_outside_the_two_places() -> None:
    found = list(grammar.find("en").read("5 km 6 km 7 km", 5, 9))
    assert found == [(5, 9, "six kilometers")]
    assert list(grammar.find("en").read("5 km", 0, 3)) == [(0, 1, "five")]


def test_a_rule_that_says_nothing_leaves_the_place_to_the_next() -> None:
    assert list(grammar.find("en").read("99/99/2026", 0, 10)) == [
        (0, 2, "ninety-nine"),
        (3, 5, "ninety-nine"),
        (6, 10, "two thousand and twenty-six"),
    ]


def test_the_rules_of_a_language_are_made_once() -> None:
    assert grammar.find("en") is grammar.find("en")
    assert grammar.trigger("en") is grammar.trigger("en")
