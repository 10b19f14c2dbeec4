"""Abbreviations, and whose full stop theirs is."""

# ruff: noqa: RUF001 - the rows hold what people write

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "e.g. this, i.e. that, vs. those", "for example this, that is that, versus those"),
        ("de", "z. B. dies, d. h. das, u. a. jenes", "zum Beispiel dies, das heißt das, unter anderem jenes"),
        ("de", "z.B. dies, d.h. das", "zum Beispiel dies, das heißt das"),
        ("fr", "p. ex. ceci, Mme Roy", "par exemple ceci, Madame Roy"),
        ("es", "p. ej. esto, EE. UU.", "por ejemplo esto, Estados Unidos."),
        ("it", "ecc. e cfr. qui", "eccetera e confronta qui"),
        ("pt", "p. ex. isto", "por exemplo isto"),
        ("nl", "bijv. dit, d.w.z. dat", "bijvoorbeeld dit, dat wil zeggen dat"),
        ("pl", "np. to, m.in. tamto", "na przykład to, między innymi tamto"),
        ("ru", "т. е. это, т. к. то", "то есть это, так как то"),
    ],
)
def test_lists_of_the_languages(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Dr. Smith", "Doctor Smith"),
        ("en", "the dr. said", "the dr. said"),
        ("en", "No. 5", "number five"),
        ("en", "No. Not so.", "No. Not so."),
        ("en", "p. 12 and pp. 3-5", "page twelve and pages three to five"),
        ("en", "St. Louis", "Saint Louis"),
        ("en", "Main St. is long", "Main Street is long"),
        ("de", "S. 12", "Seite zwölf"),
        ("de", "Das ist S. Mayer", "Das ist S. Mayer"),
        ("de", "Nr. 7", "Nummer sieben"),
        ("en", "vol. IV", "volume IV"),
    ],
)
def test_before_a_name_or_a_number_only(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "Z. B. das", "zum Beispiel das"),
        ("en", "E.g. this", "for example this"),
        ("de", "Vgl. dies", "vergleiche dies"),
    ],
)
def test_at_the_start_of_a_sentence(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "apples, etc.", "apples, et cetera."),
        ("en", "apples, etc. And pears.", "apples, et cetera. And pears."),
        ("en", "apples, etc., and pears", "apples, et cetera, and pears"),
        ("en", "(apples etc.)", "(apples et cetera.)"),
        ("de", "Äpfel usw.", "Äpfel und so weiter."),
        ("en", "at 3 Main St.", "at three Main Street."),
        ("en", "in St. Louis.", "in Saint Louis."),
        ("de", "Äpfel usw. Danach", "Äpfel und so weiter. Danach"),
    ],
)
def test_the_stop_of_the_sentence_is_kept(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "xe.g. this", "xe.g. this"),
        ("en", "a.e.g.", "a.e.g."),
        ("de", "Oz. B.", "Oz. B."),
        ("en", "Mrsx", "Mrsx"),
        ("sv", "t.ex. detta", "t.ex. detta"),
    ],
)
def test_parts_of_words_are_none(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
