"""aligner: documents become speech with captions that are exactly on time.

The public names; they are loaded when they are first used, so that the command line starts fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aligner.batch.captions import caption, load
    from aligner.batch.local import speak
    from aligner.batch.options import Options
    from aligner.batch.report import Outcome, Report
    from aligner.errors import AlignerError, DocumentError, SpeechError, UsageError
    from aligner.live import Audio, FinishedCue, SpokenWord, stream
    from aligner.model import Cue, Narration, Secret, VoiceSettings, Word
    from aligner.pipeline import Style

__all__ = [
    "AlignerError",
    "Audio",
    "Cue",
    "DocumentError",
    "FinishedCue",
    "Narration",
    "Options",
    "Outcome",
    "Report",
    "Secret",
    "SpeechError",
    "SpokenWord",
    "Style",
    "UsageError",
    "VoiceSettings",
    "Word",
    "caption",
    "load",
    "speak",
    "stream",
]

_HOMES: Final = {
    "aligner.batch.captions": ("caption", "load"),
    "aligner.batch.local": ("speak",),
    "aligner.batch.options": ("Options",),
    "aligner.batch.report": ("Outcome", "Report"),
    "aligner.errors": ("AlignerError", "DocumentError", "SpeechError", "UsageError"),
    "aligner.live": ("Audio", "FinishedCue", "SpokenWord", "stream"),
    "aligner.model": ("Cue", "Narration", "Secret", "VoiceSettings", "Word"),
    "aligner.pipeline": ("Style",),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
