"""What is known of a language for breaking its lines, read from ``languages/*.toml``.

The files hold closed word classes and nothing else; how a class bears on a break is decided in `breaks`. A language
without a file breaks by punctuation and Unicode alone.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Mark(IntFlag):
    """What a word is, and what its punctuation says."""

    ARTICLE = 1
    DETERMINER = 1 << 1
    PREPOSITION = 1 << 2
    CONJUNCTION = 1 << 3
    SUBORDINATOR = 1 << 4
    AUXILIARY = 1 << 5
    NEGATION = 1 << 6
    PRONOUN = 1 << 7
    TITLE = 1 << 8
    ADJECTIVE = 1 << 9
    DEGREE = 1 << 10
    NUMERAL = 1 << 11
    LABEL = 1 << 12
    UNIT = 1 << 13
    PARTICLE = 1 << 14
    NAME = 1 << 15
    """Begins with a capital and goes on in small letters, or is an initial."""
    LOWER = 1 << 16
    STOP = 1 << 17
    STRONG = 1 << 18
    COMMA = 1 << 19
    CLOSED = 1 << 20
    """Ends with a closing quote or bracket."""
    OPENED = 1 << 21
    """Begins with an opening quote or bracket."""
    OPENER = 1 << 22
    """Nothing but opening punctuation."""
    CLOSER = 1 << 23
    """Nothing but closing punctuation."""
    DASH = 1 << 24
    """A dash that stands alone."""
    NO_START = 1 << 25
    """Must not begin a line (kinsoku)."""
    NO_END = 1 << 26
    """Must not end a line (kinsoku)."""
    OBJECT = 1 << 27
    """A pronoun that leans on the verb before it."""


_TABLES = {
    "articles": Mark.ARTICLE,
    "determiners": Mark.DETERMINER,
    "prepositions": Mark.PREPOSITION,
    "conjunctions": Mark.CONJUNCTION,
    "subordinators": Mark.SUBORDINATOR,
    "auxiliaries": Mark.AUXILIARY,
    "negations": Mark.NEGATION,
    "pronouns": Mark.PRONOUN,
    "objects": Mark.OBJECT,
    "titles": Mark.TITLE,
    "adjectives": Mark.ADJECTIVE,
    "degrees": Mark.DEGREE,
    "numerals": Mark.NUMERAL,
    "labels": Mark.LABEL,
    "units": Mark.UNIT,
    "particles": Mark.PARTICLE,
}

_ALIASES = {"cmn": "zh", "yue": "zh-hant", "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant", "nb": "no"}


@dataclass(frozen=True, slots=True)
class Language:
    """The word classes of one language; ``words`` maps a word in small letters to its marks (as an int)."""

    code: str
    words: Mapping[str, int]
    elisions: frozenset[str] = frozenset()
    """Beginnings with an apostrophe that hide a word: ``qu'il`` ends with ``il``."""
    clitics: tuple[str, ...] = ()
    """Endings that make a word an auxiliary or a possessive: ``'s``, ``n't``."""
    adjective_endings: tuple[str, ...] = ()
    noun_capitals: bool = False
    """Nouns begin with a capital (German), so a small word before one is likely its adjective."""
    final_verbs: bool = False
    """Auxiliaries close their clause (German, Dutch): no break before one with punctuation."""
    phrases: str = ""
    """The `budoux` model that finds phrases in this script: ``zh-hans``, ``zh-hant``, ``ja``, ``th``; else empty."""


def base(language: str) -> str:
    """The key of a BCP 47 tag in data files: ``de-AT`` is ``de``, ``cmn`` is ``zh``, ``zh-TW`` is ``zh-hant``."""
    parts = language.replace("_", "-").lower().split("-")
    parts[0] = _ALIASES.get(parts[0], parts[0])
    if parts[0] == "zh" and "hant" in parts:
        return "zh-hant"
    return _ALIASES.get("-".join(parts[:2]), parts[0])


@cache
def load(language: str) -> Language:
    """The word classes for a BCP 47 tag; empty ones for a language that has no file."""
    code = base(language)
    file = files(__package__) / "languages" / f"{code}.toml"
    if not file.is_file():
        return Language(code, {})
    data = tomllib.loads(file.read_text("utf-8"))
    return Language(
        code,
        words=_words(data),
        elisions=frozenset(data.get("elisions", "").split()),
        clitics=tuple(data.get("clitics", "").split()),
        adjective_endings=tuple(data.get("adjective_endings", "").split()),
        noun_capitals=data.get("noun_capitals", False),
        final_verbs=data.get("final_verbs", False),
        phrases=data.get("phrases", ""),
    )


def _words(data: Mapping[str, str]) -> dict[str, int]:
    words: dict[str, int] = {}
    for table, mark in _TABLES.items():
        for word in data.get(table, "").split():
            words[word] = words.get(word, 0) | mark
    return words
