"""What a single word is, and what its punctuation says: from the word alone, never from its neighbours."""

# ruff: noqa: RUF001 - the punctuation of many scripts is the point
from __future__ import annotations

from typing import TYPE_CHECKING

from aligner.captions.languages import Mark

if TYPE_CHECKING:
    from aligner.captions.languages import Language

_OPENING = "([{“‘„‚«‹「『（【《〈〔［｛〘〖｢¡¿"
_CLOSING = ")]}”’»›」』）】》〉〕］｝〙〗｣"
_STOPS = ".。．｡"
_STRONG = ";:!?…；：！？‥"
_COMMAS = ",，、､،"
_DASHES = "-‐‑–—―⸺─"
_PUNCTUATION = _OPENING + _CLOSING + _STOPS + _STRONG + _COMMAS + _DASHES + "\"'*_~•·/|"

# Kinsoku (JIS X 4051, W3C "Requirements for Japanese Text Layout" 3.1.7): neither begin nor end a line.
_NO_START = frozenset(
    _CLOSING + _STOPS + _STRONG + _COMMAS + "・ー々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ%％‰℃"
)
_NO_END = frozenset("([{“‘「『（【《〈〔［｛〘〖｢$¥£€＄￥￡№＃#")

_IDEOGRAPHIC_NUMERALS = frozenset("一二三四五六七八九十百千万萬亿億两兩几幾半")
_LONGEST_NUMERAL = 2
"""A phrase of so few ideographs that ends with a number waits for what it counts: 一, 第一, 是一."""

_TAIL = {
    **dict.fromkeys(_STOPS, Mark.STOP),
    **dict.fromkeys(_STRONG, Mark.STRONG),
    **dict.fromkeys(_COMMAS, Mark.COMMA),
    **dict.fromkeys("–—―⸺─", Mark.STRONG),
    **dict.fromkeys(_CLOSING + "\"'", Mark.CLOSED),
}

FUNCTION = (
    Mark.ARTICLE
    | Mark.DETERMINER
    | Mark.PREPOSITION
    | Mark.CONJUNCTION
    | Mark.SUBORDINATOR
    | Mark.AUXILIARY
    | Mark.NEGATION
    | Mark.PRONOUN
)
"""Words that lean on the one after them."""


def classify(word: str, language: Language) -> int:
    """The marks of one word with its punctuation attached, as an int."""
    core = word.strip(_PUNCTUATION)
    marks = _kinsoku(word) if language.phrases else 0
    if not core:
        return marks | _symbols(word)
    place = word.find(core)
    for character in word[place + len(core) :]:
        marks |= _TAIL.get(character, 0)
    if word[0] in _OPENING or word[0] in "\"'":
        marks |= Mark.OPENED
    return marks | _core(core, language)


def _kinsoku(word: str) -> int:
    return (Mark.NO_START if word[0] in _NO_START else 0) | (Mark.NO_END if word[-1] in _NO_END else 0)


def _symbols(word: str) -> int:
    if all(character in _DASHES for character in word):
        return Mark.DASH
    if all(character in _OPENING or character in "*•·" for character in word):
        return Mark.OPENER
    marks = Mark.CLOSER
    for character in word:
        marks |= _TAIL.get(character, Mark(0))
    return marks


def _core(core: str, language: Language) -> int:
    known = _known(core.lower().replace("’", "'"), language)
    if len(core) > 1 and core.isupper():
        known &= Mark.UNIT  # "US" and "IT" are not the small words that they look like
    if core[0].isdecimal() or (len(core) > 1 and core[0] in "$€£¥+−" and core[1].isdecimal()):
        return known | Mark.NUMERAL
    if language.phrases and core[-1] in _IDEOGRAPHIC_NUMERALS and len(core) <= _LONGEST_NUMERAL:
        return known | Mark.NUMERAL
    if core[0].islower():
        return known | Mark.LOWER
    if not known & FUNCTION and core[0].isupper() and (len(core) == 1 or not core.isupper() or "." in core):
        return known | Mark.NAME
    return known


def _known(core: str, language: Language) -> int:
    found = language.words.get(core, 0)
    if found or "'" not in core:
        return found or _adjective(core, language)
    if language.clitics and core.endswith(language.clitics):
        return Mark.AUXILIARY
    head, _, tail = core.rpartition("'")
    return language.words.get(tail, 0) if head in language.elisions else 0


def _adjective(core: str, language: Language) -> int:
    ending = bool(language.adjective_endings) and core.endswith(language.adjective_endings)
    return Mark.ADJECTIVE if ending and len(core) > _SHORTEST_ADJECTIVE else 0


_SHORTEST_ADJECTIVE = 4
