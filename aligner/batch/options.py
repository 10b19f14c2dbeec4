"""What a run is asked to do: one frozen value for the command line, the Python API and the plan alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aligner.errors import UsageError
from aligner.model import VoiceSettings
from aligner.speech import engines
from aligner.speech.engines import Secrets

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from aligner.model import Secret
    from aligner.speech.engines import Engine

NORMALIZE: Final = ("auto", "on", "off")
MAX_DICTIONARIES: Final = 3
HIGHEST_SEED: Final = 2**32 - 1
"""What the service takes; voice settings and thresholds likewise, in `Options.check`."""
DEFAULT_FORMATS: Final = ("mp3", "srt", "vtt", "json")


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of a run; ``None`` leaves a thing to the engine, the language or the document."""

    engine: str = "local"
    """``local``, ``elevenlabs``, or a ``ws://`` or ``wss://`` URL."""
    key: Secret | None = None
    authorization: Secret | None = None
    """A bearer token, instead of the key or beside it; it goes where the key may go."""
    single_use_token: Secret | None = None
    """Likewise; good for one connection."""
    send_key: bool = False
    """Send the key and the tokens to a URL that is neither ElevenLabs nor this machine."""
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
    """The documents hold tags of SSML, also those whose name does not say so."""
    dictionaries: tuple[tuple[str, str | None], ...] = ()
    """Pronunciation dictionaries: (id, version) each, at most three; for the embedded engine also (file, ``None``)."""
    dictionary_folder: Path | None = None
    """Where the embedded engine finds dictionaries by id; ``dictionaries`` in the working folder if there is one."""
    voices: Path | None = None
    """A folder of own voices (``.toml``) for the embedded engine; ``voices`` in the working folder if there are any."""
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

    def check(self) -> None:
        """Refuse a number or a word that no service takes.

        Raises:
            UsageError: with the setting's name and what it may be.
        """
        voice = self.voice_settings
        numbers: tuple[tuple[str, float | None, float, float], ...] = (
            ("--stability", voice.stability, 0, 1),
            ("--similarity-boost", voice.similarity_boost, 0, 1),
            ("--style", voice.style, 0, 1),
            ("--speed", voice.speed, 0.7, 1.2),
            ("--seed", self.seed, 0, HIGHEST_SEED),
            ("--stall", self.stall, 0.1, 86_400),
            *(("--chunk-length-schedule", number, 50, 500) for number in self.chunk_length_schedule or ()),
        )
        for name, number, low, high in numbers:
            # Not a number is neither below nor above.
            if number is not None and not low <= number <= high:
                raise UsageError(f"{number} is out of range", name, f"choose {low:,} to {high:,}")
        if self.normalize not in NORMALIZE:
            raise UsageError(f"{self.normalize!r} is none of {', '.join(NORMALIZE)}", "--normalize")
        if len(self.dictionaries) > MAX_DICTIONARIES:
            mend = f"name at most {MAX_DICTIONARIES}"
            raise UsageError(f"{len(self.dictionaries)} are more than a service takes", "--dictionary", mend)

    def resolved(self) -> Engine:
        """The engine by its name, with the secrets that it may have.

        Raises:
            UsageError: there is no such engine, or a secret is missing or must not be sent there.
        """
        secrets = Secrets(self.key, self.authorization, self.single_use_token)
        return engines.resolve(self.engine, secrets, send_key=self.send_key)
