"""What a rule of reading is, and the pieces that many of their patterns are made of. No language is named here.

Patterns are tried where something begins, with ``match``; every run in them is bounded or possessive, because the text
may be made to hurt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aligner.speech.server.text.normalization.language import Language

BLANK: Final = "[ \u00a0\u2009\u202f]"
APART: Final = f"{BLANK}?"
"""Between a number and what belongs to it."""
ALONE: Final = r"(?<![\w.,:/\-−–])"  # noqa: RUF001 - the minus and the dash
"""Nothing is glued to the front."""
ENDS: Final = r"(?![\w]|[.,:/\-−–]\d)"  # noqa: RUF001 - the minus and the dash
"""Nothing goes on behind."""
DASH: Final = "[-–—‒]"  # noqa: RUF001 - the dashes

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_DIGITS_OF_AMOUNTS: Final = 15


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of written thing."""

    pattern: Callable[[Language], str]
    """A regular expression for a language; empty where the language has none of it. A group ``it`` is what is replaced,
    else all."""
    say: Callable[[re.Match[str], Language], str | None]
    """What is said; ``None`` where it only looked like one, and the next rule is tried."""


def unsigned(language: Language) -> str:
    """A pattern for an unsigned number, with groups and decimals as the language writes them."""
    group, mark = f"[{re.escape(language.groups)}]", re.escape(language.mark)
    return rf"(?:\d{{1,3}}(?:{group}\d{{3}}(?!\d))++|\d++)(?:{mark}\d++)?"


def value(written: str, language: Language) -> Decimal | None:
    """The number of such a stretch; ``None`` where it is none, or too long to count anything."""
    bare = re.sub(f"[{re.escape(language.groups)}]", "", written).replace(language.mark, ".")
    return Decimal(bare) if len(bare) <= _DIGITS_OF_AMOUNTS and _NUMBER.fullmatch(bare) else None


def any_of(words: Iterable[str]) -> str:
    """An alternation of words as they stand, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def keyed(patterns: Iterable[str]) -> str:
    """An alternation of regular expressions in their order."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def before(match: re.Match[str]) -> str:
    """The word before a match, without its punctuation; empty where a sentence begins."""
    found = re.search(r"([^\W\d_]++)[.]?[ \u00a0]$", match.string[max(0, match.start() - 24) : match.start()])
    return found[1] if found else ""


def spaced(said: str, match: re.Match[str]) -> str:
    """What is said, kept apart from letters that stand directly beside it, in scripts that part their words."""
    start, stop = match.span("it") if "it" in match.re.groupindex else match.span()
    front = " " if _letter(match.string[start - 1 : start]) else ""
    return front + said + (" " if _letter(match.string[stop : stop + 1]) else "")


def _letter(character: str) -> bool:
    """A letter that is large or small: only such scripts write MP3 and part their words by blanks."""
    return character.lower() != character.upper()
