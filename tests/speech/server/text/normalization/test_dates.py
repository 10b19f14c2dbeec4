"""Dates: their order, their endings, and what only looks like one."""

# ruff: noqa: RUF001 - the rows hold what people write

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "2026-11-21", "November twenty-first, twenty twenty-six"),
        ("en", "2026/11/21", "November twenty-first, twenty twenty-six"),
        ("de", "2026-11-21", "einundzwanzigster November zweitausendsechsundzwanzig"),
        ("en", "11/21/2026", "November twenty-first, twenty twenty-six"),
        ("en", "11/10/2026", "November tenth, twenty twenty-six"),
        ("en-GB", "11/10/2026", "the eleventh of October, twenty twenty-six"),
        ("en-GB", "11/21/2026", "the twenty-first of November, twenty twenty-six"),
        ("de", "21.11.2026", "einundzwanzigster November zweitausendsechsundzwanzig"),
        ("de", "1. 5. 2026", "erster Mai zweitausendsechsundzwanzig"),
        ("en", "21.11.2026", "November twenty-first, twenty twenty-six"),
        ("fr", "01/05/2026", "premier mai deux mille vingt-six"),
        ("nl", "21-11-2026", "eenentwintig november tweeduizendzesentwintig"),
        ("de", "21.11.26", "einundzwanzigster November zweitausendsechsundzwanzig"),
        ("en", "1/2/99", "January second, nineteen ninety-nine"),
    ],
)
def test_in_figures(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "21 Nov 2026", "the twenty-first of November, twenty twenty-six"),
        ("en", "the 21 November", "the twenty-first of November"),
        ("en", "the 21st of November", "the twenty-first of November"),
        ("en", "November 21, 2026", "November twenty-first, twenty twenty-six"),
        ("en", "Nov. 21", "November twenty-first"),
        ("en", "May 5th", "May fifth"),
        ("de", "21. November", "einundzwanzigster November"),
        ("es", "21 de noviembre de 2026", "veintiuno de noviembre de dos mil veintiséis"),
        ("es", "1 de mayo", "uno de mayo"),
        ("it", "1 maggio", "primo maggio"),
        ("pt", "1 de maio de 2026", "primeiro de maio de dois mil e vinte e seis"),
        ("nl", "21 november 2026", "eenentwintig november tweeduizendzesentwintig"),
        ("pl", "21 listopada 2026 r.", "dwudziestego pierwszego listopada dwa tysiące dwudziestego szóstego roku"),
        ("ru", "1 мая 2026 г.", "первое мая две тысячи двадцать шестого года"),
        ("fr", "1er mai 2026", "premier mai deux mille vingt-six"),
    ],
)
def test_with_the_name_of_the_month(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "am 3. Mai", "am dritten Mai"),
        ("de", "der 3. Mai", "der dritte Mai"),
        ("de", "3. Mai", "dritter Mai"),
        ("de", "vom 1.5.2026", "vom ersten Mai zweitausendsechsundzwanzig"),
        ("de", "am 21.11.", "am einundzwanzigsten November"),
    ],
)
def test_german_days_have_the_ending_that_is_asked_for(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "31/31/2026", "thirty-one/thirty-one/two thousand and twenty-six"),
        ("en", "2026-13-01", "twenty twenty-six-thirteen-zero one"),
        ("en", "we may 5", "we may five"),
        ("en", "0/0/2026", "zero/zero/two thousand and twenty-six"),
        ("sv", "21.11.2026", "tjugoett.elva.tvåtusentjugosex"),
        ("de", "32. Mai", "zweiunddreißig. Mai"),
    ],
)
def test_what_is_no_date(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "It was 21 November. Then", "It was the twenty-first of November. Then"),
        ("en", "It was 21 November.", "It was the twenty-first of November."),
        ("de", "Am 21. November. Dann", "Am einundzwanzigsten November. Dann"),
    ],
)
def test_a_full_stop_behind_the_month_ends_the_sentence(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
