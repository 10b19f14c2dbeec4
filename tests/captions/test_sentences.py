from __future__ import annotations

import numpy as np
from fakes.spoken import speak
from hypothesis import given
from hypothesis import strategies as st

from aligner.captions import sentences
from aligner.sentences import ends


def flags(text: str) -> tuple[str, str]:
    """The texts of the words that end a sentence, and of those that end a paragraph."""
    words = speak(text)
    begins, stops = np.array([word.span[0] for word in words]), np.array([word.span[1] for word in words])
    sentence = sentences.last_words(ends(text, "en"), stops)
    lasts = sentences.last_of_paragraphs(text, begins)
    return (
        " ".join(word.text for word, end in zip(words, sentence, strict=True) if end),
        " ".join(word.text for word, last in zip(words, lasts, strict=True) if last),
    )


def test_sentences_and_paragraphs() -> None:
    text = "Mr. Brown paid 3.14 dollars. “Why?” she asked.\nNobody knew"
    assert flags(text) == ("dollars. asked. knew", "asked. knew")


def test_empty_lines_between_paragraphs() -> None:
    assert flags("One.\n\n\nTwo. Three.") == ("One. Two. Three.", "One. Three.")


def test_an_end_inside_a_word_is_its_own() -> None:
    stops = np.array([9])
    assert sentences.last_words(ends("好。好。再见。吧", "zh"), stops).tolist() == [True]


@given(st.lists(st.sampled_from(("a", "b.", "Dr.", "c!")), min_size=1), st.sampled_from((" ", "\n")))
def test_the_last_word_ends_both(pieces: list[str], space: str) -> None:
    sentence, paragraph = flags(space.join(pieces))
    assert sentence.split()[-1] == paragraph.split()[-1] == pieces[-1]
