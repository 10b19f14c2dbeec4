"""Cutting text for the voice: into utterances of about a sentence, and where a long stretch may be cut at all. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aligner import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 300
"""Characters of one utterance: the engine loses its place in much longer ones, and a crash costs one of them."""

_SPACELESS: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_CLAUSE: Final = re.compile(r"[,;:\u2013\u2014…)\]\"”»،؛]\s+|[，、；：。！？]+[」』）”’]*")  # noqa: RUF001 - of all scripts
_WORD: Final = re.compile(rf"\s+|(?<=[{_SPACELESS}])(?=[{_SPACELESS}])")


def cut(text: str, language: str) -> list[str]:
    """A text as utterances: sentences with the white space after them, the long ones cut at clauses or words.

    Joined they are the text again. ``language`` is BCP 47.
    """
    bounds = [_after_space(text, end) for end in sentences.ends(text, language)]
    if not bounds or bounds[-1] != len(text):
        bounds.append(len(text))
    pieces: list[str] = []
    start = 0
    for bound in bounds:
        while bound - start > LONGEST:
            stop = softest(text, start, start + LONGEST)
            pieces.append(text[start:stop])
            start = stop
        if bound > start:
            pieces.append(text[start:bound])
            start = bound
    return pieces


def softest(text: str, start: int, stop: int) -> int:
    """Where to cut between two places: after the last clause there, else after the last word, else at ``stop``."""
    return last_clause(text, start, stop) or last_word(text, start, stop) or stop


def last_clause(text: str, start: int, stop: int) -> int | None:
    """The end of the last clause that ends between two places, the white space after it included."""
    return _last(_CLAUSE, text, start, stop)


def last_word(text: str, start: int, stop: int) -> int | None:
    """The end of the last word that ends between two places, the white space after it included."""
    return _last(_WORD, text, start, stop)


def first_word(text: str, start: int, stop: int) -> int | None:
    """The end of the first word that ends between two places."""
    return next(_ends(_WORD, text, start, stop), None)


def _last(pattern: re.Pattern[str], text: str, start: int, stop: int) -> int | None:
    end = None
    for end in _ends(pattern, text, start, stop):  # noqa: B007 - the last one is wanted
        pass
    return end


def _ends(pattern: re.Pattern[str], text: str, start: int, stop: int) -> Iterator[int]:
    return (match.end() for match in pattern.finditer(text, start, stop) if match.end() > start)


def _after_space(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place
