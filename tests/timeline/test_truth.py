# ruff: noqa: RUF001 - dashes and quotes of print are the point
"""End to end against a service whose sound carries its truth: how far word starts are from their clicks."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
import pytest
from fakes import clicks
from fakes.clicks import Variant
from fakes.sounds import play

from aligner import clock
from aligner.audio import Track, measure, parse_format
from aligner.model import Segment, Word
from aligner.timeline import merge, words

TEXT = (
    "The lighthouse keeper had counted 12 ships by noon, and not one of them had answered his lamp. “Strange,” he said "
    "aloud; the gulls, at least, seemed to listen. In 1874 there had been such a day – or so his father told it – when "
    "nobody on the water would look up. He wrote the hour into the book, twice underlined, and went down for his tea. "
)
LONG = (TEXT * 4).strip()


class Errors(NamedTuple):
    """Milliseconds between the start of a word and its click."""

    typical: float
    """What 95 of 100 stay under."""
    worst: float
    trend: float
    """Difference between the mean of the last quarter and that of the first."""


def spoken_words(found: tuple[Word, ...]) -> list[Word]:
    return [word for word in found if any(character.isalnum() for character in word.text)]


def errors(name: str, variant: Variant, text: str = LONG) -> Errors:
    """Over three sessions of the text, each a document of its own."""
    wanted = parse_format(name)
    found: list[list[float]] = []
    for seed in range(3):
        session = clicks.speak(text, wanted, variant, seed)
        sound = measure(wanted, [chunk.audio for chunk in session.chunks])
        again = merge.resent(text, session.chunks, sound)
        chunks = [chunk for index, chunk in enumerate(session.chunks) if index not in again]
        merger = merge.Merger(text)
        merger.place(Segment(0, 0, text), chunks, measure(wanted, [chunk.audio for chunk in chunks]), 0)
        told = spoken_words(words.group(merger.timeline(), "en"))
        assert len(told) == len(session.onsets)
        pairs = zip(told, session.onsets, strict=True)
        found.append([(word.start - clock.from_samples(onset, session.rate)) / 1000 for word, onset in pairs])
    quarter = len(found[0]) // 4
    trend = np.mean([np.mean(each[-quarter:]) - np.mean(each[:quarter]) for each in found])
    sizes = np.abs(np.concatenate(found))
    return Errors(float(np.quantile(sizes, 0.95)), float(sizes.max()), float(trend))


EXACT = {
    "plain": Variant(),
    "absolute": Variant(times="absolute"),
    "absolute with tails": Variant(times="absolute", tail=300),
    "absolute in the generation": Variant(times="generation"),
    "first only": Variant(aligned="first"),
    "last only": Variant(aligned="last"),
    "not normalized": Variant(normalized="none"),
    "partial, then whole": Variant(partial=True),
    "partial, then whole, absolute": Variant(partial=True, times="absolute"),
    "keep-alive spaces": Variant(keep_alive=True),
    "an encoder for each generation": Variant(encoders="generation"),
    "an encoder for each generation, with tails": Variant(encoders="generation", tail=400),
    "an encoder for each generation, last only": Variant(encoders="generation", aligned="last"),
}
FOLLOWED = {
    "tails": Variant(tail=400),
    "short tails": Variant(tail=60),
    "tails apart": Variant(tail=400, tail_apart=True),
    "first only, with tails": Variant(aligned="first", tail=400),
    "whole milliseconds": Variant(truncated=True),
    "whole milliseconds and tails": Variant(truncated=True, tail=200),
}


@pytest.mark.parametrize("variant", EXACT.values(), ids=EXACT.keys())
@pytest.mark.parametrize("name", ["pcm_22050", "mp3_44100_128"])
def test_where_the_spans_add_up_words_start_on_their_clicks(name: str, variant: Variant) -> None:
    found = errors(name, variant)
    # Absolute times with tails follow the service's own clock; what is left is mp3 telling its end to a frame.
    assert found.worst <= (2 if name.startswith("pcm") else 5)
    assert abs(found.trend) < 1


@pytest.mark.parametrize("variant", FOLLOWED.values(), ids=FOLLOWED.keys())
def test_where_the_sound_runs_ahead_it_is_followed(variant: Variant) -> None:
    pcm, mp3 = errors("pcm_22050", variant), errors("mp3_44100_128", variant)
    assert pcm.typical <= 3
    assert pcm.worst <= 5
    # Between two frames nothing tells where a message ends: half a frame is 13 ms.
    assert mp3.typical <= 30
    assert abs(pcm.trend) < 2
    assert abs(mp3.trend) < 10


def test_messages_that_come_twice_are_dropped_with_their_sound() -> None:
    variant = Variant(resent=True, ragged=False, jitter=0)
    assert len(clicks.speak(LONG, parse_format("pcm_22050"), variant).chunks) > len(
        clicks.speak(LONG, parse_format("pcm_22050"), Variant(ragged=False, jitter=0)).chunks
    )
    assert errors("pcm_22050", variant).worst <= 2


@pytest.mark.parametrize("normalized", ["only", "spelled"])
def test_normalized_text_alone_is_a_space_late_at_most(normalized: str) -> None:
    # Its leading space takes up to 35 ms of the first word; a number spelt out begins with the space before it.
    found = errors("pcm_22050", Variant(normalized=normalized))  # type: ignore[arg-type]  # both are of the literal
    assert found.typical <= 60
    assert found.worst <= 95


def test_entries_of_several_characters_are_as_exact_as_an_even_share() -> None:
    assert errors("pcm_22050", Variant(grouped=True)).worst <= 300


@pytest.mark.parametrize("lost", ["null", "damaged"])
def test_lost_alignments_leave_the_words_of_others_in_place(lost: str) -> None:
    # Inside a lost message words lie evenly, so only most words are near their clicks, and there is no trend.
    found = errors("pcm_22050", Variant(lost=lost))  # type: ignore[arg-type]  # both are of the literal
    assert found.typical <= 300
    assert abs(found.trend) < 60


def test_without_normalized_text_tails_are_followed_within_what_cuts_allow() -> None:
    found = errors("pcm_22050", Variant(tail=400, normalized="none"))
    assert found.typical <= 116
    assert abs(found.trend) < 60


@pytest.mark.parametrize(
    ("name", "variant", "limit"),
    [
        ("pcm_22050", Variant(), 0.002),
        ("pcm_16000", Variant(tail=300), 0.004),
        ("mp3_44100_128", Variant(), 0.002),
        ("mp3_44100_128", Variant(encoders="generation", tail=200), 0.002),
        ("mp3_22050_32", Variant(times="absolute"), 0.002),
    ],
)
def test_a_player_of_the_joined_file_hears_words_where_they_are_said_to_start(
    name: str, variant: Variant, limit: float
) -> None:
    wanted = parse_format(name)
    file = io.BytesIO()
    track = Track.open(file, wanted)
    text = f"{TEXT}{TEXT}{TEXT}".strip()
    merger = merge.Merger(text)
    for index in range(3):
        segment = Segment(index, index * len(TEXT), text[index * len(TEXT) : (index + 1) * len(TEXT)])
        session = clicks.speak(segment.text, wanted, variant, seed=index)
        pieces = [chunk.audio for chunk in session.chunks]
        merger.place(segment, session.chunks, measure(wanted, pieces), track.add(pieces))
    track.close()
    found = clicks.heard(play(file.getvalue(), wanted.sample_rate), wanted.sample_rate)
    told = spoken_words(words.group(merger.timeline(), "en"))
    assert len(found) == len(told)
    assert max(abs(at - word.start / clock.SECOND) for at, word in zip(found, told, strict=True)) <= limit
