from __future__ import annotations

import html
import io
import re

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from aligner import clock
from aligner.model import AudioFile, Cue, Narration
from aligner.outputs import FORMATS, vtt

TIMES = st.integers(0, 400 * 3600 * clock.SECOND)
LINES = st.lists(st.one_of(st.text("a<>&-; \n\r"), st.text(st.characters(exclude_categories=["Cs"]))), max_size=3)
TIMING = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})")


def narration(*cues: Cue) -> Narration:
    return Narration("word", "en", None, AudioFile(None, 0, 44_100), (), cues)


@given(st.lists(st.tuples(TIMES, st.integers(0, 9_000_000), LINES), max_size=8))
def test_blocks_keep_to_the_grammar(cues: list[tuple[int, int, list[str]]]) -> None:
    made = [Cue(start, start + length, tuple(lines), (0, 1)) for start, length, lines in cues]
    text = vtt.render(narration(*made))
    assert text.startswith("WEBVTT\n")
    blocks = text.rstrip("\n").split("\n\n")[1:]
    shown = [cue for cue in made if any(line.strip() for line in cue.lines)]
    for block, cue in zip(blocks, shown, strict=True):
        head, *lines = block.split("\n")
        match = TIMING.fullmatch(head)
        assert match
        start, end = (
            int(h) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000
            for h, m, s, ms in (match.groups()[:4], match.groups()[4:])
        )
        assert end > start == pytest.approx(clock.to_seconds(cue.start))
        assert lines
        assert all(line.strip() and not re.search(r"[<>]|&(?!amp;|lt;|gt;)", line) for line in lines)
        shown_words = " ".join(html.unescape(" ".join(lines)).split()) if "&" not in "".join(cue.lines) else ""
        assert not shown_words or shown_words == " ".join("\n".join(cue.lines).split())


def test_the_file_to_the_byte() -> None:
    cues = (
        Cue(0, 1_500_499, ("AT&T and I <3 you", "a --> b &amp; <i>c</i>"), (0, 1)),
        Cue(59_999_600, 3_661_000_000, ("one", "", " ", "two\n\nthree"), (0, 1)),
        Cue(360_000_000_000, 360_000_000_400, ("hours",), (0, 1)),
        Cue(360_001_000_000, 360_002_000_000, (" ",), (0, 1)),
    )
    assert FORMATS["vtt"](narration(*cues)) == (
        b"WEBVTT\n\n"
        b"00:00:00.000 --> 00:00:01.500\nAT&amp;T and I &lt;3 you\na --&gt; b &amp;amp; &lt;i&gt;c&lt;/i&gt;\n\n"
        b"00:01:00.000 --> 01:01:01.000\none\ntwo\nthree\n\n"
        b"100:00:00.000 --> 100:00:00.001\nhours\n"
    )


def test_an_outside_reader_gets_the_same_cues() -> None:
    cues = (Cue(0, 1_000_000, ("Hé, AT&T",), (0, 1)), Cue(1_000_000, 2_000_000, ("I <3 you", "--> 好"), (0, 1)))
    read = webvtt.from_buffer(io.StringIO(vtt.render(narration(*cues))))
    assert [(c.start, c.end, html.unescape(c.raw_text)) for c in read.captions] == [
        ("00:00:00.000", "00:00:01.000", "Hé, AT&T"),
        ("00:00:01.000", "00:00:02.000", "I <3 you\n--> 好"),
    ]


def test_no_cues_is_still_a_file() -> None:
    assert vtt.render(narration()) == "WEBVTT\n"
