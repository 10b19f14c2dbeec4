"""Text normalisation: numbers, dates, amounts, units, abbreviations as the words that are spoken for them. Pure.

What is written is never changed: the words stand in notes beside it. A text without anything to be said otherwise costs
one search and loads no library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aligner.speech.server.text.normalization import addresses, grammar, words
from aligner.speech.server.text.normalization.romanization import romanize
from aligner.speech.server.text.normalization.say import say_as
from aligner.speech.server.text.passage import Note, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["prepare", "romanize", "say_as", "spell_out"]


def prepare(language: str) -> None:
    """Load now what the first number of a language (BCP 47) would wait for: about a tenth of a second."""
    spell_out(Passage("1 km, $2"), language)


def spell_out(passage: Passage, language: str) -> Passage:
    """The passage with notes for everything in it that is written otherwise than it is spoken.

    What already has a note (a dictionary's word, SSML) keeps it. ``language`` is BCP 47; in one that neither CLDR nor
    the library of numbers knows nothing changes, and the engine reads it as well as it can.
    """
    if not grammar.trigger(words.base(language)).search(passage.text):
        return passage
    return passage.noted(Note(start, stop, said=said) for start, stop, said in _found(passage, language))


def _found(passage: Passage, language: str) -> Iterator[tuple[int, int, str]]:
    """What the rules find in the gaps between what is taken: notes that are there, and addresses."""
    rules = grammar.find(language)
    place = 0
    for start, stop, said in _taken(passage, rules):
        yield from rules.read(passage.text, place, start)
        if said:
            yield start, stop, said
        place = stop
    yield from rules.read(passage.text, place, len(passage.text))


def _taken(passage: Passage, rules: grammar.Grammar) -> Iterator[tuple[int, int, str]]:
    """Stretches that no rule may read, ascending, without overlaps; with the words of those that are addresses."""
    stretches = [(note.start, note.stop, "") for note in passage.notes if note.whole]
    stretches += addresses.find(passage.text, rules.language)
    place = 0
    for start, stop, said in sorted(stretches):
        if start >= place:
            yield start, stop, said
            place = stop
