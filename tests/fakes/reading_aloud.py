"""A text as it is heard after normalisation: what the tests of its rules compare."""

from __future__ import annotations

from aligner.speech.server.text.normalization import spell_out
from aligner.speech.server.text.passage import Passage


def heard(text: str, language: str) -> str:
    """The text with everything that is said otherwise put in its place."""
    parts: list[str] = []
    place = 0
    for note in spell_out(Passage(text), language).notes:
        parts += [text[place : note.start], note.said or ""]
        place = note.stop
    return "".join((*parts, text[place:]))
