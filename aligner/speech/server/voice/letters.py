"""Which phones a word's letters stand for: the pairing that gives every character its own time.

A spelling and its phones are two short strings that agree roughly, so they are aligned as strings are: by the cheapest
way through a table. Words come again and again, and so the answers are kept. Pure; knows no times and no samples.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_LARGEST_TABLE: Final = 4_000
"""Letters times phones from which on a spelling is shared out evenly: no word is that long, but hostile text is."""

_SKIP: Final = 1.0  # a silent letter, or a phone that no letter stands for
_UNLIKE: Final = 2.0  # a vowel letter for a consonant phone
_KIN: Final = 0.6  # two vowels, or two consonants
_UNKNOWN: Final = 0.4  # a script whose letters are not in the tables
_DRIFT: Final = 0.3  # of what is equally good, the pairing nearest to the diagonal

# Letters and phones of one family stand for each other in one spelling or another.
_FAMILIES: Final = tuple(
    "fvʋɸβ szcxʃʒɕʑʂʐ tdðθþɾʔ kcqgɡɣx mɱ nŋɲɳ lɫɭʎ rɹɾʁɻʀɽ pb jiyʝ wuʍɥ hħxχʕɦ".split()  # noqa: RUF001, SIM905 - IPA
)
_VOWELS: Final = frozenset("aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻı")  # noqa: RUF001 - IPA
_CYRILLIC: Final = str.maketrans("абвгдежзийклмнопрстуфхцчшщыэюяіїєґў", "abvgdezziiklmnoprstufhccssieuaiiegu")
_GREEK: Final = str.maketrans("αβγδεζηθικλμνξοπρσςτυφχψω", "avgdezitiklmnxoprsstufhpo")


def pair(words: tuple[str, ...], phones: tuple[str, ...]) -> tuple[float, ...]:
    """Where each letter begins among the phones.

    Args:
        words: The letters (and digits, and marks) of one word, or of several that are spoken as one ("of", "the").
        phones: What is heard for all of them, in IPA.

    Returns:
        One number more than there are letters, ascending from 0 to ``len(phones)``: letter *i* is heard from place *i*
        to place *i + 1*, in phones; 2.5 is the middle of the third phone. A word begins at a whole number.
    """
    count = sum(map(len, words))
    if count * len(phones) > _LARGEST_TABLE or not all(map(str.isalpha, map(_base_text, words))):
        return _even(words, len(phones))
    return _pair(words, phones)


def _even(words: tuple[str, ...], phones: int) -> tuple[float, ...]:
    """Digits and symbols: every letter has the same share; but words begin at whole numbers."""
    count = sum(map(len, words))
    places: list[float] = []
    done = 0
    for word in words:
        begin, end = round(phones * done / count), round(phones * (done + len(word)) / count)
        places.extend(begin + (end - begin) * i / len(word) for i in range(len(word)))
        done += len(word)
    return (*places, float(phones))


@lru_cache(maxsize=8192)
def _pair(words: tuple[str, ...], phones: tuple[str, ...]) -> tuple[float, ...]:
    letters = [_base(letter) for word in words for letter in word]
    firsts: set[int] = set()
    count = 0
    for word in words:
        firsts.add(count)
        count += len(word)
    begins = _path(letters, [_core(phone) for phone in phones])
    return _shared(begins, firsts, len(phones))


def _path(letters: list[str], phones: list[str]) -> list[int]:
    """The first phone of each letter by the cheapest way through the table; a silent one begins where the next does."""
    n, m = len(letters), len(phones)
    ways: list[bytearray] = []
    row = [j * _SKIP for j in range(m + 1)]
    for i, letter in enumerate(letters):
        above, row, way = row, [row[0] + _SKIP], bytearray(m + 1)
        for j, phone in enumerate(phones):
            paired = above[j] + _cost(letter, phone) + _DRIFT * abs(i / n - j / m)
            silent, extra = above[j + 1] + _SKIP, row[j] + _SKIP
            best = min(paired, silent, extra)
            row.append(best)
            way[j + 1] = _PAIRED if best == paired else _SILENT if best == silent else _EXTRA
        ways.append(way)
    return _walk(ways, n, m)


_SILENT, _PAIRED, _EXTRA = 0, 1, 2


def _walk(ways: list[bytearray], n: int, m: int) -> list[int]:
    """Back through the table; a phone without a letter goes to the letter before it, the first ones to the first."""
    begins = [0] * n
    i, j = n, m
    while i:
        way = ways[i - 1][j] if j else _SILENT
        if way == _EXTRA:
            j -= 1
            continue
        i -= 1
        j -= way  # one phone if paired, none if silent
        begins[i] = j
    begins[0] = 0
    return begins


def _shared(begins: list[int], firsts: set[int], phones: int) -> tuple[float, ...]:
    """Silent letters share the time of a neighbour in their word: the letter before, or at the word's start after."""
    n = len(begins)
    bounds = [*begins, phones]
    places = [float(begin) for begin in begins]
    i = 0
    while i < n:
        # A run is one sounding letter with the silent ones around it that belong to its word.
        stop = i + 1
        while stop < n and stop not in firsts and (bounds[stop + 1] == bounds[stop] or bounds[stop] == bounds[i]):
            stop += 1
        begin, end = bounds[i], bounds[stop]
        for k in range(i, stop):
            places[k] = begin + (end - begin) * (k - i) / (stop - i)
        i = stop
    return (*places, float(phones))


@lru_cache(maxsize=4096)
def _cost(letter: str, phone: str) -> float:
    if letter == phone:
        return 0.0
    if not letter.isascii() and letter not in _VOWELS:
        return _UNKNOWN
    if (letter in _VOWELS) != (phone in _VOWELS):
        return _KIN if any(letter in family and phone in family for family in _FAMILIES) else _UNLIKE
    return _KIN / 2 if any(letter in family and phone in family for family in _FAMILIES) else _KIN


@lru_cache(maxsize=4096)
def _base(letter: str) -> str:
    """A letter without its accents, in Latin where the script has a table."""
    return unicodedata.normalize("NFD", letter.lower())[:1].translate(_CYRILLIC).translate(_GREEK)


@lru_cache(maxsize=1024)
def _core(phone: str) -> str:
    """The first sign of a phone that is no stress mark."""
    return phone.lstrip("ˈˌ")[:1] or phone


def _base_text(word: str) -> str:
    """A word without its combining marks: what is left are letters, or it holds digits and symbols."""
    return "".join(c for c in word if not unicodedata.combining(c) and unicodedata.category(c)[0] != "M") or "0"
