"""What a session is opened with, checked: the key, the voice and its manner, the buffer, the sound's format. Pure."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from aligner.speech.refusals import INVALID_KEY, Refused, unknown_voice
from aligner.speech.server import coding
from aligner.speech.server.text import dictionaries, markup
from aligner.speech.server.text.buffer import Buffer
from aligner.speech.server.text.passage import Passage
from aligner.speech.server.voice import voices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aligner.model import Secret
    from aligner.speech.address import Address
    from aligner.speech.protocol import Opening
    from aligner.speech.server.coding import Coder
    from aligner.speech.server.text.dictionaries import Dictionary
    from aligner.speech.server.voice.espeak import Manner
    from aligner.speech.server.voice.voices import Voice

_SCHEME: Final = re.compile(r"(?i)^\s*bearer\s+")


@dataclass(frozen=True, slots=True)
class Stock:
    """What a service was started with beside what is built in."""

    voices: Mapping[str, Voice] = field(default_factory=dict)
    """Own presets, by id."""
    dictionaries: Mapping[str, Dictionary] = field(default_factory=dict)
    """Pronunciation dictionaries, by id."""


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a session needs to begin."""

    voice: Voice
    manner: Manner
    buffer: Buffer
    coder: Coder
    synced: bool = True
    """Characters come with every message; else all those of a generation with its first."""
    normalize: bool = True
    pristine: bool = False
    """The same request gives the same bytes."""
    dictionaries: tuple[Dictionary, ...] = ()
    markup: markup.Reader | None = None

    @property
    def language(self) -> str:
        """What is spoken, BCP 47."""
        return self.voice.language

    @property
    def romanize(self) -> bool:
        """Chinese is shown as it is said in `normalizedAlignment` (protocol, alignment rule 6)."""
        return self.language.partition("-")[0] == "zh"

    def read(self, message: str) -> Passage:
        """One message's text, with what its tags and the dictionaries say about it.

        Raises:
            Refused: the tags are wrong.
        """
        passage = self.markup.read(message) if self.markup else Passage(message)
        return dictionaries.apply(passage, self.dictionaries) if self.dictionaries else passage


_NO_STOCK = Stock()


def admit(address: Address, opening: Opening, stock: Stock = _NO_STOCK) -> Terms:
    """The terms of a session.

    Raises:
        Refused: there is no such voice, no such format or no such dictionary.
    """
    voice = voices.find(address.voice_id, stock.voices)
    if voice is None:
        raise Refused(unknown_voice(address.voice_id))
    voice = _speaking(voice, address.language_code)
    return Terms(
        voice,
        voices.manner(voice, opening.voice_settings),
        Buffer(opening.schedule, auto=address.auto_mode, language=voice.language),
        coding.coder(address.output_format),
        address.sync_alignment,
        address.apply_text_normalization != "off",
        address.seed is not None,
        dictionaries.choose(opening.dictionaries, stock.dictionaries),
        markup.Reader(voice.language) if address.enable_ssml_parsing else None,
    )


def _speaking(voice: Voice, language: str | None) -> Voice:
    """The voice in another language, where a client asks for one that it is not at home in.

    The same variant of the engine's voice for that language; an unsupported language is ignored (protocol, connection).
    """
    base = (language or "").partition("-")[0].lower()
    if not base or base in {tag.partition("-")[0] for tag in (voice.language.lower(), *(tag for tag, _ in voice.tags))}:
        return voice
    other = voices.for_language(base)
    if other is None:
        return voice
    _, plus, variant = voice.engine_name.partition("+")
    return replace(voice, language=other.language, engine_name=f"{other.engine_name}{plus}{variant}", tags=other.tags)


def check_key(wanted: Secret | None, *offered: str | None) -> None:
    """Compare the key that the service was started with to what a client offers, wherever it offers it.

    Raises:
        Refused: a key is wanted and none of those offered is it.
    """
    if wanted is None:
        return
    for key in filter(None, offered):
        bare = _SCHEME.sub("", key).strip()
        # In constant time: how long a comparison takes must not tell how much of a key is right. What is not ASCII in a
        # header comes as surrogates.
        if hmac.compare_digest(bare.encode(errors="surrogateescape"), wanted.reveal().encode()):
            return
    raise Refused(INVALID_KEY)
