"""Words become cues, the whole text at once: the cheapest way to cut it, found exactly.

The work is done by `growing`, which cannot tell a text that is all there from one that is still being spoken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aligner.captions.growing import Growing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.captions.profiles import Profile
    from aligner.model import Cue, Word


def build(text: str, words: Sequence[Word], language: str, profile: Profile) -> tuple[Cue, ...]:
    """The best cues for a text.

    Args:
        text: The document's text, in which every newline ends a paragraph.
        words: Its words in order, their starts ascending; their texts and the white space between them become the
            lines.
        language: BCP 47; it decides sentence ends and what belongs together.
        profile: The caption style.

    Returns:
        Cues that show every word once and in order, never overlap, and last at least one frame.
    """
    growing = Growing(language, profile)
    growing.read(text, last=True)
    return (*growing.add(words), *growing.finish())
