"""What SSML's ``say-as`` makes of a text. The names are those of the W3C's note and of the services that have more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from aligner.speech.server.text.normalization import (
    dates,
    fractions,
    money,
    numbers,
    numerals,
    telephones,
    times,
    units,
)
from aligner.speech.server.text.normalization import language as languages
from aligner.speech.server.text.normalization.language import Language
from aligner.speech.server.text.normalization.rule import value

_Way: TypeAlias = Callable[[str, str, Language], str | None]

_ORDERS: Final = {"m": "month", "d": "day", "y": "year"}
_AMOUNT: Final = re.compile(r"([-−]?)\s*([\d.,'’\s]*\d)\s*(\D*)")  # noqa: RUF001 - the minus and the apostrophe
_MINUS: Final = "-−"  # noqa: RUF001 - the minus
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)
_LAST_HOUR: Final = 24
_MINUTES: Final = 60
_LONGEST: Final = 1_000


def say_as(text: str, interpret_as: str, form: str | None, language: str) -> str:
    """What is said for the text of a ``say-as`` element.

    Args:
        text: What is written.
        interpret_as: The kind: ``characters``, ``cardinal``, ``ordinal``, ``digits``, ``fraction``, ``unit``, ``date``,
            ``time``, ``telephone``, ``currency``, ``expletive``, or one of their other names.
        form: The attribute ``format``: for a date the order of its parts (``mdy``, ``dm``, ``y``…), else ignored.
        language: BCP 47.

    Returns:
        The words; the text itself for a kind that is not known, or where the text is none of it.
    """
    way = _WAYS.get(interpret_as.strip().lower())
    written = text.strip()
    if way is None or not written or len(written) > _LONGEST:
        return text
    known = languages.find(language)
    said = way(written, (form or "").lower(), known)
    return numbers.polished(known, said) if said else text


def _characters(text: str, _form: str, language: Language) -> str | None:
    names = language.words.symbols.address
    said = [numbers.digits(language, one) if one.isdecimal() else names.get(one, one.upper()) for one in text]
    return " ".join(name or one for name, one in zip(said, text, strict=True) if one.strip())


def _cardinal(text: str, _form: str, language: Language) -> str | None:
    amount = _amount(text, language)
    if amount is None:
        return None
    sign, number, _ = amount
    said = numerals.plain(number, language)
    return numbers.negative(language, said) if sign else said


def _ordinal(text: str, _form: str, language: Language) -> str | None:
    found = re.match(r"\d{1,15}", re.sub(r"(?<=\d)[,.'’\s](?=\d{3})", "", text))  # noqa: RUF001 - the apostrophe
    return numbers.ordinal(language, int(found[0])) if found else None


def _digits(text: str, _form: str, language: Language) -> str | None:
    return numbers.groups(language, text)


def _fraction(text: str, _form: str, language: Language) -> str | None:
    found = re.fullmatch(r"(?:(\d{1,9})[\s+]+)?(\d{1,9})\s*[/\u2044]\s*(\d{1,9})", text)
    sign = re.fullmatch(r"(\d{0,9})\s*(\D)", text)
    if sign and sign[2] in fractions.SIGNS:
        whole, (top, bottom) = sign[1], fractions.SIGNS[sign[2]]
    elif found:
        whole, top, bottom = found[1] or "", int(found[2]), int(found[3])
    else:
        return None
    return fractions.say(top, bottom, language, (whole and numerals.plain(whole, language)) or "")


def _unit(text: str, _form: str, language: Language) -> str | None:
    amount = _amount(text, language)
    if amount is None:
        return None
    sign, written, symbol = amount
    number = value(written, language)
    if number is None:
        return None
    return units.measure(language, number.copy_negate() if sign else number, symbol)


def _currency(text: str, _form: str, language: Language) -> str | None:
    negative = text[0] in _MINUS
    front = re.match(r"[^\d\s.,\-−]*", text[negative:])  # noqa: RUF001 - the minus
    named = front[0] if front else ""
    amount = _amount(text[negative + len(named) :].lstrip(), language)
    if amount is None:
        return None
    sign, written, behind = amount
    number = value(written, language)
    currency = money.code(language, named or behind)
    if number is None or not currency:
        return None
    return money.amount(language, number.copy_negate() if sign or negative else number, currency)


def _amount(text: str, language: Language) -> tuple[str, str, str] | None:
    """Sign, number as this language writes it, and what stands behind it."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        return None
    number = re.sub(r"\s", "", found[2])
    other = "." if language.mark == "," else ","
    # One foreign mark that cannot part groups is a decimal mark: SSML is written by programs.
    if language.mark not in number and re.fullmatch(rf"\d+{re.escape(other)}(?!\d{{3}}$)\d+", number):
        number = number.replace(other, language.mark)
    return (found[1], number, found[3].strip()) if re.fullmatch(r"[\d.,'’]+", number) else None  # noqa: RUF001


def _date(text: str, form: str, language: Language) -> str | None:
    parts = re.findall(r"\d{1,4}|[^\W\d_]+", text)
    iso = len(parts) == 3 and len(parts[0]) == 4  # noqa: PLR2004 - a year, a month, a day
    order = [one for one in form if one in _ORDERS] or list(
        "ymd" if iso else ("mdy" if language.month_first else "dmy")
    )
    if len(set(order)) != len(order) or len(parts) < len(order):
        return None
    known: dict[str, int] = {}
    for key, part in zip(order, parts, strict=False):
        number = int(part) if part.isdecimal() else language.months.get(part.lower())
        if number is None:
            return None
        known[_ORDERS[key]] = number
    date = dates.Date(known.get("day"), known.get("month"), known.get("year"))
    return dates.say(date, language)


def _time(text: str, _form: str, language: Language) -> str | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    second = None if found[3] is None else int(found[3])
    if hour > _LAST_HOUR or minute >= _MINUTES or (second or 0) >= _MINUTES:
        return None
    half = (found[4] or "").lower() if language.words.times.am else ""
    return times.say(times.Time(hour, minute, second, half), language)


def _telephone(text: str, _form: str, language: Language) -> str | None:
    return telephones.say(text, language)


def _expletive(_text: str, _form: str, language: Language) -> str | None:
    return language.words.symbols.bleep or "beep"


_WAYS: Final[dict[str, _Way]] = {
    "characters": _characters,
    "spell-out": _characters,
    "verbatim": _characters,
    "cardinal": _cardinal,
    "number": _cardinal,
    "ordinal": _ordinal,
    "digits": _digits,
    "fraction": _fraction,
    "unit": _unit,
    "date": _date,
    "time": _time,
    "telephone": _telephone,
    "phone": _telephone,
    "currency": _currency,
    "expletive": _expletive,
    "bleep": _expletive,
}
