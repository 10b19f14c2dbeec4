"""Pronunciation dictionaries in a session: which of them are asked for, and what they say about a text. Pure.

The rules of the game are the real service's (protocol, client messages): one message at a time, capitals matter, the
first match from the start wins. What the files look like is `lexicon`'s.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from aligner.errors import UsageError
from aligner.speech.refusals import Refusal, Refused
from aligner.speech.server.text import lexicon
from aligner.speech.server.text.lexicon import Dictionary
from aligner.speech.server.text.passage import Note, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from aligner.model import Span
    from aligner.speech.server.text.lexicon import Rule

__all__ = ["ERROR", "Dictionary", "apply", "choose", "load"]

ERROR: Final = "pronunciation_dictionary_not_found"
"""What the error frame calls it."""

# Scripts that write without spaces, and Korean, whose particles stick to the words: they have no edge to look for.
_EDGELESS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
)


def load(paths: Iterable[Path]) -> Mapping[str, Dictionary]:
    """The dictionaries of files and folders, by id.

    Raises:
        UsageError: A path is not there, holds no dictionary or a bad one, or an id is there twice.
    """
    found: dict[str, Dictionary] = {}
    homes: dict[str, Path] = {}
    for path in _files(paths):
        one = lexicon.read(path)
        if one.id in found:
            raise UsageError(f"the dictionary {one.id!r} is also in {homes[one.id]}", str(path), "rename one of them")
        found[one.id], homes[one.id] = one, path
    return found


def choose(locators: Iterable[tuple[str, str | None]], known: Mapping[str, Dictionary]) -> tuple[Dictionary, ...]:
    """The dictionaries that a client names, in its order. Without a version, or with the file's, an id is found.

    Raises:
        Refused: there is no such dictionary, or no such version of it.
    """
    chosen: list[Dictionary] = []
    for name, version in locators:
        one = known.get(name)
        if one is None:
            told = f"A pronunciation dictionary with id {name[:60]} does not exist."
            raise Refused(Refusal(ERROR, told))
        if version not in (None, "", one.version):
            told = f"The pronunciation dictionary {name[:60]} has no version {version[:40]}."
            raise Refused(Refusal(ERROR, told))
        chosen.append(one)
    return tuple(chosen)


def apply(passage: Passage, chosen: tuple[Dictionary, ...]) -> Passage:
    """A message's text with the notes of the dictionaries. What SSML has settled already stays as it is."""
    if not chosen or not passage.text:
        return passage
    new = tuple(_finder(chosen).find(passage))
    if not new:
        return passage
    # Not `noted`: that nothing overlaps is seen to already, and a message may have thousands.
    return Passage(passage.text, tuple(sorted((*passage.notes, *new), key=lambda note: (note.start, -note.stop))))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    suffixes = ", ".join(lexicon.SUFFIXES)
    for path in paths:
        if not path.is_dir():
            if path.suffix.lower() not in lexicon.SUFFIXES:
                raise UsageError("this is no pronunciation dictionary", str(path), f"its name ends with {suffixes}")
            yield path
            continue
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() in lexicon.SUFFIXES and one.is_file())
        if not inside:
            raise UsageError("the folder holds no pronunciation dictionary", str(path), f"names end with {suffixes}")
        yield from inside


class _Finder:
    """The rules of some dictionaries, looked up by what stands in a text.

    One alternation of all rules would be tried rule by rule at every place; here a place costs as many look-ups as the
    rules with its character have lengths, however many they are.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._exact: defaultdict[str, list[tuple[int, Rule]]] = defaultdict(list)
        self._loose: defaultdict[str, list[tuple[int, Rule]]] = defaultdict(list)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for order, rule in enumerate(rules):
            # Composed or not, an "é" is an "é".
            for form in {rule.written, *(unicodedata.normalize(kind, rule.written) for kind in ("NFC", "NFD"))}:
                key = form if rule.cased else _folded(form)
                (self._exact if rule.cased else self._loose)[key].append((order, rule))
                for first in {key[0]} if rule.cased else {key[0], key[0].upper()[0], key[0].lower()[0]}:
                    lengths[first].add(len(key))
        self._lengths = {first: sorted(found) for first, found in lengths.items()}
        self._starts = re.compile(f"[{''.join(map(re.escape, lengths))}]") if lengths else None

    def find(self, passage: Passage) -> Iterator[Note]:
        """Where the rules match, from the start on; nothing twice."""
        text = passage.text
        folded = _folded(text) if self._loose else text
        blocked = [(note.start, note.stop) for note in passage.notes if note.whole or note.pause]
        place = block = 0
        while self._starts and (match := self._starts.search(text, place)):
            start = match.start()
            while block < len(blocked) and blocked[block][1] <= start:
                block += 1
            found = self._at(text, folded, start, blocked[block] if block < len(blocked) else None)
            if found:
                yield found
            place = found.stop if found else start + 1

    def _at(self, text: str, folded: str, start: int, blocked: Span | None) -> Note | None:
        """The first rule, in the order of the files, that matches at a place."""
        limit = len(text)
        if blocked:
            if blocked[0] <= start:
                return None
            limit = blocked[0]
        best: tuple[int, Rule, int] | None = None
        for length in self._lengths[text[start]]:
            stop = start + length
            if stop > limit:
                break
            for order, rule in (
                *self._exact.get(text[start:stop], ()),
                *(self._loose.get(folded[start:stop], ()) if self._loose else ()),
            ):
                if (best is None or order < best[0]) and not (rule.whole_words and _inside(text, start, stop)):
                    best = (order, rule, stop)
        return Note(start, best[2], said=best[1].said, ipa=best[1].ipa) if best else None


@lru_cache(maxsize=64)
def _finder(chosen: tuple[Dictionary, ...]) -> _Finder:
    return _Finder([rule for one in chosen for rule in one.rules])


def _folded(text: str) -> str:
    """A text in small letters, each in its place: the few that become two stay as they are."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _inside(text: str, start: int, stop: int) -> bool:
    """Whether a stretch begins or ends in the middle of a word."""
    return (start > 0 and _bound(text[start - 1]) and _bound(text[start])) or (
        stop < len(text) and _bound(text[stop - 1]) and _bound(text[stop])
    )


def _bound(character: str) -> bool:
    """Whether a character makes one word with a letter beside it; accents that stand by themselves do."""
    if character.isascii():
        return character.isalnum() or character == "_"
    return (character.isalnum() or unicodedata.category(character)[0] == "M") and _EDGELESS.match(character) is None
