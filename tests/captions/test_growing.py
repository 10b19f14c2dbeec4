from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes.spoken import speak
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.captions import profiles, segmentation
from aligner.captions.growing import Growing
from aligner.clock import SECOND
from aligner.documents import readers
from aligner.model import Cue, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.captions.profiles import Profile

ROOT = Path(__file__).parents[2]
SAMPLES = [path for path in sorted((ROOT / "samples").iterdir()) if path.suffix in readers.SUFFIXES]
GOLDEN = sorted((ROOT / "tests" / "golden" / "captions").glob("*.txt"))
VOCABULARY = [
    *("a", "I", "the", "of", "“quoted”", "Mr.", "«", "»", "!", "—", "-", "***", "3.14", "%", "(He", "said.", "no)"),
    *(
        "[1]",
        "ok?",
        "then",
        "e\u0301",
        "👩‍👩‍👧",
        "\u200b",
        "ไทย",
        "中",
        "国家",
        "です。",
        "好。」",
        "Then.",
        "lighthouse,",
    ),
    *("remarkable.", "and", 90 * "x"),
]


def grown(
    text: str, words: Sequence[Word], language: str, profile: Profile, step: int, ahead: int
) -> list[tuple[int, Cue]]:
    """The cues of a text of which ``ahead`` characters are known beyond each ``step`` words; and after which word."""
    growing = Growing(language, profile)
    found: list[tuple[int, Cue]] = []
    place = 0
    for low in range(0, len(words), step):
        part = words[low : low + step]
        stop = max(place, min(len(text), part[-1].span[1] + ahead))
        if stop > place:
            growing.read(text[place:stop], last=stop == len(text))
        place = stop
        found += [(low + len(part), cue) for cue in growing.add(part)]
    growing.read(text[place:], last=True)
    return [*found, *((len(words), cue) for cue in growing.finish())]


@st.composite
def spoken(draw: st.DrawFn) -> tuple[str, list[Word]]:
    """Any words with any times, also falling ones."""
    pieces = draw(
        st.lists(st.tuples(st.sampled_from(VOCABULARY), st.sampled_from(" " * 6 + "\n")), min_size=1, max_size=120)
    )
    steps = st.sampled_from(draw(st.sampled_from(((0, 1, 20_000, 300_000, 10_000_000), (200_000, 300_000, 450_000)))))
    text, words, start = "", [], 0
    for piece, space in pieces:
        start = max(0, start + draw(steps) - draw(st.sampled_from((0,) * 20 + (900_000,))))
        words.append(Word(piece, start, start + draw(steps), (len(text), len(text) + len(piece))))
        text += piece + draw(st.sampled_from((space, space, "")))
    return text, words


@given(
    spoken(),
    st.sampled_from(profiles.names()),
    st.sampled_from(("en", "de", "zh", "ja", "th", "xx")),
    st.sampled_from((1, 2, 7, 30)),
    st.sampled_from((0, 1, 30, 200, 10_000)),
)
@settings(deadline=None, max_examples=60)
def test_cues_of_growing_words_are_those_of_the_whole(
    text_and_words: tuple[str, list[Word]], name: str, language: str, step: int, ahead: int
) -> None:
    text, words = text_and_words
    profile = profiles.load(name, language)
    found = grown(text, words, language, profile, step, ahead)
    assert tuple(cue for _, cue in found) == segmentation.build(text, words, language, profile)


@pytest.mark.parametrize("path", SAMPLES + GOLDEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["netflix", "bbc", "social", "sentences"])
def test_cues_of_the_samples_are_those_of_the_whole_and_come_soon(path: Path, name: str) -> None:
    document = readers.read(path)
    language = document.language if path in SAMPLES else path.stem.rpartition(".")[2]
    words = speak(document.text)
    profile = profiles.load(name, language)
    chance = random.Random(path.name)  # noqa: S311 - a test wants the same again, not a secret
    found = grown(document.text, words, language, profile, 1, chance.choice((0, 100, 10_000)))
    assert tuple(cue for _, cue in found) == segmentation.build(document.text, words, language, profile)
    seconds = sorted((words[at - 1].end - words[cue.words[1] - 1].end) / SECOND for at, cue in found)
    assert seconds[len(seconds) // 2] <= 12
    assert seconds[-1] <= 40


def test_a_cue_waits_for_the_words_that_may_change_it_and_no_longer() -> None:
    text = "The keeper came down.\nNobody spoke to him, and he was glad of it; the wind had taken every word. " * 3
    words = speak(text)
    growing = Growing("en", profiles.load("netflix", "en"))
    growing.read(text, last=True)
    assert [cue for word in words[:4] for cue in growing.add([word])] == []
    told = ((count, cue) for count, word in enumerate(words[4:], 5) for cue in growing.add([word]))
    count, first = next(told)
    assert first.lines == ("The keeper came down.",)
    assert count <= 20


@pytest.mark.parametrize("text", [400 * "and then he saw the sea, which nobody else had seen, ", 3_000 * "word "])
def test_a_text_of_one_paragraph_keeps_only_what_is_needed(text: str) -> None:
    words = speak(text)
    growing = Growing("en", profiles.load("netflix", "en"))
    found: list[Cue] = []
    for low in range(0, len(words), 20):
        part = words[low : low + 20]
        growing.read(text[part[0].span[0] : words[low + 20].span[0] if low + 20 < len(words) else len(text)])
        found += growing.add(part)
        assert len(growing._words) < 600  # noqa: SLF001 - memory is the point
        assert len(growing._script.text) < 4_000  # noqa: SLF001
    growing.read("", last=True)
    found += growing.finish()
    assert all(a.words[1] == b.words[0] for a, b in pairwise(found))
    assert tuple(found) == segmentation.build(text, words, "en", profiles.load("netflix", "en"))


def test_nothing_gives_nothing() -> None:
    growing = Growing("en", profiles.load("netflix", "en"))
    growing.read("", last=True)
    assert growing.add([]) == ()
    assert growing.finish() == ()
