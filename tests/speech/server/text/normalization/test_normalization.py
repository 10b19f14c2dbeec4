"""What holds for every text in every language."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import Final

import pytest
from fakes.reading_aloud import heard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.speech.server.text.normalization import romanize, say_as, spell_out
from aligner.speech.server.text.passage import Delivery, Note, Passage

_FULL: Final = ("en", "en-GB", "de", "fr", "es", "it", "pt", "pt-BR", "nl", "pl", "ru")
_PARTLY: Final = ("sv", "ja", "zh", "ar", "hi", "vi", "tr", "th", "ko", "he", "fa", "hu", "nb", "es-419", "cmn")
_STRANGE: Final = ("", "-", "xx", "en_US_POSIX", "tlh", "🙂")

_FRAGMENTS: Final = [
    *"0 1 7 12 2026 1,234 3.50 10- - – / : . , ; ' $ € £ USD zł % ° °C km m/s h min 3rd 21. Nov Mai May 14:30".split(),  # noqa: RUF001, SIM905
    *"pm p.m. Uhr Dr. St. z. B. e.g. No. Louis XIV Chapter IV siècle # @ & + = × ½ ¾ ( ) +49 www. http:// .com".split(),  # noqa: RUF001, SIM905
    *["a", "b", "MP3", "x", "\n", "\t", "\u00a0", "²", "٣", "१", "二", "你", "Ж", " "],
]  # fmt: skip
_texts = st.lists(st.sampled_from(_FRAGMENTS), max_size=14).map("".join) | st.text(max_size=30)
_languages = st.sampled_from((*_FULL, *_PARTLY, *_STRANGE))
_prose = st.lists(
    st.sampled_from(["the", "keeper", "lit", "Lampe", "und", "la", "mer", "море", "well-known", "…"])
).map(" ".join)


@given(_texts, _languages)
@settings(max_examples=300, deadline=None)
@example("1" * 400, "en")
@example("1.234." * 20, "ru")
def test_notes_ascend_inside_the_text_and_never_overlap(text: str, language: str) -> None:
    passage = spell_out(Passage(text), language)
    assert passage.text == text
    place = 0
    for note in passage.notes:
        assert place <= note.start < note.stop <= len(text)
        assert note.said
        assert note.said.strip()
        place = note.stop


@given(_texts, _languages, st.integers(0, 20), st.integers(1, 10))
@settings(max_examples=200, deadline=None)
def test_notes_that_are_there_are_kept(text: str, language: str, start: int, length: int) -> None:
    stop = min(len(text), start + length)
    note = Note(start, stop, said="kept") if start < stop else Note(0, len(text), delivery=Delivery(rate=2))
    spoken = spell_out(Passage(text, (note,)), language)
    assert note in spoken.notes
    taken = sorted((one.start, one.stop) for one in spoken.notes if one.whole)
    assert all(first[1] <= second[0] for first, second in pairwise(taken))


@given(st.integers(0, 10**18), st.sampled_from(_FULL))
@settings(max_examples=200, deadline=None)
def test_a_plain_number_has_no_digit_left(number: int, language: str) -> None:
    said = heard(f"x {number} x", language)
    assert said[:2] + said[-2:] == "x  x"
    assert not any(character.isdigit() for character in said)


@given(st.decimals(0, 10**9, places=2), st.sampled_from(_FULL))
@settings(max_examples=100, deadline=None)
def test_an_amount_has_no_digit_left(number: object, language: str) -> None:
    for written in (f"{number} €", f"{number} km", f"${number}"):
        mark = "." if language.startswith("en") else ","
        assert not any(character.isdigit() for character in heard(written.replace(".", mark), language))


@given(_prose, _languages)
@settings(max_examples=100, deadline=None)
def test_a_text_without_candidates_is_the_same_object(text: str, language: str) -> None:
    passage = Passage(text)
    assert spell_out(passage, language) is passage


@given(_texts, st.text("xyz", max_size=12), st.none() | st.text("mdyx", max_size=4), _languages)
@settings(max_examples=200, deadline=None)
def test_say_as_never_fails(text: str, kind: str, form: str | None, language: str) -> None:
    assert say_as(text, kind, form, language) == text
    for known in (
        "characters",
        "cardinal",
        "ordinal",
        "digits",
        "fraction",
        "unit",
        "date",
        "time",
        "telephone",
        "currency",
    ):
        assert say_as(text, known, form, language) or not text.strip()
    assert all(text[start:stop] != said for start, stop, said in romanize(text))


@pytest.mark.parametrize("language", _FULL)
def test_four_hundred_digits_are_read_one_by_one(language: str) -> None:
    assert len(heard("1" * 400, language).split()) == 400


@pytest.mark.parametrize(("text", "said"), [("5 km", "5 km"), ("$3 at 14:30, Dr. & Co.", "$3 at 14:30, Dr. & Co.")])
def test_a_language_that_nobody_knows_changes_nothing(text: str, said: str) -> None:
    assert heard(text, "tlh") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It cost $3.", "It cost three dollars."),
        ("(See 5 km.)", "(See five kilometers.)"),
        ("Was it 3?", "Was it three?"),
        ("1984: a year", "nineteen eighty-four: a year"),
        ("“5”", "“five”"),
        ("At 3 p.m. we left.", "At three p m we left."),
        ("It is 3 p.m.", "It is three p m."),
        ("5, 6, 7.", "five, six, seven."),
    ],
)
def test_the_punctuation_of_the_sentence_stays(text: str, said: str) -> None:
    assert heard(text, "en") == said


def test_what_a_dictionary_says_parts_a_measurement() -> None:
    spoken = spell_out(Passage("5 km", (Note(2, 4, said="clicks"),)), "en")
    assert [note.said for note in spoken.notes] == ["five", "clicks"]


def test_plain_prose_loads_no_library() -> None:
    code = (
        "import sys; from aligner.speech.server.text.normalization import spell_out, romanize;"
        "from aligner.speech.server.text.passage import Passage; spell_out(Passage('Plain prose, well-known.'), 'en');"
        "romanize('plain'); print(sorted({'babel', 'num2words', 'pypinyin'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.strip() == "[]"


def test_what_a_language_needs_can_be_loaded_before() -> None:
    code = (
        "import sys; from aligner.speech.server.text.normalization import prepare; prepare('en');"
        "print(sorted({'babel', 'num2words', 'pypinyin'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.strip() == "['babel', 'num2words']"
