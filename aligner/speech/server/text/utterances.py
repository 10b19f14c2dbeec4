"""Cutting text for the voice: into utterances of about a sentence, and where a long stretch may be cut at all. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aligner import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aligner.speech.server.text.passage import Passage

LONGEST: Final = 300
"""Characters of one utterance: the engine loses its place in much longer ones, and a crash costs one of them."""

QUICK: Final = 20
"""Characters that a generation's first utterance has at least when it is only a clause: it is spoken in a third of the
time of a sentence, and somebody waits for it."""

_SPACELESS: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_CLAUSE: Final = re.compile(r"[,;:\u2013\u2014…)\]\"”»،؛]\s+|[，、；：。！？]+[」』）”’]*")  # noqa: RUF001 - of all scripts
# The engine speaks clause by clause: cut here, the sound is the same to the millisecond (measured in ten languages; not
# so behind a closing quote). A comma in a date or a number is none.
_PAUSE: Final = re.compile(r"(?<!\d)(?:[,;:،؛]\s+|[，、；：])(?!\d)")  # noqa: RUF001 - of all scripts
_WORD: Final = re.compile(rf"\s+|(?<=[{_SPACELESS}])(?=[{_SPACELESS}])")


def cut(passage: Passage, language: str) -> list[Passage]:
    """A passage as utterances: sentences with the white space after them, the long ones cut at clauses or words.

    The first one is only a clause where that sounds the same: it is there sooner. Joined they are the passage again.
    ``language`` is BCP 47.
    """
    text, outside = passage.text, passage.outside()
    bounds = [_after_space(text, end) for end in sentences.ends(text, language)]
    if not bounds or bounds[-1] != len(text):
        bounds.append(len(text))
    stops = _quick(text, bounds[0], outside)
    start = stops[-1] if stops else 0
    for bound in bounds:
        while bound - start > LONGEST:
            start = outside(softest(text, start, start + LONGEST))
            stops.append(start)
        if (stop := outside(bound)) > start:
            stops.append(stop)
            start = stop
    return passage.cut(stops) if passage else []


def _quick(text: str, bound: int, outside: Callable[[int], int]) -> list[int]:
    for pause in _PAUSE.finditer(text, QUICK, min(bound, LONGEST)):
        if pause.end() < bound and outside(pause.end()) == pause.end():
            return [pause.end()]
    return []


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
