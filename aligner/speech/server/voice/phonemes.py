"""The phonemes of a voice, and a text for the engine with the pronunciations that are asked for written into it.

Every voice has phonemes of its own, named by mnemonics (``[[t@m'eItoU]]``). Which ones there are stands in the
engine's data; how each sounds is asked of the engine itself, once a voice. Pure; no library, no process.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from aligner.errors import EngineError
from aligner.speech.server.voice.ipa import STRESSES, Inventory, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aligner.speech.server.voice.espeak import Mark

_VOWEL, _LAST_CONSONANT = 2, 8  # types of phonemes in the engine's tables; below are pauses and stresses
_HEAD, _ENTRY = 36, 16  # bytes of a table's head and of each phoneme
_CLAUSE: Final = 16
"""Phonemes in one clause of a probe: the engine cuts a clause after 800 bytes, wherever that is."""


class Phoneme(NamedTuple):
    """One phoneme of a voice."""

    mnemonic: str
    vowel: bool


# -- what a voice has -------------------------------------------------------------------------------------------------


def table_name(voice: str) -> str:
    """The phoneme table that a voice file chooses: the one it names, else that of its first language."""
    lines = [line.split() for line in voice.splitlines()]
    named = next((line[1] for line in lines if line[:1] == ["phonemes"] and len(line) > 1), "")
    return named or next(
        (line[1].partition("-")[0] for line in lines if line[:1] == ["language"] and len(line) > 1), ""
    )


def table(tables: bytes, name: str) -> tuple[Phoneme, ...]:
    """The vowels and consonants of one of the engine's phoneme tables, with those of the tables that it builds on.

    Args:
        tables: The engine's ``phontab``: a count, then for each table a head (count, the number of the table that it
            builds on or 0, a name) and its phonemes (mnemonic, flags, program, code, type, …), as in ``synthdata.c``.
        name: Of the table.

    Raises:
        EngineError: there is no such table.
    """
    found: list[dict[int, Phoneme | None]] = []
    names: dict[str, dict[int, Phoneme | None]] = {}
    place = 4
    for _ in range(tables[0]):
        count, base = tables[place], tables[place + 1]
        title = tables[place + 4 : place + _HEAD].partition(b"\0")[0].decode(errors="replace")
        place += _HEAD
        own = dict(_phoneme(tables[place + _ENTRY * index :][:_ENTRY]) for index in range(count))
        place += _ENTRY * count
        found.append((found[base - 1] if base else {}) | own)
        names[title] = found[-1]
    # One voice names a table of a country that there is not; the engine takes that of its language.
    chosen = names.get(name) or names.get(name.partition("-")[0])
    if chosen is None:
        raise EngineError(f"the voice engine has no phonemes {name!r}", mend="reinstall espeakng-loader")
    return tuple(phoneme for phoneme in chosen.values() if phoneme)


def _phoneme(entry: bytes) -> tuple[int, Phoneme | None]:
    mnemonic = entry[:4].partition(b"\0")[0].decode("latin-1")
    code, kind = entry[10], entry[11]
    spoken = _VOWEL <= kind <= _LAST_CONSONANT and not mnemonic.startswith("#")  # only a colour of the one before it
    return code, Phoneme(mnemonic, kind == _VOWEL) if spoken else None


def probe(phonemes: Sequence[Phoneme]) -> str:
    """A text that has every phoneme spoken: a vowel between consonants, a consonant between vowels.

    At a word's edge many of them sound otherwise than elsewhere (d as t, a final vowel longer), some voices swallow a
    vowel without stress, or soften a consonant between vowels only: there are two words for each phoneme.
    """
    words = [word for one in phonemes for word in _samples(one)]
    return ". ".join(" ".join(words[index : index + _CLAUSE]) for index in range(0, len(words), _CLAUSE))


def _samples(phoneme: Phoneme) -> tuple[str, str]:
    name = phoneme.mnemonic
    if phoneme.vowel:
        return f"[[p|'|{name}|t]]", f"[[p|{name}|t]]"
    return f"[[a|{name}|'|a]]", f"[[a|n|{name}|'|a]]"


def heard(phonemes: Sequence[Phoneme], marks: Iterable[Mark]) -> Inventory:
    """The inventory of a voice from the marks of its ``probe``; of several phonemes for a sound the plainest."""
    begins = [0]
    for sample in probe(phonemes).split(" "):
        begins.append(begins[-1] + len(sample) + 1)
    sounds: list[list[str]] = [[] for _ in begins]
    word = 0
    for mark in marks:
        if mark.word:
            word = bisect_right(begins, mark.position) - 1
        elif mark.sound:
            sounds[word].append(mark.sound)
    plain = sorted(range(len(phonemes)), key=lambda index: _plainness(phonemes[index].mnemonic))
    named: dict[str, str] = {}
    for place in (0, 1):
        for index in plain:
            begin = 2 if place and not phonemes[index].vowel else 1
            ipa = _joined(sounds[2 * index + place][begin:-1])
            if ipa:
                named.setdefault(ipa, phonemes[index].mnemonic)
    return Inventory(named)


def _joined(sounds: Iterable[str]) -> str:
    """Sounds as one, without stress; nothing where the engine's own name for one was cut short."""
    ipa = split("".join(sounds))
    for stress in STRESSES:
        ipa = ipa.replace(stress, "")
    return "" if "\ufffd" in ipa else ipa


def _plainness(mnemonic: str) -> tuple[int, int]:
    """The variants of a phoneme for special places have a mark or a number in their name."""
    return sum(not (c.isalpha() or c in ":@") for c in mnemonic), len(mnemonic)


# -- writing it into a text -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Script:
    """A text for the engine, with the way back to the text that it was made of."""

    text: str
    _begins: Sequence[int]
    """Where its pieces begin, ascending from 0."""
    _places: Sequence[tuple[int, bool]]
    """For each where that is in the original, and whether it is a pronunciation: one place for all of it."""

    def place(self, position: int) -> int:
        """The code point of the original text that a position of the script belongs to."""
        index = max(0, bisect_right(self._begins, position) - 1)
        place, whole = self._places[index]
        return place if whole else place + position - self._begins[index]


def script(text: str, sounds: Iterable[tuple[int, int, str]], inventory: Inventory) -> Script:
    """A text with pronunciations written into it.

    Args:
        text: What is shown.
        sounds: Stretches of it, half open, in code points, ascending, with their pronunciation in IPA.
        inventory: What the voice can pronounce.

    Raises:
        EngineError: a pronunciation cannot be spoken.
    """
    pieces: list[str] = []
    begins: list[int] = []
    places: list[tuple[int, bool]] = []
    length = last = 0

    def add(piece: str, place: int, *, whole: bool) -> None:
        nonlocal length
        begins.append(length)
        places.append((place, whole))
        pieces.append(piece)
        length += len(piece)

    for start, stop, ipa in sounds:
        # Brackets of the text are read as brackets of another kind are: they must not open a pronunciation.
        add(text[last:start].replace("[[", "(("), last, whole=False)
        # The engine sees a pronunciation only after a blank.
        blank = "" if pieces[-1][-1:].isspace() else " "
        add(f"{blank}[[{inventory.spell(ipa)}]]", start, whole=True)
        if text[stop : stop + 1].isalnum():
            add(" ", stop, whole=True)
        last = stop
    add(text[last:].replace("[[", "(("), last, whole=False)
    return Script("".join(pieces), begins, places)
