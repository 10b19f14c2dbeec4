"""What ``say-as`` makes of a text."""

from __future__ import annotations

import pytest

from aligner.speech.server.text.normalization import say_as


@pytest.mark.parametrize(
    ("text", "kind", "form", "language", "said"),
    [
        ("aB-1", "characters", None, "en", "A B dash one"),
        ("Maß 7", "spell-out", None, "de", "M A SS sieben"),
        ("a", "verbatim", None, "sv", "A"),
        ("1,234", "cardinal", None, "en", "one thousand two hundred and thirty-four"),
        ("-1.5", "number", None, "de", "minus eins Komma fünf"),
        ("1.234", "number", None, "de", "eintausendzweihundertvierunddreißig"),
        ("12.5", "number", None, "en", "twelve point five"),
        ("IV", "cardinal", None, "en", "IV"),
        ("3", "ordinal", None, "en", "third"),
        ("1,000th", "ordinal", None, "en", "one thousandth"),
        ("x", "ordinal", None, "en", "x"),
        ("2026", "digits", None, "en", "two zero two six"),
        ("3/4", "fraction", None, "en", "three quarters"),
        ("1+1/2", "fraction", None, "en", "one and a half"),
        ("2¾", "fraction", None, "en", "two and three quarters"),
        ("9/11", "fraction", None, "en", "9/11"),
        ("10 km", "unit", None, "en", "ten kilometers"),
        ("-5°C", "unit", None, "de", "minus fünf Grad Celsius"),
        ("10 foo", "unit", None, "en", "10 foo"),
        ("11/21/2026", "date", "mdy", "en", "November twenty-first, twenty twenty-six"),
        ("21/11/2026", "date", "dmy", "en", "November twenty-first, twenty twenty-six"),
        ("2026-11-21", "date", None, "de", "einundzwanzigster November zweitausendsechsundzwanzig"),
        ("21.11.2026", "date", None, "de", "einundzwanzigster November zweitausendsechsundzwanzig"),
        ("21 Nov 2026", "date", "dmy", "en", "November twenty-first, twenty twenty-six"),
        ("11/21", "date", "md", "en", "November twenty-first"),
        ("11/2026", "date", "my", "en", "November twenty twenty-six"),
        ("2026", "date", "y", "en", "twenty twenty-six"),
        ("11", "date", "m", "en", "November"),
        ("13", "date", "m", "en", "13"),
        ("5", "date", "dd", "en", "5"),
        ("1/1/2026", "date", None, "sv", "1/1/2026"),
        ("14:30", "time", None, "en", "fourteen thirty"),
        ("3:05pm", "time", "hms12", "en", "three oh five p m"),
        ("14.30", "time", None, "de", "vierzehn Uhr dreißig"),
        ("25:00", "time", None, "en", "25:00"),
        ("noon", "time", None, "en", "noon"),
        ("555-1234", "telephone", None, "en", "five five five, one two three four"),
        ("+49 30 1", "phone", None, "de", "plus vier neun, drei null, eins"),
        ("$3.50", "currency", None, "en", "three dollars and fifty cents"),
        ("USD 20", "currency", None, "en", "twenty dollars"),
        ("3,50 €", "currency", None, "de", "drei Euro fünfzig"),
        ("-5 €", "currency", None, "de", "minus fünf Euro"),
        ("-$5", "currency", None, "en", "minus five dollars"),
        ("5", "currency", None, "en", "5"),
        ("darn", "expletive", None, "en", "beep"),
        ("verflixt", "bleep", None, "de", "piep"),
        ("zut", "expletive", None, "tlh", "beep"),
        (" 5 ", "Cardinal", None, "en", "five"),
        ("5", "vegetable", None, "en", "5"),
        ("", "cardinal", None, "en", ""),
        ("5", "cardinal", None, "zh", "5"),
    ],
)
def test_say_as(text: str, kind: str, form: str | None, language: str, said: str) -> None:
    assert say_as(text, kind, form, language) == said


def test_a_text_beyond_all_reason_is_left_alone() -> None:
    assert say_as("1" * 1001, "digits", None, "en") == "1" * 1001
    assert say_as("1" * 100, "digits", None, "en") == " ".join(["one"] * 100)
