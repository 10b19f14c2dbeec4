"""Voices with a name and a manner of their own: those built in, and a user's, each a small TOML file.

A preset is one of the engine's voices, perhaps as another speaker, with its pitch, range and speed set.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from aligner.errors import UsageError
from aligner.speech.server.voice import speakers
from aligner.speech.server.voice.speakers import WORDS_A_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aligner.speech.server.voice.speakers import Voice

PERSONAL: Final = "personal"
_BUILT_IN: Final = Path(__file__).parent / "presets"
_TEXTS: Final = ("voice", "variant", "name", "language", "description")
_NUMBERS: Final = {"pitch": (0, 100), "range": (0, 100), "speed": (0.5, 2)}
_ID: Final = re.compile(r"[A-Za-z0-9_-]+")  # it stands in an address
_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@cache
def built_in() -> Mapping[str, Voice]:
    """The named voices that are always there, by id."""
    return MappingProxyType({path.stem: _read(path) for path in sorted(_BUILT_IN.glob("*.toml"))})


def read(folder: Path) -> Mapping[str, Voice]:
    """A folder's own voices, by id in small letters: every ``*.toml`` is one, its name the id.

    Raises:
        UsageError: there is no such folder, or a file is wrong; the message names file, key and mend.
        EngineError: the voice files of the engine are missing.
    """
    if not folder.is_dir():
        raise UsageError("no such folder", str(folder), "name a folder with a voice in each *.toml")
    found: dict[str, Voice] = {}
    for path in sorted(folder.glob("*.toml")):
        voice_id = path.stem.lower()
        _check_id(path, found)
        found[voice_id] = replace(_read(path), category=PERSONAL)
    return MappingProxyType(found)


def _check_id(path: Path, found: Iterable[str]) -> None:
    if not _ID.fullmatch(path.stem):
        raise UsageError("the file's name is no voice id", str(path), "use letters, digits, - and _ only")
    voice_id = path.stem.lower()
    if voice_id in found:
        raise UsageError("two files differ in capitals only, which a voice id does not", str(path), "rename one")
    if voice_id in speakers.by_id() or voice_id in built_in():
        raise UsageError(f"{path.stem!r} is a built-in voice, which it would hide", str(path), "rename the file")


@dataclass(frozen=True, slots=True)
class _Entries:
    """A file's keys and values, with where they stand for messages."""

    path: Path
    values: Mapping[str, Any]

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, f"is no text but {value!r}", f'write it in quotes: {key} = "…"')
        return value.strip()

    def number(self, key: str, default: float) -> float:
        low, high = _NUMBERS[key]
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(key, f"is {value!r}", f"give a number from {low} to {high}")
        return value

    def wrong(self, key: str, problem: str, mend: str) -> UsageError:
        return UsageError(f"{key} {problem}", str(self.path), mend)


def _read(path: Path) -> Voice:
    entries = _Entries(path, _parsed(path))
    for key in entries.values:
        if key not in (*_TEXTS, *_NUMBERS):
            raise entries.wrong(key, "is no key of a voice", _nearest(key, (*_TEXTS, *_NUMBERS)))
    voice = _speaker(entries)
    language = entries.text("language")
    if language and not _TAG.fullmatch(language):
        raise entries.wrong("language", f"is {language!r}", "write a tag such as en-GB")
    return replace(
        voice,
        voice_id=path.stem,
        name=entries.text("name") or path.stem,
        language=language or voice.language,
        rate=round(WORDS_A_MINUTE * entries.number("speed", 1)),
        pitch=round(entries.number("pitch", speakers.MIDDLE)),
        pitch_range=round(entries.number("range", speakers.MIDDLE)),
        description=entries.text("description"),
    )


def _speaker(entries: _Entries) -> Voice:
    name, variant = entries.text("voice"), entries.text("variant")
    if not name:
        raise entries.wrong("voice", "is missing", 'name a voice of `aligner voices`: voice = "en-us"')
    voice = speakers.by_id().get(name.lower())
    if voice is None:
        raise entries.wrong("voice", f"{name!r} is no voice", _nearest(name.lower(), speakers.by_id()))
    if not variant:
        return voice
    varied = speakers.varied(voice, variant)
    if varied is None:
        raise entries.wrong("variant", f"{variant!r} is no variant", _nearest(variant, speakers.variants()))
    return varied


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"it is no TOML ({error})", str(path), "write a line for each key: pitch = 40") from None
    except (OSError, UnicodeError) as error:
        raise UsageError(f"it cannot be read ({error})", str(path)) from None


def _nearest(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(word, names, 1, 0.5)
    return f"did you mean {close[0]!r}?" if close else f"use one of {', '.join(names[:12])}{' …' * (len(names) > 12)}"  # noqa: PLR2004 - a line
