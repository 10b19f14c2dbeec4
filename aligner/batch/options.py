"""What a run is asked to do: one frozen value for the command line, the Python API and the plan alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aligner.model import VoiceSettings

if TYPE_CHECKING:
    from fractions import Fraction

    from aligner.model import Secret

DEFAULT_FORMATS: Final = ("mp3", "srt", "vtt", "json")


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of a run; ``None`` leaves a thing to the engine, the language or the document."""

    engine: str = "local"
    """``local``, ``elevenlabs``, or a ``ws://`` or ``wss://`` URL."""
    key: Secret | None = None
    send_key: bool = False
    """Send the key to a URL that is neither ElevenLabs nor this machine."""
    voice: str | None = None
    model: str | None = None
    language: str | None = None
    """BCP 47, for documents that do not say theirs."""
    speech_format: str | None = None
    """What is asked of the service, such as ``pcm_22050`` or ``mp3_44100_128``."""
    voice_settings: VoiceSettings = VoiceSettings()
    seed: int | None = None
    chunk_length_schedule: tuple[int, ...] | None = None
    """Characters buffered before each generation, 50 to 500 each."""
    normalize: str = "auto"
    """Whether numbers and the like are spelt out before they are spoken: ``auto``, ``on``, ``off``."""
    ssml: bool = False
    dictionaries: tuple[tuple[str, str | None], ...] = ()
    """Pronunciation dictionaries: (id, version) each, at most three."""
    formats: tuple[str, ...] = DEFAULT_FORMATS
    profile: str = "netflix"
    fps: Fraction | None = None
    jobs: int | None = None
    """Speech connections at once."""
    segment_size: int = 2_500
    """Characters spoken in one session, at most; 200 to 10,000."""
    stall: float = 20.0
    """Seconds without a word from the service that count as a fault."""
    force: bool = False
    """Speak again what is up to date."""
    fail_fast: bool = False
