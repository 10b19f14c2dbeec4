"""All rules of a language in their order, and where one is worth trying at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import (
    abbreviations,
    addresses,
    dates,
    fractions,
    money,
    numbers,
    numerals,
    ranges,
    roman,
    signs,
    telephones,
    times,
    units,
    words,
)
from aligner.speech.server.text.normalization import language as languages
from aligner.speech.server.text.normalization.rule import any_of, keyed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aligner.speech.server.text.normalization.language import Language
    from aligner.speech.server.text.normalization.rule import Rule

# What is longest and most certain first: a date is also three numbers, a measurement begins with one.
_RULES: Final = (
    *dates.RULES,
    *times.RULES,
    *telephones.RULES,
    *numerals.INFLECTED,
    *ranges.RULES,
    *money.RULES,
    *fractions.RULES,
    *units.RULES,
    *numerals.RULES,
    *signs.RULES,
    *roman.RULES,
    *abbreviations.RULES,
)
_LANGUAGES: Final = 64
_CURRENCY_SIGNS: Final = "".join(sign for sign in money.SIGNS if len(sign) == 1)
_FRACTIONS: Final = "".join(fractions.SIGNS)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The rules of one language, compiled."""

    language: Language
    candidates: re.Pattern[str]
    """Where something may begin."""
    rules: tuple[tuple[re.Pattern[str], Rule], ...]

    def read(self, text: str, start: int, stop: int) -> Iterator[tuple[int, int, str]]:
        """What is said otherwise between two places: start, stop and the words; ascending."""
        place = start
        while candidate := self.candidates.search(text, place, stop):
            found = self._try(text, candidate.start(), stop)
            if found:
                yield found
            place = max(candidate.end() if found is None else found[1], place + 1)

    def _try(self, text: str, place: int, stop: int) -> tuple[int, int, str] | None:
        for pattern, rule in self.rules:
            match = pattern.match(text, place, stop)
            said = rule.say(match, self.language) if match else None
            if match and said and said.strip():
                begin, end = match.span("it") if "it" in pattern.groupindex else match.span()
                if rule in abbreviations.RULES and abbreviations.leaves_stop(match, said, self.language):
                    end -= 1
                return begin, end, numbers.polished(self.language, said)
        return None


@lru_cache(maxsize=_LANGUAGES)
def find(tag: str) -> Grammar:
    """The rules of a language, by its BCP 47 tag."""
    language = languages.find(tag)
    patterns = ((rule.pattern(language), rule) for rule in _RULES)
    compiled = tuple((re.compile(pattern), rule) for pattern, rule in patterns if pattern)
    return Grammar(language, re.compile(_candidates(language)), compiled)


@cache
def trigger(code: str) -> re.Pattern[str]:
    """Finds whether a text of a language (`words.base` of its tag) may need the rules at all. Loads no library."""
    known = words.load(code)
    signs_of = any_of({*known.symbols.signs, *known.symbols.before_number})
    hashtag = "#" if known.symbols.hashtag else ""
    alternatives = [rf"[\d{_FRACTIONS}]", signs_of, hashtag, addresses.HINT, *_word_patterns(known)]
    return re.compile(keyed(filter(None, alternatives)))


def _candidates(language: Language) -> str:
    known = language.words
    alternatives = [
        rf"\d+|[{_FRACTIONS}]",
        rf"[-−](?=[\d{_CURRENCY_SIGNS}])",  # noqa: RUF001 - the minus
        r"[+(](?=\d)",
        any_of({*known.symbols.signs, *known.symbols.before_number}),
        "[#@]",
        rf"(?:{money.currencies()})(?=[ \u00a0\u2009\u202f]?[-−]?\d)",  # noqa: RUF001 - the minus
        *_word_patterns(known),
    ]
    if known.dates.month_first and language.months:
        alternatives.append(rf"(?<!\w)(?i:{any_of(language.months)})(?=\.?[ \u00a0]\d)")
    return keyed(filter(None, alternatives))


def _word_patterns(known: words.Words) -> Iterator[str]:
    """Letters that stand for other words: abbreviations, and Roman numerals with the word that makes them certain."""
    yield abbreviations.pattern(known.abbreviations)
    heads = f"{known.roman.cardinals} {known.roman.ordinals} {known.roman.names}"
    if heads.strip():
        yield rf"{roman.heads(heads)}(?=[IVXLCDM])"
    if known.roman.before:
        yield rf"(?<!\w)[IVXLCDM]{{1,15}}(?:{known.roman.suffix})(?=[ \u00a0](?:{any_of(known.roman.before.split())}))"
