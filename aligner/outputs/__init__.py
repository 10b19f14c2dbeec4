"""Stage 5: cues become files, one format a file. Nothing here is spoken, timed or broken into lines."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from aligner.outputs import srt, timing, vtt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aligner.model import Narration


def _srt(narration: Narration) -> bytes:
    return srt.render(narration).encode()


def _vtt(narration: Narration) -> bytes:
    return vtt.render(narration).encode()


FORMATS: Mapping[str, Callable[[Narration], bytes]] = MappingProxyType(
    {"srt": _srt, "vtt": _vtt, "json": timing.render},
)
"""The formats that are made from a narration, by name and suffix, as whole files. The mp3 is the sound itself."""

__all__ = ["FORMATS"]
