"""What a session is opened with, checked: the key, the voice and its manner, the buffer, the sound's format. Pure."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aligner.speech.refusals import INVALID_KEY, Refused, unknown_voice
from aligner.speech.server import coding, voices
from aligner.speech.server.buffer import Buffer

if TYPE_CHECKING:
    from aligner.speech.address import Address
    from aligner.speech.protocol import Opening
    from aligner.speech.server.coding import Coder
    from aligner.speech.server.espeak import Manner
    from aligner.speech.server.voices import Voice


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a session needs to begin."""

    voice: Voice
    manner: Manner
    buffer: Buffer
    coder: Coder


def admit(address: Address, opening: Opening) -> Terms:
    """The terms of a session.

    Raises:
        Refused: there is no such voice, or no such format.
    """
    voice = voices.find(address.voice_id)
    if voice is None:
        raise Refused(unknown_voice(address.voice_id))
    buffer = Buffer(opening.schedule, auto=address.auto_mode, language=voice.language)
    return Terms(voice, voices.manner(voice, opening.voice_settings), buffer, coding.coder(address.output_format))


def check_key(wanted: str | None, *offered: str | None) -> None:
    """Compare the key that the service was started with to what a client offers, wherever it offers it.

    Raises:
        Refused: a key is wanted and none of those offered is it.
    """
    if wanted is None:
        return
    for key in filter(None, offered):
        bare = key.removeprefix("Bearer ").strip()
        # In constant time: how long a comparison takes must not tell how much of a key is right.
        if hmac.compare_digest(bare.encode(), wanted.encode()):
            return
    raise Refused(INVALID_KEY)
