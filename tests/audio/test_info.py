from __future__ import annotations

import pytest
from fakes.sounds import babble, mp3
from hypothesis import given
from hypothesis import strategies as st

from aligner.audio import frames, info
from aligner.audio.formats import RATES

MONO = bytes.fromhex("fffb90c4")


def bitwise(data: bytes) -> int:
    """CRC-16/ARC by its definition."""
    register = 0
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ 0xA001 if register & 1 else register >> 1
    return register


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kbps", [32, 64])
def test_an_info_frame_fits_the_stream_that_it_stands_before(rate: int, kbps: int) -> None:
    stream = mp3(rate, kbps, babble(rate, 0.3))
    first = frames.scan(stream).frames[0]
    four = info.info_header(first.header, stream[:4])
    frame = info.info_frame(four, info.Stream(3, len(stream), 700, 9, (0,)))
    header = frames.read_header(four)
    assert header is not None
    assert header.parameters == first.header.parameters
    assert len(frame) == header.size
    found = frames.scan(frame + stream)
    assert found.tags == (0,)
    assert found.frames[0].start == len(frame)


@given(st.integers(0, 2**24), st.integers(0, 2**31), st.integers(0, 4095), st.integers(0, 0xFFFF))
def test_the_fields_stand_where_players_read_them(count: int, size: int, padding: int, checksum: int) -> None:
    frame = info.info_frame(MONO, info.Stream(count, size, padding, checksum, (0,)))
    at = frame.index(b"Info")
    assert at == 4 + 17
    assert frame[at + 4 : at + 8] == b"\0\0\0\x0f"
    assert int.from_bytes(frame[at + 8 : at + 12], "big") == count
    assert int.from_bytes(frame[at + 12 : at + 16], "big") == len(frame) + size
    lame = at + 120
    assert frame[lame : lame + 9] == b"LAME3.100"
    assert int.from_bytes(frame[lame + 21 : lame + 24], "big") == 576 << 12 | padding
    assert int.from_bytes(frame[lame + 32 : lame + 34], "big") == checksum
    assert int.from_bytes(frame[lame + 34 : lame + 36], "big") == bitwise(frame[: lame + 34])


def test_a_stream_of_changing_bit_rates_is_marked_as_such() -> None:
    assert b"Xing" in info.info_frame(MONO, info.Stream(1, 1, 0, 0, (0,), constant=False))


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=300))
def test_the_seek_table_ascends_from_the_start_towards_the_end(steps: list[int]) -> None:
    marks = [sum(steps[:index]) for index in range(len(steps))]
    frame = info.info_frame(MONO, info.Stream(1, sum(steps), 0, 0, tuple(marks)))
    at = frame.index(b"Info") + 16
    table = list(frame[at : at + 100])
    assert table == sorted(table)
    total = len(frame) + sum(steps)
    assert table[0] == len(frame) * 256 // total


def test_bytes_that_are_no_header_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="header"):
        info.info_frame(b"text", info.Stream(1, 1, 0, 0, (0,)))
