"""The voices of the embedded service: who there is, whom a language gets, and what a client's settings mean for them.

Read from the engine's own voice files, so that listing them neither loads the library nor starts a worker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import espeakng_loader

from aligner.errors import EngineError
from aligner.speech.server.espeak import Manner

if TYPE_CHECKING:
    from aligner.model import VoiceSettings

_WORDS_A_MINUTE: Final = 160
"""At speed 1. The engine's own default, 175, was measured as 198 words a minute of English prose: faster than captions
can be read. At 160 it is 177, the upper end of narration, and every caption keeps within its reading speed."""

_MIDDLE: Final = 50
"""The engine's own pitch, and how far it rises and falls."""

# Of several voices for one language, and where the engine has none under the tag. BCP 47, in small letters.
_CHOICES: Final = {
    "en": "en-us", "en-au": "en-gb", "en-nz": "en-gb", "en-ie": "en-gb", "en-za": "en-gb", "en-in": "en-gb",
    "zh": "cmn", "zh-hk": "yue", "zh-mo": "yue", "nn": "nb", "sh": "hr", "iw": "he", "in": "id", "mo": "ro",
}  # fmt: skip
_LATIN_AMERICA: Final = frozenset("ar bo cl co cr cu do ec gt hn mx ni pa pe pr py sv us uy ve".split())  # noqa: SIM905 - shorter so

# The files that are not named after what they speak.
_IDENTIFIERS: Final = {"en": "en-gb"}
_LANGUAGES: Final = {"en-gb": "en-GB", "cmn": "zh", "cmn-latn-pinyin": "zh-Latn-pinyin"}

_SYSTEM_DATA: Final = tuple(
    f"{root}/espeak-ng-data" for root in ("/usr/share", "/usr/local/share", "/opt/homebrew/share")
)

# The Japanese voice knows no reading of a kanji and would drop it.
_KANJI: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


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


@cache
def catalogue() -> tuple[Voice, ...]:
    """All voices, by id.

    Raises:
        EngineError: the voice files are missing.
    """
    root = _data() / "lang"
    files = sorted(path for path in root.rglob("*") if path.is_file())
    if not files:
        raise EngineError("the embedded voices are missing", str(root), "pip install espeakng-loader")
    return tuple(sorted((_read(path, root) for path in files), key=lambda voice: voice.voice_id))


@cache
def variants() -> frozenset[str]:
    """The names that may follow a voice's id after a ``+``: another speaker of the same language."""
    return frozenset(path.name for path in (_data() / "voices" / "!v").glob("*"))


def find(voice_id: str) -> Voice | None:
    """The voice of an id such as ``en-us`` or ``de+f3``; ``None`` where there is none."""
    base, plus, variant = voice_id.partition("+")
    voice = _by_id().get(base.lower())
    if voice is None or (plus and variant not in variants()):
        return None
    if not plus:
        return voice
    return Voice(voice_id, f"{voice.name}, {variant}", voice.language, f"{voice.engine_name}+{variant}")


def for_language(tag: str) -> Voice | None:
    """The voice for a language in BCP 47, the nearest if there is none for its region; ``None`` where none at all."""
    tag = tag.replace("_", "-").lower()
    base, _, region = tag.partition("-")
    if base == "es" and region in _LATIN_AMERICA:
        return _by_id()["es-419"]
    while tag:
        if voice := _by_id().get(_CHOICES.get(tag, "")) or _by_tag().get(tag):
            return voice
        tag = tag.rpartition("-")[0]
    return None


def manner(voice: Voice, settings: VoiceSettings) -> Manner:
    """How a voice speaks under a client's settings.

    ``speed`` is the pace, exactly. ``stability`` below its default of 0.5 and ``style`` make the pitch livelier, above
    it flatter: as near as a synthesiser comes to what they do to a recorded voice. The others mean nothing here.
    """
    speed = 1.0 if settings.speed is None else settings.speed
    stability = 0.5 if settings.stability is None else settings.stability
    liveliness = 0.5 - stability + (settings.style or 0.0)
    pitch_range = min(100, max(0, round(_MIDDLE * (1 + 0.6 * liveliness))))
    return Manner(voice.engine_name, round(_WORDS_A_MINUTE * speed), _MIDDLE, pitch_range)


def unreadable(voice: Voice, text: str) -> str | None:
    """Why a voice cannot read a text, as one clause; ``None`` where it can."""
    if voice.language == "ja" and _KANJI.search(text):
        return "the embedded ja voice reads kana only, not kanji"
    return None


def _data() -> Path:
    try:
        return Path(espeakng_loader.get_data_path())
    except RuntimeError:
        pass  # no wheel for this platform: the system's engine has its data in one of the usual places
    found = next((path for path in map(Path, _SYSTEM_DATA) if path.is_dir()), None)
    if found is None:
        raise EngineError("the voice engine espeak-ng is missing", mend="pip install espeakng-loader")
    return found


def _read(path: Path, root: Path) -> Voice:
    """A voice file: ``name`` and ``language`` lines, then how it sounds; old comments in it are not UTF-8."""
    name, tags = path.name, []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition(" ")
        if key == "name":
            name = value.strip()
        elif key == "language":
            tag, _, distance = value.partition(" ")
            tags.append((tag.lower(), int(distance) if distance.strip().isdigit() else 5))
    voice_id = _IDENTIFIERS.get(path.name, path.name.lower())
    language = _LANGUAGES.get(voice_id) or _spell(voice_id)
    return Voice(voice_id, name, language, path.relative_to(root).as_posix(), tuple(tags))


def _spell(tag: str) -> str:
    """A language tag in its usual spelling: ``pt-BR``, ``fa-Latn``, ``en-GB-x-rp``."""
    first, *rest = tag.split("-")
    spelled, private = [first], False
    for part in rest:
        private = private or part == "x"
        upper, title = len(part) == 2, len(part) == 4 and part.isalpha()  # noqa: PLR2004 - a region, a script
        spelled.append(part if private else part.upper() if upper else part.title() if title else part)
    return "-".join(spelled)


@cache
def _by_id() -> dict[str, Voice]:
    return {voice.voice_id: voice for voice in catalogue()}


@cache
def _by_tag() -> dict[str, Voice]:
    """For every tag the voice that is nearest to it; of equals the first."""
    nearest: dict[str, tuple[int, Voice]] = {}
    for voice in catalogue():
        for tag, distance in ((voice.voice_id, 0), *voice.tags):
            if tag not in nearest or distance < nearest[tag][0]:
                nearest[tag] = (distance, voice)
    return {tag: voice for tag, (_, voice) in nearest.items()}
