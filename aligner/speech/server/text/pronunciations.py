"""Pronunciations as people write them, in the signs of the IPA: for SSML's ``phoneme`` and for dictionaries. Pure.

How the engine makes sounds of the signs, and what it does about those it has not, is `phonemes`'s.
"""

# ruff: noqa: RUF001 - the signs of the IPA are the point
from __future__ import annotations

import re
from typing import Final

from aligner.errors import MarkupError

IPA: Final = "ipa"
CMU: Final = "cmu-arpabet"
ALPHABETS: Final = (IPA, CMU)
"""What the real service knows too (protocol, connection: ``enable_ssml_parsing``)."""

LONGEST: Final = 500
"""Characters of one pronunciation: no word is that long."""

_BRACKETS: Final = str.maketrans("/[]", "   ")
_SIGN: Final = re.compile(r"([A-Z]+)([012]?)")

_CONSONANTS: Final = {
    "B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "DX": "ɾ", "EL": "əl", "EM": "əm", "EN": "ən", "F": "f", "G": "ɡ",
    "H": "h", "HH": "h", "JH": "dʒ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ", "NX": "ɾ", "P": "p", "Q": "ʔ",
    "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "WH": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
# As the engine writes General American itself, long marks included.
_VOWELS: Final = {
    "AA": "ɑː", "AE": "æ", "AH": "ʌ", "AO": "ɔː", "AW": "aʊ", "AX": "ə", "AXR": "ɚ", "AY": "aɪ", "EH": "ɛ",
    "ER": "ɜː", "EY": "eɪ", "IH": "ɪ", "IX": "ɪ", "IY": "iː", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "uː", "UX": "uː",
}  # fmt: skip
# The dictionary of Carnegie Mellon has one sign for the vowels of "cut" and of "about": stress tells them apart.
_UNSTRESSED: Final = {"AH": "ə", "ER": "ɚ", "IY": "i"}
_STRESSES: Final = {"1": "ˈ", "2": "ˌ"}


def to_ipa(pronunciation: str, alphabet: str) -> str:
    """A pronunciation in IPA, without the brackets around it.

    Raises:
        MarkupError: it is empty or too long, the alphabet is not known, or a sign is none of it.
    """
    bare = pronunciation.translate(_BRACKETS).strip()
    if not 0 < len(bare) <= LONGEST:
        raise MarkupError(f"a pronunciation has {len(bare)} characters", mend=f"write 1 to {LONGEST}")
    if alphabet == IPA:
        return bare
    if alphabet == CMU:
        return "".join(map(_cmu, bare.split()))
    raise MarkupError(f"the alphabet {alphabet[:40]!r} is not known", mend=f"use {' or '.join(ALPHABETS)}")


def _cmu(sign: str) -> str:
    """One sign; a stress mark stands right before its vowel, as the engine has it."""
    match = _SIGN.fullmatch(sign.upper())
    name, stress = match.groups() if match else ("", "")
    if name in _CONSONANTS and not stress:
        return _CONSONANTS[name]
    if name not in _VOWELS:
        problem = f"{sign[:40]!r} is no sign of {CMU}"
        raise MarkupError(problem, mend="write signs such as K AE1 T, with blanks between them")
    vowel = _UNSTRESSED.get(name, _VOWELS[name]) if stress == "0" else _VOWELS[name]
    return _STRESSES.get(stress, "") + vowel
