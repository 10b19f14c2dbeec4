"""The voices of the embedded service: whom an id names, whom a language gets, what a client's settings mean for it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from math import log2
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from aligner.speech.server.voice import presets, speakers
from aligner.speech.server.voice.espeak import Manner
from aligner.speech.server.voice.presets import read
from aligner.speech.server.voice.speakers import Variant, Voice, variants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aligner.model import VoiceSettings
    from aligner.speech.server.text.passage import Delivery

__all__ = (
    "Variant",
    "Voice",
    "catalogue",
    "deliver",
    "find",
    "for_language",
    "manner",
    "read",
    "unreadable",
    "variants",
)

_SLOWEST, _FASTEST = 80, 449
"""Words a minute: what the engine can."""

# The service's own defaults; at them a voice speaks as it is.
_STABILITY, _SIMILARITY, _STYLE = 0.5, 0.75, 0.0
_LIVELINESS: Final = 0.6
"""By how much the pitch range grows at the most, as a part of the voice's own."""
_STYLE_PITCH: Final = 6
_SIMILARITY_PITCH: Final = 20
_SOFT: Final = 0.8

_OCTAVE: Final = 50
"""Steps of the engine's pitch that double it (espeak-ng's table of pitches)."""
_DEEPEST: Final = 0.25
"""Of a voice's own pitch; below the engine's lowest."""

# Of several voices for one language, and where the engine has none under the tag. BCP 47, in small letters.
_CHOICES: Final = {
    "en": "en-us", "en-au": "en-gb", "en-nz": "en-gb", "en-ie": "en-gb", "en-za": "en-gb", "en-in": "en-gb",
    "zh": "cmn", "zh-hk": "yue", "zh-mo": "yue", "nn": "nb", "sh": "hr", "iw": "he", "in": "id", "mo": "ro",
}  # fmt: skip
_LATIN_AMERICA: Final = frozenset("ar bo cl co cr cu do ec gt hn mx ni pa pe pr py sv us uy ve".split())  # noqa: SIM905 - shorter so

# The Japanese voice knows no reading of a kanji and would drop it.
_KANJI: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def catalogue(own: Mapping[str, Voice] = MappingProxyType({})) -> tuple[Voice, ...]:
    """All voices: a user's own, the built-in ones with a name, then the engine's, each by id.

    Not with every variant: any id of the engine's may be followed by ``+`` and one of `variants`.

    Raises:
        EngineError: the voice files are missing.
    """
    return (*own.values(), *presets.built_in().values(), *speakers.plain())


def find(voice_id: str, own: Mapping[str, Voice] = MappingProxyType({})) -> Voice | None:
    """The voice of an id such as ``george``, ``en-us`` or ``de+f3``; ``None`` where there is none.

    Capitals do not matter. ``own`` are a user's voices, by id in small letters.
    """
    name = voice_id.lower()
    if voice := own.get(name) or presets.built_in().get(name):
        return voice
    base, plus, variant = voice_id.partition("+")
    voice = speakers.by_id().get(base.lower())
    return speakers.varied(voice, variant) if voice and plus else voice


def for_language(tag: str) -> Voice | None:
    """The voice for a language in BCP 47, the nearest if there is none for its region; ``None`` where none at all."""
    tag = tag.replace("_", "-").lower()
    base, _, region = tag.partition("-")
    if base == "es" and region in _LATIN_AMERICA:
        return speakers.by_id()["es-419"]
    while tag:
        if voice := speakers.by_id().get(_CHOICES.get(tag, "")) or _by_tag().get(tag):
            return voice
        tag = tag.rpartition("-")[0]
    return None


def manner(voice: Voice, settings: VoiceSettings) -> Manner:
    """How a voice speaks under a client's settings; with all of them at their defaults, as it is.

    ``speed`` is the pace, exactly, within the engine's 80 to 449 words a minute. The others are as near as a
    synthesiser comes to what they do to a recorded voice:

    - ``stability``: below 0.5 the pitch is livelier, above it flatter (at 0 and 1 by 30 %);
    - ``style``: the pitch is livelier (at 1 by 60 %) and a little higher;
    - ``similarity_boost``: below 0.75 the voice leaves its own pitch for a deeper one, above it for a brighter one;
    - ``use_speaker_boost``: without it the voice is softer (80 %).
    """
    speed = 1.0 if settings.speed is None else settings.speed
    stability = _STABILITY if settings.stability is None else settings.stability
    similarity = _SIMILARITY if settings.similarity_boost is None else settings.similarity_boost
    style = settings.style or _STYLE
    own = Manner(voice.engine_name, voice.rate, voice.pitch, voice.pitch_range)
    return _within(
        own,
        rate=own.rate * speed,
        pitch=own.pitch + _STYLE_PITCH * style + _SIMILARITY_PITCH * (similarity - _SIMILARITY),
        pitch_range=own.pitch_range * (1 + _LIVELINESS * (_STABILITY - stability + style)),
        volume=own.volume * (_SOFT if settings.use_speaker_boost is False else 1),
    )


def deliver(manner: Manner, delivery: Delivery) -> Manner:
    """A manner with what a stretch of text asks for, within what the engine can."""
    return _within(
        manner,
        rate=manner.rate * delivery.rate,
        pitch=manner.pitch + _OCTAVE * log2(max(delivery.pitch, _DEEPEST)),
        # An interval is a ratio: a melody that is moved up is wider in hertz. Without this it goes half as far up.
        pitch_range=manner.pitch_range * delivery.pitch * delivery.pitch_range,
        volume=manner.volume * delivery.volume,
    )


def _within(manner: Manner, *, rate: float, pitch: float, pitch_range: float, volume: float) -> Manner:
    return replace(
        manner,
        rate=min(_FASTEST, max(_SLOWEST, round(rate))),
        pitch=min(100, max(0, round(pitch))),
        pitch_range=min(100, max(0, round(pitch_range))),
        volume=min(200, max(0, round(volume))),
    )


def unreadable(voice: Voice, text: str) -> str | None:
    """Why a voice cannot read a text, as one clause; ``None`` where it can."""
    if voice.language == "ja" and _KANJI.search(text):
        return "the embedded ja voice reads kana only, not kanji"
    return None


@cache
def _by_tag() -> dict[str, Voice]:
    """For every tag the voice that is nearest to it; of equals the first."""
    nearest: dict[str, tuple[int, Voice]] = {}
    for voice in speakers.plain():
        for tag, distance in ((voice.voice_id, 0), *voice.tags):
            if tag not in nearest or distance < nearest[tag][0]:
                nearest[tag] = (distance, voice)
    return {tag: voice for tag, (_, voice) in nearest.items()}
