"""How numbers are said: cardinals, ordinals, years, digits. Knows nothing of how they are written in a text.

The words are those of num2words. What it refuses, or gets wrong, is nobody's number: ``None``, and the engine reads it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aligner.speech.server.text.normalization.language import Language

_LONGEST: Final = 15
"""Digits of a number that is said as one; a longer one is read out digit by digit, as people do."""

_TOGETHER: Final = 2
"""Decimals that are still said as one number."""

_NAMES: Final = {"nb": "no", "nn": "no", "kk": "kz"}
"""Where the library calls a language otherwise than BCP 47."""

_BROKEN: Final = frozenset({"ce", "tet"})
"""Languages of the library without a voice, or whose words are not words."""

_SPELLINGS: Final = {"ja": {"reading": True}}
"""What the library must be asked so that a voice can read the words: Japanese in kana, not in kanji."""

_DIGIT: Final = re.compile(r"\d")
_SPACES: Final = re.compile(r"[\s,]+")


def cardinal(language: Language, value: Decimal, form: str = "") -> str | None:
    """A number in words, its decimals as they were written: 3.50 has two.

    ``form`` is a form of the language's file: a cardinal's gender, or what a word before asks for.
    """
    if value < 0:
        said = cardinal(language, value.copy_negate(), form)
        return negative(language, said)
    whole, _, decimals = f"{value:f}".partition(".")
    if decimals:
        return _decimal(language, whole, decimals)
    if len(whole) > _LONGEST:
        return digits(language, whole)
    return formed(language, _words(language.tag, language.code, "cardinal", whole), form)


def negative(language: Language, said: str | None) -> str | None:
    """What is said for an amount below zero, from what is said without its sign."""
    minus = language.words.numbers.minus or _minus(language)
    return f"{minus} {said}" if said and minus else None


def ordinal(language: Language, value: int, form: str = "") -> str | None:
    """The ordinal of a number above zero."""
    if not 0 < value < 10**_LONGEST:
        return None
    return formed(language, _words(language.tag, language.code, "ordinal", str(value)), form)


def year(language: Language, value: int) -> str | None:
    """A year, as years are said."""
    first, last = language.words.numbers.years
    kind = "year" if first <= value <= last else "cardinal"
    return _words(language.tag, language.code, kind, str(value))


def digits(language: Language, written: str) -> str | None:
    """Digits one by one."""
    return _joined([_words(language.tag, language.code, "cardinal", str(int(digit))) for digit in written])


def groups(language: Language, written: str) -> str | None:
    """Digits one by one, with a short pause where they are written apart."""
    said = [digits(language, group) for group in re.findall(r"\d+", written)]
    return ", ".join(group for group in said if group) if said and all(said) else None


def _decimal(language: Language, whole: str, decimals: str) -> str | None:
    numbers = language.words.numbers
    before = cardinal(language, Decimal(whole))
    if not numbers.point or not numbers.decimals:
        return _words(language.tag, language.code, "cardinal", f"{whole}.{decimals}")
    together = numbers.decimals == "number" and len(decimals) <= _TOGETHER and not decimals.startswith("0")
    after = cardinal(language, Decimal(decimals)) if together else digits(language, decimals)
    return _joined([before, numbers.point, after])


def _joined(parts: list[str | None]) -> str | None:
    return None if None in parts else " ".join(part for part in parts if part)


def formed(language: Language, said: str | None, form: str) -> str | None:
    """A number in another gender or case, as the language's file tells."""
    if said is None:
        return None
    for pattern, instead in language.words.numbers.forms.get(form, ()):
        said = re.sub(pattern, instead, said)
    return said


def _minus(language: Language) -> str | None:
    """The library's word, taken from a number that has it; some of its languages say another number altogether."""
    positive, below = (_words(language.tag, language.code, "cardinal", number) for number in ("7", "-7"))
    if not positive or not below or not below.endswith(positive):
        return None
    minus = below.removesuffix(positive).strip()
    # Kannada has a sign there, not a word.
    return minus if minus[:1].isalpha() else None


@lru_cache(maxsize=16384)
def _words(tag: str, code: str, kind: str, number: str) -> str | None:
    """What the library says; its commas would be heard as pauses."""
    from num2words import CONVERTER_CLASSES, num2words  # noqa: PLC0415 - 50 ms; not needed for plain prose

    name = next((name for name in (tag, _NAMES.get(code, code)) if name in CONVERTER_CLASSES), None)
    if name is None or name in _BROKEN:
        return None
    # The library raises what comes to it: NotImplementedError, KeyError, TypeError, OverflowError…
    try:
        value = Decimal(number) if "." in number else int(number)
        said = str(num2words(value, lang=name, to=kind, **_SPELLINGS.get(code, {})))
    except Exception:  # noqa: BLE001 - see above; the engine can read the number itself
        return None
    said = _SPACES.sub(" ", said).strip()
    return said if said and not _DIGIT.search(said) else None


def known(language: Language) -> bool:
    """Whether the library has words for this language's numbers."""
    return _words(language.tag, language.code, "cardinal", "1") is not None


def polished(language: Language, said: str) -> str:
    """The finished words, with what the language changes where two of them meet."""
    for pattern, instead in language.words.numbers.polish:
        said = re.sub(pattern, instead, said)
    return said
