"""Chinese characters as they sound: what `normalizedAlignment` of a Chinese voice shows."""

from __future__ import annotations

import re
from typing import Final

_CHINESE: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3007]+")
_SAFE: Final = 200
"""Characters that are looked up at once: a phrase's reading depends on its neighbours, never on more of them."""


def romanize(text: str) -> tuple[tuple[int, int, str], ...]:
    """The Chinese characters of a text with their pinyin, tones marked, as half open stretches of one character each.

    A character that nobody knows a reading of is left out.
    """
    runs = list(_CHINESE.finditer(text))
    if not runs:
        return ()
    from pypinyin import Style, pinyin  # noqa: PLC0415 - 0.3 s; only Chinese voices need it

    found: list[tuple[int, int, str]] = []
    for run in runs:
        for start in range(run.start(), run.end(), _SAFE):
            part = text[start : min(start + _SAFE, run.end())]
            readings = pinyin(part, style=Style.TONE, errors=list)  # type: ignore[arg-type] # a list too
            for place, (reading, character) in enumerate(zip((one[0] for one in readings), part, strict=True), start):
                if reading and reading != character:
                    found.append((place, place + 1, reading))
    return tuple(found)
