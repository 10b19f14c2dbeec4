# ruff: noqa: RUF001 - the signs of the IPA are the point
"""The signs of the IPA, and how a pronunciation written in them becomes phonemes that a voice has. Pure."""

from __future__ import annotations

import unicodedata
from itertools import chain
from typing import TYPE_CHECKING, Final

from aligner.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STRESSES: Final = {"ˈ": "'", "ˌ": ","}
"""Main and secondary stress, as the engine writes them in front of a vowel or its syllable."""
_LONG: Final = "ː"
_NASAL: Final = "\u0303"
_ESSENTIAL: Final = frozenset((_LONG, _NASAL))
"""Shades that are worth another phoneme."""
_SHADES: Final = frozenset(("Mn", "Lm", "Sk"))
"""Kinds of signs that only shade the one before them (breath, tone, place of the tongue): left out where a voice has
no phoneme with them."""

# Other spellings of a sign; and what only groups signs (ties, syllables, brackets around it all) is left out.
_SPELLINGS: Final = str.maketrans(
    dict(zip("gʦʣʧʤʨʥ:'′ɝ", ("ɡ", "ts", "dz", "tʃ", "dʒ", "tɕ", "dʑ", "ː", "ˈ", "ˈ", "ɜː"), strict=True))
    | dict.fromkeys("\u0361\u035c\u200c\u200d.‿|‖/[]()")
)

# The first of each is a sign, then come those nearest to it, the best first; where a voice has none of them, their own
# neighbours are looked at, and so on. Every vowel and consonant of the IPA's chart (2020) is here, to end in a sound.
_NEAREST: Final = """
iɪy yiʏu ɨɪiɯᵻ ʉuyʊ ɯɨuɤ uʊʉo ɪiᵻe ʏyøɪ ʊuoə ᵻɪɨə eɛɪ øœʏe ɘəɵ ɵəøʊ ɤʌoə oɔʊ əɐɜʌɘ ɚəɜ ɛeæ œøɛ ɜəœɐ ɞœɔɜ ʌɐaə ɔoɒ
æaɛ ɐəaʌ aɑæɐ ɶœa ɑaɒɐ ɒɔɑ
pbf bpβ tdθ dtð ʈt ɖd ckt ɟɡd kɡx ɡkɣ qkχ ɢɡʁ ʔht mnb ɱmn nmŋd ɳn ɲnj ŋnɡ ɴŋ ʙbv rɾɹʁʀ ʀʁrɹ ⱱv ɾrɹd ɽɾɖ
ɸfp βvb fvp vfʋw θsf ðzdv szʃ zsʒ ʃʂɕs ʒʐʑz ʂʃs ʐʒz ɕʃç ʑʒʐ çɕxʃ ʝjʑ xχhk ɣɡʁx χxħ ʁʀɣr ħhχ ʕʔħ hɦxχ ɦh ɬlʃ ɮlʒ
ʋvw ɹrɾʁ ɻɹ jʝi ɰɣw lɫɾ ɫl ɺɾl ɭl ʎjl ʟɫ wʋuv ʍwh ɥjy ɧʃx ɓb ɗd ʄɟ ɠɡ ʛɢ ʘp ǀt ǃk ǂc ǁl
"""
_NEIGHBOURS: Final = {signs[0]: signs[1:] for signs in _NEAREST.split()}


def split(ipa: str) -> str:
    """Signs with what shades them apart, as the tables here have them."""
    return unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç")  # a consonant of its own


class Inventory:
    """What a voice can pronounce: its phonemes by how they sound."""

    def __init__(self, mnemonics: Mapping[str, str]) -> None:
        """``mnemonics``: by the signs of the IPA (`split`, without stress) that the engine itself gives to them."""
        self._mnemonics = mnemonics
        self._longest = max(map(len, mnemonics), default=0)

    def spell(self, ipa: str) -> str:
        """A pronunciation in the voice's phonemes, as they stand between ``[[`` and ``]]``.

        A sign that the voice has not is replaced by the nearest one that it has.

        Raises:
            EngineError: a sign is none of the IPA, or nothing of it is heard.
        """
        signs = split(ipa).translate(_SPELLINGS)
        words = [list(self._phonemes(word, ipa)) for word in signs.split()]
        if not any(phoneme not in STRESSES.values() for phoneme in chain.from_iterable(words)):
            raise EngineError("a pronunciation without a sound", repr(ipa), "write it in signs of the IPA")
        # Bars keep neighbours apart: t and S would be the one phoneme tS.
        return " ".join("|".join(word) for word in words)

    def _phonemes(self, signs: str, ipa: str) -> Iterator[str]:
        place = 0
        while place < len(signs):
            if stress := STRESSES.get(signs[place]):
                yield stress
                place += 1
                continue
            stop = self._match(signs, place)
            after = _shades(signs, max(stop, place + 1))
            lacking = stop == place + 1 and not _ESSENTIAL.isdisjoint(signs[stop:after])
            if stop > place and not lacking:
                yield self._mnemonics[signs[place:stop]]
            elif unicodedata.category(signs[place]) not in _SHADES:
                yield from self._nearest(signs[place:after], ipa)
            place = after

    def _match(self, signs: str, place: int) -> int:
        """The end of the longest stretch from ``place`` that is one phoneme; ``place`` where none is."""
        ends = range(min(len(signs), place + self._longest), place, -1)
        return next((end for end in ends if signs[place:end] in self._mnemonics), place)

    def _nearest(self, sign: str, ipa: str) -> Iterator[str]:
        """The phoneme for one sign with what shades it, from the nearest circle of its neighbours that has one."""
        lengths = (_LONG, "") if _LONG in sign else ("", _LONG)
        circle, seen = sign[0], set(sign[0])
        while circle:
            near = (self._mnemonics.get(one + length) for length in lengths for one in circle)
            if mnemonic := next(filter(None, near), None):
                yield mnemonic
                if _NASAL in sign and "n" in self._mnemonics:
                    yield self._mnemonics["n"]
                return
            circle = "".join(dict.fromkeys(n for one in circle for n in _NEIGHBOURS.get(one, "") if n not in seen))
            seen.update(circle)
        raise EngineError(f"the voice has no sound for {sign!r}", repr(ipa), "write it in signs of the IPA")


def _shades(signs: str, place: int) -> int:
    """Where the signs end that only shade the one before ``place``."""
    while place < len(signs) and signs[place] not in STRESSES and unicodedata.category(signs[place]) in _SHADES:
        place += 1
    return place
