from __future__ import annotations

import itertools

import pytest
from fakes.sounds import babble, mp3
from hypothesis import given
from hypothesis import strategies as st

from aligner.audio import frames, info

SPEECH = mp3(44100, 128, babble(44100, 2))
LOW = mp3(22050, 32, babble(22050, 2))
ID3V2 = b"ID3\x04\x00\x00" + bytes((0, 0, 1, 5)) + bytes(128 + 5)
ID3V1 = b"TAG" + bytes(125)


def declared(data: bytes, delay: int = 576) -> bytes:
    """An Info frame for a stream, with any delay."""
    found = frames.scan(data)
    four = info.info_header(found.frames[0].header, data[:4])
    frame = info.info_frame(four, info.Stream(len(found.frames), len(data), 1000, 0, (0,)))
    at = frame.index(b"LAME") + 21
    return frame[:at] + (delay << 12 | 1000).to_bytes(3, "big") + frame[at + 3 :]


def sizes(data: bytes) -> list[int]:
    return [frame.stop - frame.start for frame in frames.scan(data).frames]


@pytest.mark.parametrize(
    ("four", "rate", "kbps", "samples", "channels", "size"),
    [
        ("fffb90c4", 44100, 128, 1152, 1, 417),
        ("fffb92c4", 44100, 128, 1152, 1, 418),
        ("fffb9064", 44100, 128, 1152, 2, 417),
        ("fff340c4", 22050, 32, 576, 1, 104),
        ("ffe318c4", 8000, 8, 576, 1, 72),
    ],
)
def test_a_header_says_what_the_standard_has_it_say(
    four: str, rate: int, kbps: int, samples: int, channels: int, size: int
) -> None:
    header = frames.read_header(bytes.fromhex(four))
    assert header is not None
    parameters = header.parameters
    assert (parameters.rate, header.kbps, parameters.samples, parameters.channels) == (rate, kbps, samples, channels)
    assert header.size == size


@pytest.mark.parametrize("four", ["fffbf0c4", "fffb00c4", "fffb9cc4", "ffeb90c4", "fffd90c4", "fefb90c4", "fffb90", ""])
def test_reserved_and_other_bytes_are_no_header(four: str) -> None:
    assert frames.read_header(bytes.fromhex(four)) is None


def test_frames_lie_end_to_end_and_the_first_begins_a_stream() -> None:
    found = frames.scan(SPEECH)
    assert found.frames[0].start == 0
    assert found.frames[-1].stop == len(SPEECH)
    assert all(a.stop == b.start for a, b in zip(found.frames, found.frames[1:], strict=False))
    assert found.frames[0].reservoir == 0
    assert all(frame.reservoir for frame in found.frames[1:])
    # ceil(n / 1152) + 1 frames, as was measured.
    assert len(found.frames) == -(-2 * 44100 // 1152) + 1


@given(st.binary(max_size=300).filter(lambda junk: b"\xff" not in junk and b"ID3" not in junk and b"TAG" not in junk))
def test_junk_in_front_is_skipped(junk: bytes) -> None:
    assert sizes(junk + SPEECH) == sizes(SPEECH)


@given(st.binary(max_size=2000))
def test_any_bytes_are_survived_and_frames_never_overlap(data: bytes) -> None:
    found = frames.scan(data).frames
    assert all(a.stop <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= frame.start < frame.stop <= len(data) for frame in found)


@given(st.integers(1, len(SPEECH) - 1))
def test_a_cut_frame_at_the_end_is_left_out(cut: int) -> None:
    whole = frames.scan(SPEECH).frames
    found = frames.scan(SPEECH[:cut], synced=True).frames
    assert list(found) == [frame for frame in whole if frame.stop <= cut]


def test_tags_are_skipped_wherever_they_stand() -> None:
    data = ID3V2 + SPEECH + ID3V1 + ID3V2 + SPEECH + ID3V1
    found = frames.scan(data)
    assert len(found.frames) == 2 * len(sizes(SPEECH))
    assert found.tags == (0, len(ID3V2 + SPEECH), len(ID3V2 + SPEECH + ID3V1), len(data) - len(ID3V1))


def test_an_info_frame_is_no_sound_but_tells_the_delay() -> None:
    found = frames.scan(ID3V2 + declared(SPEECH, 1105) + SPEECH)
    assert [frame.stop - frame.start for frame in found.frames] == sizes(SPEECH)
    assert found.delay == 1105
    assert found.tags == (0, len(ID3V2))
    assert frames.scan(SPEECH).delay == frames.DELAY


def test_an_xing_frame_without_lames_part_leaves_the_usual_delay() -> None:
    bare = declared(LOW, 1105).replace(b"Info", b"Xing").replace(b"LAME3.100", bytes(9))
    found = frames.scan(bare + LOW)
    assert [frame.stop - frame.start for frame in found.frames] == sizes(LOW)
    assert found.delay == frames.DELAY


def test_a_lone_header_in_junk_is_not_believed() -> None:
    assert frames.scan(b"text \xff\xfb\x90\xc4 and more text" * 30).frames == ()


def test_the_parser_finds_its_feet_behind_a_hole() -> None:
    start = frames.scan(SPEECH).frames[10].start
    found = frames.scan(SPEECH[:start] + b"hole" + SPEECH[start:]).frames
    assert [frame.stop - frame.start for frame in found] == sizes(SPEECH)


@pytest.mark.parametrize("data", [SPEECH, LOW])
def test_what_a_frame_leaves_is_what_the_next_may_take(data: bytes) -> None:
    found = frames.scan(data).frames
    for frame, after in itertools.pairwise(found):
        assert frames.left_over(data, frame) >= after.reservoir
    assert all(frames.left_over(data, frame) >= 0 for frame in found)
