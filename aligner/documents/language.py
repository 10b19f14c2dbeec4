"""Which language a text is in, where nobody says so: by its script, then by its letters.

Only a guess for the settings to override; the answer is always a tag, never an error.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SAMPLE = 2_000
"""Letters looked at."""
_ENOUGH = 40
"""Letters below which the detector's answer on titles was often wrong."""
_CONFIDENT = 0.6
"""Of 1, among the candidates: below it English technical prose and lists of names were taken for other languages."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")

_SCRIPTS = (
    ("hiragana", "\u3041-\u309f"),
    ("katakana", "\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9d"),
    ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"),
    ("hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("thai", "\u0e01-\u0e3a\u0e40-\u0e4e"),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("hebrew", "\u05d0-\u05ea"),
    ("arabic", "\u0620-\u064a\u066e-\u06d3"),
    ("devanagari", "\u0900-\u097f"),
    ("cyrillic", "\u0400-\u052f"),
    ("latin", "A-Za-z\u00aa-\u024f\u1e00-\u1eff"),
)
_LETTERS = tuple((script, re.compile(f"[{letters}]")) for script, letters in _SCRIPTS)
_LETTER = re.compile(r"[^\W\d_]")

_OF_SCRIPT = {
    "hiragana": "ja",
    "katakana": "ja",
    "han": "zh",
    "hangul": "ko",
    "thai": "th",
    "greek": "el",
    "hebrew": "he",
}
_ELSE = {"arabic": "ar", "devanagari": "hi", "cyrillic": "ru"}
# Creoles and dialects near a big language only dilute the detector's answer; no voice speaks them.
_CANDIDATES = {
    "arabic": "ar fa ur ps",
    "devanagari": "hi mr ne",
    "cyrillic": "be bg kk ky mk mn ru sr tg uk",
    "latin": "af az ca cs cy da de en es et eu fi fr ga gl hr hu id is it lt lv ms mt nl no pl pt ro sk sl sq sv sw tl "
    "tr vi",
}
_BOKMAL = {"no": "nb"}

# Words that only English has so many of: a quarter of its prose, and less than one in twenty of any neighbour's. A text
# full of them need not ask the detector, which takes a second and 100 MB to load.
_ENGLISH = re.compile(
    r"\b(?:the|and|of|to|that|with|this|which|from|have|they|she|his|her|you|for|not|are|it)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_MUCH = 0.08


def is_tag(tag: str) -> bool:
    """Whether this looks like a language tag (BCP 47): ``en``, ``de-AT``, ``zh-Hant``."""
    return _TAG.fullmatch(tag) is not None


def detect(text: str) -> str:
    """The language of a text as a BCP 47 tag; ``en`` where nothing tells."""
    letters = "".join(_LETTER.findall(text[: 4 * _SAMPLE]))[:_SAMPLE]
    script = _script(letters)
    if script in _OF_SCRIPT:
        return _OF_SCRIPT[script]
    if script not in _CANDIDATES or len(letters) < _ENOUGH or _is_english(text[: 2 * _SAMPLE]):
        return _ELSE.get(script, "en")
    try:
        label, confidence = _identifier(script).classify(text[: 2 * _SAMPLE])
    except OSError:  # it unpacks its model into a temporary file, and the disk may be full
        return _ELSE.get(script, "en")
    return _BOKMAL.get(label, str(label)) if confidence >= _CONFIDENT else _ELSE.get(script, "en")


def _is_english(text: str) -> bool:
    return len(_ENGLISH.findall(text)) > _MUCH * len(_WORD.findall(text))


def _script(letters: str) -> str:
    counts = {script: len(pattern.findall(letters)) for script, pattern in _LETTERS}
    # Japanese is half Han, but hardly a line of it has no hiragana; a Chinese text may quote a name in katakana.
    if (counts["hiragana"] and counts["hiragana"] * 10 >= counts["han"]) or counts["katakana"] > counts["han"]:
        counts["hiragana"] += counts.pop("han") + counts.pop("katakana")
    # Chinese or Japanese with many English names has more Latin letters than words of English.
    counts["latin"] //= 3 if counts.get("han") or counts["hiragana"] else 1
    return max(counts, key=lambda script: counts[script]) if letters else ""


@cache
def _identifier(script: str) -> LanguageIdentifier:
    # Loaded only when a document asks for it: half a second of numpy and model.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES[script].split())
    return identifier
