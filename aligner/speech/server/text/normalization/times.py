"""Times of day: 14:30, 3:05 pm, 14.30 Uhr, 14h30. What they become is a template of the language."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from aligner.speech.server.text.normalization import numbers, units
from aligner.speech.server.text.normalization.rule import ALONE, APART, Rule

if TYPE_CHECKING:
    from aligner.speech.server.text.normalization.language import Language

_NOON: Final = 12
_TEN: Final = 10
_MINUTE: Final = "(?P<minute>[0-5][0-9])"
_SECOND: Final = "(?::(?P<second>[0-5][0-9]))?"
_HOUR: Final = "(?P<hour>2[0-4]|[01]?[0-9])"
_ENDS: Final = r"(?![\w]|[.,:]\d)"

# The full stop behind "p.m." belongs to it where the sentence goes on; else it ends the sentence.
_HALF: Final = r"(?P<half>[ap]\.[ \u00a0]?m(?:\.(?=[,;:)]|[ \u00a0][a-zà-ÿ\d]))?|[ap]m|AM|PM)"


class Time(NamedTuple):
    """A time of day as it was written."""

    hour: int
    minute: int = 0
    second: int | None = None
    half: str = ""
    """``a`` or ``p``."""


def say(time: Time, language: Language) -> str | None:
    """A time in words; ``None`` where the language has no words for times."""
    words = language.words.times
    if not words.full:
        return None
    template = words.full
    if not time.minute:
        template = "{hour}" if time.half else (words.late if words.late and time.hour > _NOON else words.sharp)
    hour, minute = _hour(time.hour, language), _minute(time.minute, language)
    if hour is None or minute is None:
        return None
    said = [template.format(hour=hour, minute=minute)]
    if time.second:
        said.append(units.measure(language, Decimal(time.second), "duration-second") or "")
    if time.half:
        said.append({"a": words.am, "p": words.pm}[time.half])
    return " ".join(filter(None, said))


def _hour(hour: int, language: Language) -> str | None:
    words = language.words.times
    # No ordinal stands for midnight as hour zero.
    if words.ordinal and hour:
        return numbers.ordinal(language, hour, words.hour)
    return numbers.cardinal(language, Decimal(hour), words.hour)


def _minute(minute: int, language: Language) -> str | None:
    said = numbers.cardinal(language, Decimal(minute), language.words.times.minute)
    oh = language.words.times.oh
    return f"{oh} {said}" if oh and said and minute < _TEN else said


def _pattern(language: Language) -> str:
    """With a colon, or the language's letter, between hour and minute."""
    words = language.words.times
    if not words.full:
        return ""
    mark = f"(?::|{APART}{words.letter}{APART})" if words.letter else ":"
    behind = _half(language, required=False) + _noun(language, required=False)
    return rf"{ALONE}{_HOUR}{mark}{_MINUTE}{_SECOND}{behind}{_ENDS}"


def _half_pattern(language: Language) -> str:
    """Before or after noon: with a full stop too, or without minutes."""
    words = language.words.times
    return (
        rf"{ALONE}{_HOUR}(?:[.:]{_MINUTE})?{_half(language, required=True)}{_ENDS}" if words.am and words.full else ""
    )


def _noun_pattern(language: Language) -> str:
    """The same before the language's word for it; "2 h" is no time of day where a full hour is said without it."""
    words = language.words.times
    if not words.full or not words.noun:
        return ""
    alone = re.search(words.noun, words.sharp.replace("{hour}", ""))
    minutes = rf"(?:[.:]{_MINUTE}){'?' if alone else ''}"
    return rf"{ALONE}{_HOUR}{minutes}{_noun(language, required=True)}{_ENDS}"


def _half(language: Language, *, required: bool) -> str:
    if not language.words.times.am:
        return ""
    return rf"(?:{APART}{_HALF}){'' if required else '?'}"


def _noun(language: Language, *, required: bool) -> str:
    noun = language.words.times.noun
    return rf"(?:{APART}(?:{noun})(?!\w)){'' if required else '?'}" if noun else ""


def _letter_pattern(language: Language) -> str:
    """14h: the letter without minutes."""
    letter = language.words.times.letter
    return rf"{ALONE}{_HOUR}{letter}{_ENDS}" if letter else ""


def _say(match: re.Match[str], language: Language) -> str | None:
    found = match.groupdict()
    second = found.get("second")
    return say(
        Time(
            int(match["hour"]),
            int(found.get("minute") or 0),
            None if second is None else int(second),
            (found.get("half") or "")[:1].lower(),
        ),
        language,
    )


RULES: Final = (
    Rule(_pattern, _say),
    Rule(_half_pattern, _say),
    Rule(_noun_pattern, _say),
    Rule(_letter_pattern, _say),
)
