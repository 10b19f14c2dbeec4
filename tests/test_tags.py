from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from aligner import ssml, tags
from aligner.model import Tag
from aligner.tags import Whole

if TYPE_CHECKING:
    from collections.abc import Sequence

SLOW = Tag(6, '<prosody rate="slow">', "prosody", "open")
PAUSE = Tag(12, '<break time="1s"/>', "break", "empty")
SLOW_END = Tag(18, "</prosody>", "prosody", "close")
TEXT = "Hello there, you all."


def phoneme(start: int, stop: int) -> tuple[Tag, Tag]:
    return Tag(start, '<phoneme ph="x">', "phoneme", "open"), Tag(stop, "</phoneme>", "phoneme", "close")


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, tuple[Tag, ...], tuple[int, ...]]:
    """A text, well-nested tags in it, and where it is cut."""
    text = draw(st.text(alphabet="ab &<.", min_size=1, max_size=30))
    found: list[Tag] = []
    place, opened = 0, 0
    for kind in draw(st.lists(st.sampled_from(("open", "close", "empty")), max_size=8)):
        place = draw(st.integers(place, len(text)))
        if kind == "open":
            opened += 1
            found.append(Tag(place, "<p>", "p", "open"))
        elif kind == "empty":
            found.append(Tag(place, "<break/>", "break", "empty"))
        elif opened:
            opened -= 1
            found.append(Tag(place, "</p>", "p", "close"))
    found += [Tag(len(text), "</p>", "p", "close")] * opened
    stops = sorted({*draw(st.lists(st.integers(1, len(text)), max_size=4)), len(text)})
    return text, tuple(found), tuple(stops)


def parts(text: str, stops: Sequence[int]) -> list[str]:
    return [text[start:stop] for start, stop in zip((0, *stops), stops, strict=False)]


def test_a_text_is_written_with_its_tags_and_escaped() -> None:
    assert tags.write(TEXT, (SLOW, PAUSE, SLOW_END)) == (
        'Hello <prosody rate="slow">there,<break time="1s"/> you a</prosody>ll.'
    )
    assert tags.write("AT&T 3 < 4", ()) == "AT&amp;T 3 &lt; 4"


@given(marked())
def test_what_is_written_is_read_again(case: tuple[str, tuple[Tag, ...], tuple[int, ...]]) -> None:
    text, markup, _ = case
    read = ssml.Reader().feed(tags.write(text, markup))
    assert read.text == text
    assert tuple(Tag(tag.position, tag.source, tag.name, tag.kind) for tag in read.tags) == markup


@given(marked())
def test_the_shares_written_one_after_the_other_are_the_whole(
    case: tuple[str, tuple[Tag, ...], tuple[int, ...]],
) -> None:
    text, markup, stops = case
    written = map(tags.write, parts(text, stops), tags.share(markup, stops))
    assert "".join(written) == tags.write(text, markup)


@given(marked())
def test_each_part_stands_alone_and_no_tag_is_lost(case: tuple[str, tuple[Tag, ...], tuple[int, ...]]) -> None:
    text, markup, stops = case
    found = tags.part(markup, stops)
    for piece, own in zip(parts(text, stops), found, strict=True):
        reader = ssml.Reader()
        assert reader.feed(tags.write(piece, own)).text == piece
        assert reader.open_elements == ()
    breaks = [
        (start + tag.place, tag.source)
        for start, own in zip((0, *stops), found, strict=False)
        for tag in own
        if tag.kind == "empty"
    ]
    assert breaks == [(tag.place, tag.source) for tag in markup if tag.kind == "empty"]


def test_an_element_that_goes_on_is_closed_and_opened_again() -> None:
    first, second = tags.part((SLOW, PAUSE, SLOW_END), (13, len(TEXT)))
    assert tags.write(TEXT[:13], first) == 'Hello <prosody rate="slow">there,<break time="1s"/> </prosody>'
    assert tags.write(TEXT[13:], second) == '<prosody rate="slow">you a</prosody>ll.'


def test_at_a_cut_what_happens_stays_before_and_what_begins_goes_after() -> None:
    own = (Tag(5, "</p>", "p", "close"), Tag(5, "<break/>", "break", "empty"), Tag(5, "<p>", "p", "open"))
    first, second = tags.share((Tag(0, "<p>", "p", "open"), *own, Tag(9, "</p>", "p", "close")), (5, 9))
    assert [tag.source for tag in first] == ["<p>", "</p>", "<break/>"]
    assert [tag.source for tag in second] == ["<p>", "</p>"]


def test_what_is_spoken_as_one_thing_is_not_cut() -> None:
    whole = Whole((*phoneme(6, 11), SLOW_END))
    assert [whole.cuts(place) for place in (5, 6, 7, 10, 11, 12)] == [False, False, True, True, False, False]
    assert (whole.before(8), whole.after(8)) == (6, 11)
    assert (whole.before(11), whole.after(11)) == (11, 11)


def test_of_nested_ones_the_outer_is_whole() -> None:
    outer = (Tag(2, "<w>", "w", "open"), *phoneme(4, 6), Tag(9, "</w>", "w", "close"))
    whole = Whole((*outer, *phoneme(12, 14)))
    assert [place for place in range(16) if whole.cuts(place)] == [3, 4, 5, 6, 7, 8, 13]


def test_nothing_is_whole_in_plain_text() -> None:
    assert not any(map(Whole(()).cuts, range(5)))


@given(st.lists(st.integers(1, 5), min_size=1))
def test_a_text_without_tags_has_no_shares(lengths: list[int]) -> None:
    stops = tuple(accumulate(lengths))
    assert tags.part((), stops) == tags.share((), stops) == ((),) * len(stops)
