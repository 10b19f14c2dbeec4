"""How long a text is for a reader: user-perceived characters, and columns in scripts of full-width characters.

Pure text, no profile: what a line may hold is said there. Grapheme clusters follow UAX #29 as far as captions can tell
the difference (marks, joiners, flags, Hangul jamo, emoji sequences); Indic conjuncts count one each consonant, which
errs on the side of shorter lines.
"""

from __future__ import annotations

from unicodedata import category, east_asian_width

_JOINER = "\u200d"
# Extenders by UAX #29 that are no marks (Mn, Mc, Me) by their general category.
_EXTENDERS = frozenset("\u200c\u200d\u0e33\u0eb3\uff9e\uff9f")
_MARKS = frozenset(("Mn", "Mc", "Me"))
_WIDE = frozenset("WFA")
_EMOJI_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_VOWELS = (range(0x1160, 0x1200), range(0xD7B0, 0xD7FC))


def graphemes(text: str) -> int:
    """The number of user-perceived characters (line breaks are not expected)."""
    return len(text) if text.isascii() else len(_heads(text))


def columns(text: str) -> int:
    """The width in half columns: 2 for a full-width character, 1 for a half-width one, 0 for a mark on another.

    Characters whose width depends on the font (East Asian ambiguous: “ ” — …) are full-width, as in East Asian fonts.
    """
    return len(text) if text.isascii() else sum(2 if east_asian_width(head) in _WIDE else 1 for head in _heads(text))


def _heads(text: str) -> list[str]:
    """The first code point of each grapheme cluster."""
    heads: list[str] = []
    previous = ""
    half_flag = False
    for character in text:
        flag = ord(character) in _FLAG_LETTERS
        if not heads or not ((flag and half_flag) or _extends(character, previous)):
            heads.append(character)
            half_flag = flag
        else:
            half_flag = False
        previous = character
    return heads


def _extends(character: str, previous: str) -> bool:
    code = ord(character)
    if category(character) in _MARKS or character in _EXTENDERS or code in _EMOJI_MODIFIERS or code in _TAGS:
        return True
    if previous == _JOINER:
        return category(character) == "So"
    return any(code in block for block in _VOWELS)
