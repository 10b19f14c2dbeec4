"""Words of scripts that are written without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese.

The script decides which model cuts; the language only tells Japanese from Chinese where a text has Han characters
alone. Models are budoux's (Apache-2.0), read from its package; where none exists, user-perceived characters are words.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from unicodedata import category

from aligner.timeline.characters import clings, opens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import budoux

    from aligner.model import Span

_KANA = "\u3041-\u309f\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001b000-\U0001b16f"
_HAN = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3105-\u312f\u31a0-\u31bf"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
)
_STRAIGHT_QUOTES = frozenset('"\uff02')
_THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
_OTHER = "\u0e81-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9fe\uaa60-\uaa7f"

_SPACELESS = re.compile(f"[{_KANA}{_HAN}{_THAI}{_OTHER}]")
_THAI_CHARACTER = re.compile(f"[{_THAI}]")
_KANA_CHARACTER = re.compile(f"[{_KANA}]")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_TRADITIONAL = re.compile(r"-(hant|tw|hk|mo)\b|^yue\b")

# Runs that no model may cut, nor a word of it be joined to: two letters or more of a script with spaces.
_FOREIGN = re.compile(f"(?:(?![{_KANA}{_HAN}{_THAI}{_OTHER}])[^\\W\\d_]){{2,}}")

_BINDING = frozenset("\u200d\u2060\ufeff\u17d2\u1039\u00a0\u2007\u202f")
"""Joiners, no-break spaces, and the signs that stack a Khmer or Burmese letter below the one before."""


def cut(text: str, first: int, last: int, language: str) -> Iterator[Span]:
    """The words of ``text[first:last]``, which holds no breaking white space; one word where its script has spaces.

    Punctuation goes with the word before it, opening quotes and brackets with the word after.
    """
    token = text[first:last]
    begin = 0
    if _SPACELESS.search(token):
        for end in _breaks(token, _wanted(token, language.lower())):
            yield first + begin, first + end
            begin = end
    yield first + begin, last


def quotes(text: str) -> int:
    """How many quotes a text has that open or close by their order alone."""
    return sum(map(text.count, _STRAIGHT_QUOTES))


def _breaks(token: str, wanted: bytearray) -> Iterator[int]:
    """Where words end: where ``wanted`` says, and at punctuation, behind what closes and before what opens."""
    left: int | None = None
    marks = asked = quoted = False
    cut_at: int | None = None
    for index, character in enumerate(token):
        asked = asked or bool(wanted[index])
        opening = opens(character)
        if character in _STRAIGHT_QUOTES:
            opening = quoted = not quoted
        if opening:
            marks = True
            cut_at = index if cut_at is None else cut_at
        elif clings(character):
            marks = marks or category(character)[0] == "P"
            # What closes ends the word before it, also behind something that seemed to open.
            cut_at = None
        else:
            bound = index > 0 and token[index - 1] in _BINDING
            if left is not None and not bound and _parts(token[left], character, marks=marks, asked=asked):
                yield index if cut_at is None else cut_at
            left, marks, asked, cut_at = index, False, False, None


def _parts(left: str, right: str, *, marks: bool, asked: bool) -> bool:
    """Whether a word ends between two letters, at least one of which is of a script without spaces."""
    return (marks or asked) and bool(_SPACELESS.match(left) or _SPACELESS.match(right))


def _wanted(token: str, language: str) -> bytearray:
    """A flag for each character before which a model, or the change to another script, ends a word."""
    wanted = bytearray(len(token))
    japanese = language.partition("-")[0] == "ja" or bool(_KANA_CHARACTER.search(token))
    begin = 0
    for foreign in (*_FOREIGN.finditer(token), None):
        end = foreign.start() if foreign else len(token)
        piece = token[begin:end]
        position = begin
        for word in _parse(piece, _model(piece, language, japanese=japanese)):
            wanted[position] = 1
            position += len(word)
        if foreign:
            wanted[end] = 1
            begin = foreign.end()
    return wanted


def _model(piece: str, language: str, *, japanese: bool) -> str:
    """The name of budoux's model for a piece of text; empty where there is none."""
    if _THAI_CHARACTER.search(piece):
        return "th"
    if japanese and (_HAN_CHARACTER.search(piece) or _KANA_CHARACTER.search(piece)):
        return "ja_word"
    if _HAN_CHARACTER.search(piece):
        return "zh-hant" if _TRADITIONAL.search(language) else "zh-hans"
    return ""


def _parse(piece: str, model: str) -> Sequence[str]:
    if not piece:
        return ()
    # Without a model every character may be a word; marks cling to theirs by themselves.
    return _parser(model).parse(piece) if model else piece


@lru_cache(maxsize=4)
def _parser(model: str) -> budoux.Parser:
    import budoux  # noqa: PLC0415 - most documents need no model

    # The word model of Japanese has no loader of its own: the one that is loaded by name cuts phrases.
    return budoux.Parser(json.loads((files("budoux") / "models" / f"{model}.json").read_text("utf-8")))
