"""From the engine's marks to a time for every code point: who is heard when, to the sample.

The engine says at which sample each phone begins, and roughly where in the text each word stands: now and then it
points at the blank before a word, it names one place for words that it speaks as one ("of the"), and several for a
number. This file knows those habits. Pure; no library, no process.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from aligner.speech.server.voice import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aligner.model import Span
    from aligner.speech.server.voice.espeak import Mark

# Scripts without spaces between words: every letter is a token, for the engine has a mark for nearly each.
_SPACELESS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

# A text's kinds, a sign a code point: L letter, D digit, M mark, I letter of a script without spaces, ' apostrophe,
# comma what may stand inside a number, ( what opens a quotation or a bracket, blank, P all the rest.
_TOKEN: Final = re.compile(r"D+(?:,D+)+|[LDM]+(?:'[LDM]+)*|IM*")
_OPENING: Final = re.compile(r"(?:\( ?)+\Z")


class _Phone(NamedTuple):
    ipa: str
    start: int
    end: int


class _Heard(NamedTuple):
    """A stretch of text that the engine names, and what is heard for it (and for the nameless words after it)."""

    begin: int
    end: int
    phones: list[_Phone]


def edges(text: str, marks: Sequence[Mark], total: int) -> array[int]:
    """When the code points of a text are heard.

    Args:
        text: What was spoken.
        marks: The engine's marks of that very sound, in order.
        total: The length of the sound in samples.

    Returns:
        One more number than there are code points, ascending: code point *i* lasts from the *i*-th sample number to the
        next. The first one is where the sound begins (what is before is silence), the last one ``total``. A word lasts
        from its first to its last phone; pauses belong to blanks and to punctuation, opening quotes have no time.
    """
    if not text:
        return array("i", [total])
    kinds = text.translate(_KINDS)
    tokens = [match.span() for match in _TOKEN.finditer(kinds)]
    found: dict[int, Span] = {}
    for words, phones in _groups(_heard(text, tokens, marks, total), tokens):
        _spread(text, kinds, words, phones, found)
    return _fill(kinds, found, total)


# -- whose phones are whose -------------------------------------------------------------------------------------------


def _named(marks: Sequence[Mark], total: int) -> list[tuple[int, list[_Phone]]]:
    """The engine's words: where each is said to stand, and its phones. Those without a phone are left out."""
    words: list[tuple[int, list[_Phone]]] = []
    for mark, after, later in zip(marks, chain(marks[1:], (None,)), chain(marks[2:], (None, None)), strict=False):
        if mark.word:
            words.append((mark.position, []))
        elif mark.sound and words:
            # In "on end" the second word is named where the n of the first begins: the n lasts all the same.
            follower = later if after and after.word and after.sample <= mark.sample else after
            end = follower.sample if follower else total
            words[-1][1].append(_Phone(mark.sound, mark.sample, max(mark.sample, end)))
    return [word for word in words if word[1]]


def _heard(text: str, tokens: list[Span], marks: Sequence[Mark], total: int) -> list[_Heard]:
    """The engine's words at their stretches of text, ascending; several at one stretch are one."""
    words = _named(marks, total)
    begins = [begin for begin, _ in tokens]
    heard: list[_Heard] = []
    for index, (named, phones) in enumerate(words):
        place = min(max(named, 0), len(text) - 1)
        after = words[index + 1][0] if index + 1 < len(words) else len(text)
        before = bisect_right(begins, place) - 1
        stretch = _stretch(text, place, after, tokens[max(before, 0) : before + 2])
        if heard and (stretch is None or stretch[0] <= heard[-1].begin):
            heard[-1].phones.extend(phones)
        else:
            heard.append(_Heard(*(stretch or (place, place + 1)), phones))
    return heard


def _stretch(text: str, place: int, after: int, near: list[Span]) -> Span | None:
    """The stretch that is meant by a place, the next place being ``after``; ``near`` are the tokens around it.

    A place between two tokens is a sign that is spoken itself ("$", "."), or else only just before the next token: it
    is meant unless it is named on its own. A blank is never spoken: ``None`` says that what was named before goes on
    (an emoji's second word).
    """
    for span in near:
        if span[0] <= place < span[1]:
            return span
    following = next((span for span in near if span[0] > place), None)
    if following and after > following[0]:
        return following
    return None if text[place].isspace() else (place, place + 1)


def _groups(heard: list[_Heard], tokens: list[Span]) -> Iterator[tuple[list[Span], list[_Phone]]]:
    """What is heard, with all the words that it stands for: the engine speaks "of the" as one and names "of" only."""
    index = 0
    for number, (begin, end, phones) in enumerate(heard):
        stop = heard[number + 1].begin if number + 1 < len(heard) else (tokens[-1][1] if tokens else end)
        words = [(begin, end)]
        while index < len(tokens) and tokens[index][0] < stop:
            if tokens[index][0] >= end:
                words.append(tokens[index])
            index += 1
        yield words, phones


# -- a time for every character ---------------------------------------------------------------------------------------


def _spread(text: str, kinds: str, words: list[Span], phones: list[_Phone], found: dict[int, Span]) -> None:
    """Share the phones of a group out among its letters; what is no letter (an apostrophe) gets no time of its own."""
    places = [[i for i in range(begin, end) if kinds[i] in _SOUNDED] or [begin] for begin, end in words]
    pairing = letters.pair(
        tuple("".join(map(text.__getitem__, word)) for word in places), tuple(phone.ipa for phone in phones)
    )
    for place, first, last in zip(chain.from_iterable(places), pairing, pairing[1:], strict=False):
        start = _sample(first, phones)
        # A letter that ends with a phone ends where that one does: a pause may follow before the next begins.
        end = phones[int(last) - 1].end if last == int(last) else _sample(last, phones)
        found[place] = (start, max(start, end))


def _sample(place: float, phones: list[_Phone]) -> int:
    whole = int(place)
    if whole >= len(phones):
        return phones[-1].end
    _, start, end = phones[whole]
    return start + round((end - start) * (place - whole))


def _fill(kinds: str, found: dict[int, Span], total: int) -> array[int]:
    """Contiguous times: what has none of its own shares the pause that it stands in."""
    begin = now = min((start for start, _ in found.values()), default=0)
    result = array("i", [begin]) * (len(kinds) + 1)
    index = 0
    for place in chain(sorted(found), (len(kinds),)):
        start, end = found.get(place, (total, total))
        start = max(start, now)
        if place > index:
            _share(kinds, result, (index, place), (now, start))
        if place < len(kinds):
            result[place] = start
            now = max(start, end)
            index = place + 1
    result[len(kinds)] = total
    return result


def _share(kinds: str, result: array[int], span: Span, pause: Span) -> None:
    """A pause for the signs and blanks in it, in equal parts.

    What opens the next word has none, and of several blanks only the first has any: a keep-alive adds no time.
    """
    first, last = span
    start, end = pause
    opening = _OPENING.search(kinds, first, last)
    stop = opening.start() if opening and opening.start() > first else last
    counts = [kinds[place] != " " or kinds[place - 1 : place] != " " for place in range(first, stop)]
    count, done = sum(counts) or 1, 0
    for place in range(first, last):
        result[place] = end if place >= stop else start + (end - start) * done // count
        done += place < stop and counts[place - first]


# -- the kinds of characters ------------------------------------------------------------------------------------------


class _Kinds(dict[int, str]):
    """The kind of every code point, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _kind(chr(code))
        return kind


def _kind(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category[0] in "LM":
        return "M" if category[0] == "M" else "I" if _SPACELESS.match(character) else "L"
    return _BY_CATEGORY.get(category, "P")


_SOUNDED: Final = frozenset("LDMI")
# A sign that is not spoken ("<3") has no time before its word, as an opening bracket; one that is has its own phones.
_BY_CATEGORY: Final = {"Nd": "D", "Nl": "D", "No": "D", "Cf": "M"} | dict.fromkeys(
    ("Ps", "Pi", "Sm", "Sc", "Sk", "So"), "("
)
_KINDS: Final = _Kinds({ord(c): "'" for c in "'\u2019\u02bc"} | {ord(c): "," for c in ".,:"} | {ord("„"): "("})
