"""Who speaks: the voices of the engine, and the speakers that each of them can be (its variants).

Read from the engine's own voice files, so that listing them neither loads the library nor starts a worker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import espeakng_loader

from aligner.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORDS_A_MINUTE: Final = 160
"""At speed 1. The engine's own default, 175, was measured as 198 words a minute of English prose: faster than captions
can be read. At 160 it is 177, the upper end of narration, and every caption keeps within its reading speed."""

MIDDLE: Final = 50
"""The engine's own pitch, and how far it rises and falls."""

# The files that are not named after what they speak.
_IDENTIFIERS: Final = {"en": "en-gb"}
_LANGUAGES: Final = {"en-gb": "en-GB", "cmn": "zh", "cmn-latn-pinyin": "zh-Latn-pinyin"}

_SYSTEM_DATA: Final = tuple(
    f"{root}/espeak-ng-data" for root in ("/usr/share", "/usr/local/share", "/opt/homebrew/share")
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice."""

    voice_id: str
    name: str
    language: str
    """BCP 47."""
    engine_name: str
    """What the library calls it: a path below its ``lang`` folder, perhaps with a ``+variant``."""
    tags: tuple[tuple[str, int], ...] = ()
    """The languages that it can stand in for, in small letters, with how far off it is (5 is at home)."""
    rate: int = WORDS_A_MINUTE
    """Words a minute at speed 1."""
    pitch: int = MIDDLE
    """0 to 100."""
    pitch_range: int = MIDDLE
    """0 (a monotone) to 100."""
    gender: str = ""
    """``female`` or ``male``; empty where the engine does not say."""
    description: str = ""
    category: str = "premade"
    """``premade``: built in. ``personal``: out of a user's own file."""

    @property
    def labels(self) -> dict[str, str]:
        """What lists of voices say about it: language, accent, gender, description; only what is known."""
        accent = self.name.partition("(")[2].partition(")")[0]
        known = {"language": self.language, "accent": accent, "gender": self.gender, "description": self.description}
        return {name: value for name, value in known.items() if value}


class Variant(NamedTuple):
    """Another speaker of any voice's language."""

    name: str
    gender: str
    """``female`` or ``male``; empty where the file does not say."""


@cache
def plain() -> tuple[Voice, ...]:
    """All voices of the engine, by id.

    Raises:
        EngineError: the voice files are missing.
    """
    root = _data() / "lang"
    files = sorted(path for path in root.rglob("*") if path.is_file())
    if not files:
        raise EngineError("the embedded voices are missing", str(root), "pip install espeakng-loader")
    found = (voice for path in files if (voice := _read(path, root)))
    return tuple(sorted(found, key=lambda voice: voice.voice_id))


@cache
def by_id() -> Mapping[str, Voice]:
    """The engine's voices; their ids are in small letters."""
    return MappingProxyType({voice.voice_id: voice for voice in plain()})


@cache
def variants() -> Mapping[str, Variant]:
    """What may follow any voice's id after a ``+``, by name; too many pairs to list each of them."""
    files = sorted((_data() / "voices" / "!v").glob("*"), key=lambda path: path.name.lower())
    return MappingProxyType({path.name: _variant(path) for path in files})


def varied(voice: Voice, variant: str) -> Voice | None:
    """A voice as another speaker; ``None`` where there is no such variant. Capitals do not matter."""
    exact = variant if variant in variants() else _folded().get(variant.lower())
    if exact is None:
        return None
    return replace(
        voice,
        voice_id=f"{voice.voice_id}+{exact}",
        name=f"{voice.name}, {exact}",
        engine_name=f"{voice.engine_name}+{exact}",
        tags=(),
        gender=variants()[exact].gender,
    )


@cache
def _folded() -> dict[str, str]:
    return {name.lower(): name for name in variants()}


def _data() -> Path:
    try:
        return Path(espeakng_loader.get_data_path())
    except RuntimeError:
        pass  # no wheel for this platform: the system's engine has its data in one of the usual places
    found = next((path for path in map(Path, _SYSTEM_DATA) if path.is_dir()), None)
    if found is None:
        raise EngineError("the voice engine espeak-ng is missing", mend="pip install espeakng-loader")
    return found


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """A voice file's keys and values; old comments in it are not UTF-8."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition(" ")
        yield key, value.strip()


def _read(path: Path, root: Path) -> Voice | None:
    """A voice file: ``name`` and ``language`` lines, then how it sounds; ``None`` where it cannot speak."""
    name, gender, dictionary, tags = path.name, "", "", []
    for key, value in _lines(path):
        if key == "name":
            name = value
        elif key == "gender":
            gender = value.partition(" ")[0].lower()
        elif key == "dictionary":
            dictionary = value
        elif key == "language":
            tag, _, distance = value.partition(" ")
            tags.append((tag.lower(), int(distance) if distance.strip().isdigit() else 5))
    # Builds of the engine leave out dictionaries (Faroese, for one), and a voice without its own is silent.
    dictionary = dictionary or (tags[0][0] if tags else path.name).partition("-")[0]
    if not (root.parent / f"{dictionary}_dict").is_file():
        return None
    voice_id = _IDENTIFIERS.get(path.name, path.name.lower())
    language = _LANGUAGES.get(voice_id) or _spell(voice_id)
    return Voice(voice_id, name, language, path.relative_to(root).as_posix(), tuple(tags), gender=gender)


def _variant(path: Path) -> Variant:
    found = dict(_lines(path))
    return Variant(found.get("name", path.name), found.get("gender", "").partition(" ")[0].lower())


def _spell(tag: str) -> str:
    """A language tag in its usual spelling: ``pt-BR``, ``fa-Latn``, ``en-GB-x-rp``."""
    first, *rest = tag.split("-")
    spelled, private = [first], False
    for part in rest:
        private = private or part == "x"
        upper, title = len(part) == 2, len(part) == 4 and part.isalpha()  # noqa: PLR2004 - a region, a script
        spelled.append(part if private else part.upper() if upper else part.title() if title else part)
    return "-".join(spelled)
