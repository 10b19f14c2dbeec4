"""Numbers by themselves: whole, with decimals, negative, ordinals, years, decades, versions, glued to letters."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import numbers
from aligner.speech.server.text.normalization.rule import ALONE, Rule, before, keyed, spaced, unsigned, value

if TYPE_CHECKING:
    from aligner.speech.server.text.normalization.language import Language

_MINUS: Final = r"(?<![\w.,)\]\-])[-−](?=\d)"  # noqa: RUF001 - the minus
_ZEROS: Final = "0\u0660\u06f0\u0966"
"""In Latin, Arabic, Persian and Indian digits."""
_WINDOW: Final = 24
"""Characters that are looked at on either side."""
_HIGHEST_BYTE: Final = 255
_BYTES: Final = 4
_FIRST_TENS: Final = 20


def _year_noun_pattern(language: Language) -> str:
    nouns = keyed(language.words.numbers.year_nouns)
    return rf"{ALONE}(?P<it>\d{{3,4}})(?=[ \u00a0](?P<noun>{nouns})(?!\w))" if nouns else ""


def _year_noun(match: re.Match[str], language: Language) -> str | None:
    form = _first(language.words.numbers.year_nouns, match["noun"])
    return numbers.ordinal(language, int(match["it"]), form)


def _ordinal_pattern(language: Language) -> str:
    suffixes = keyed(language.words.ordinals.suffixes)
    return rf"{ALONE}(?P<number>\d{{1,9}})(?P<suffix>{suffixes})(?!\w)" if suffixes else ""


def _ordinal(match: re.Match[str], language: Language) -> str | None:
    form = _first(language.words.ordinals.suffixes, match["suffix"])
    return numbers.ordinal(language, int(match["number"]), form)


def _first(forms: dict[str, str], written: str) -> str:
    return next(form for pattern, form in forms.items() if re.fullmatch(pattern, written))


def _dotted_pattern(language: Language) -> str:
    if not language.words.ordinals.dot:
        return ""
    return rf"{ALONE}(?P<number>\d{{1,4}})\.(?=[ \u00a0](?P<noun>[^\W\d_]{{1,{_WINDOW}}}))"


def _dotted(match: re.Match[str], language: Language) -> str | None:
    """German and its kin: the dot is a full stop unless a word before or behind says otherwise."""
    ordinals = language.words.ordinals
    asked = ordinals.after.get(before(match).lower())
    if asked is None and not match["noun"].islower() and match["noun"] not in ordinals.nouns.split():
        return None
    return numbers.ordinal(language, int(match["number"]), ordinals.form if asked is None else asked)


def _decade_pattern(language: Language) -> str:
    suffix = language.words.numbers.decade
    return rf"{ALONE}(?P<number>\d\d(?:\d\d)?){suffix}(?!\w)" if suffix else ""


def _decade(match: re.Match[str], language: Language) -> str | None:
    number = int(match["number"])
    short = len(match["number"]) == 2  # noqa: PLR2004 - the century is left out
    if number % 10 or (short and number < _FIRST_TENS):
        return None
    said = numbers.cardinal(language, Decimal(number)) if short else numbers.year(language, number)
    return said and numbers.formed(language, said, "decade")


def _version_pattern(_language: Language) -> str:
    return r"(?<![\d.,])\d{1,9}(?:\.\d{1,9}){1,7}(?![\d]|[.,]\d)"


def _version(match: re.Match[str], language: Language) -> str | None:
    """Numbers with dots that are neither decimals nor groups: 2.0.1, or an address of the internet."""
    parts = match[0].split(".")
    address = len(parts) == _BYTES and all(int(part) <= _HIGHEST_BYTE for part in parts)
    if not address and re.fullmatch(unsigned(language), match[0]):
        return None
    dot = language.words.numbers.dot or language.words.numbers.point
    said = [plain(part, language) for part in parts]
    return spaced(f" {dot} ".join(filter(None, said)), match) if dot and all(said) else None


def _year_pattern(language: Language) -> str:
    first, last = language.words.numbers.years
    return rf"{ALONE}\d{{4}}(?!\w|[.,:/]\d)" if first <= last else ""


def _year(match: re.Match[str], language: Language) -> str | None:
    first, last = language.words.numbers.years
    return numbers.year(language, int(match[0])) if first <= int(match[0]) <= last else None


def _number_pattern(language: Language) -> str:
    return rf"(?P<sign>{_MINUS})?(?P<number>{unsigned(language)})"


def _number(match: re.Match[str], language: Language) -> str | None:
    if _is_code(match):
        return None
    said = plain(match["number"], language, _asked(match, language))
    if match["sign"]:
        said = numbers.negative(language, said)
    return said and spaced(said, match)


def _asked(match: re.Match[str], language: Language) -> str:
    following = re.match(r"[ \u00a0]([^\W\d_]+)", match.string[match.end() : match.end() + _WINDOW])
    known = language.words.numbers.before.items() if following else ()
    return next((form for noun, form in known if following and re.fullmatch(noun, following[1])), "")


def plain(written: str, language: Language, form: str = "") -> str | None:
    """An unsigned number as it is written, in words; with a zero in front, or beyond all reason, digit by digit."""
    amount = value(written, language)
    if amount is None or (written[0] in _ZEROS and written.isdecimal() and len(written) > 1):
        return numbers.digits(language, "".join(re.findall(r"\d", written)))
    return numbers.cardinal(language, amount, form)


def _is_code(match: re.Match[str]) -> bool:
    """Letters and digits by turns (a1b2c3), which nobody reads as words and numbers."""
    start, stop = match.span("number")
    left = re.search(r"[^\W_]*$", match.string[max(0, start - _WINDOW) : start])
    right = re.match(r"[^\W_]*", match.string[stop : stop + _WINDOW])
    around = (left[0] if left else "") + "." + (right[0] if right else "")
    return re.search(r"\d", around) is not None


INFLECTED: Final = (
    Rule(_year_noun_pattern, _year_noun),
    Rule(_ordinal_pattern, _ordinal),
    Rule(_decade_pattern, _decade),
)
"""Numbers with an ending of their own; tried before units, for 1990s are no seconds."""

RULES: Final = (
    Rule(_dotted_pattern, _dotted),
    Rule(_year_pattern, _year),
    Rule(_version_pattern, _version),
    Rule(_number_pattern, _number),
)
