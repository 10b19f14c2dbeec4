from __future__ import annotations

import srt as library
from hypothesis import given
from hypothesis import strategies as st

from aligner import clock
from aligner.model import AudioFile, Cue, Narration, Word
from aligner.outputs import FORMATS, srt

TIMES = st.integers(0, 400 * 3600 * clock.SECOND)
LINES = st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])), max_size=3)


def narration(*cues: Cue) -> Narration:
    return Narration("word", "en", None, AudioFile(None, 0, 44_100), (Word("word", 0, 1, (0, 4)),), cues)


@given(st.lists(st.tuples(TIMES, st.integers(0, 9_000_000), LINES), max_size=8))
def test_an_outside_reader_gets_the_same_cues(cues: list[tuple[int, int, list[str]]]) -> None:
    cues.sort()
    made = [Cue(start, start + length, tuple(lines), (0, 1)) for start, length, lines in cues]
    read = list(library.parse(srt.render(narration(*made))))
    shown = [cue for cue in made if any(line.strip() for line in cue.lines)]
    assert [subtitle.index for subtitle in read] == list(range(1, len(shown) + 1))
    for subtitle, cue in zip(read, shown, strict=True):
        assert subtitle.content.strip() == "\n".join(line for line in cue.lines if line.strip()).strip()
        assert subtitle.start.total_seconds() == clock.to_seconds(cue.start)
        assert subtitle.end > subtitle.start


def test_the_file_to_the_byte() -> None:
    cues = (
        Cue(0, 1_500_499, ("Hé <b>there</b>,", "{\\an8} --> AT&T"), (0, 1)),
        Cue(59_999_600, 3_661_000_000, ("one", "", " ", "two\n\nthree"), (0, 1)),
        Cue(3_661_000_000, 3_661_000_000, ("none",), (0, 1)),
        Cue(3_662_000_000, 3_663_000_000, (" ",), (0, 1)),
    )
    assert (
        FORMATS["srt"](narration(*cues))
        == (
            "1\n00:00:00,000 --> 00:00:01,500\nHé <b>there</b>,\n{\\an8} --> AT&T\n\n"
            "2\n00:01:00,000 --> 01:01:01,000\none\ntwo\nthree\n\n"
            "3\n01:01:01,000 --> 01:01:01,001\nnone\n\n"
        ).encode()
    )


def test_no_cues_no_text() -> None:
    assert srt.render(narration()) == ""
