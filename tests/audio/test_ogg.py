from __future__ import annotations

import io
from itertools import chain

import av
import pytest
from fakes.sounds import babble, ogg_opus
from hypothesis import given
from hypothesis import strategies as st

from aligner.audio import ogg


def packets(data: bytes) -> list[bytes]:
    return [packet.data for page in ogg.read(data) for packet in page.packets]


def raw(laces: bytes, body: bytes, flags: int = 0, granule: int = 0) -> bytes:
    """A page as others write it: several packets, or a part of one. Its checksum is not looked at."""
    return (
        b"OggS"
        + bytes([0, flags])
        + granule.to_bytes(8, "little", signed=True)
        + bytes(12)
        + bytes([len(laces)])
        + laces
        + body
    )


@given(st.lists(st.binary(max_size=600), max_size=8), st.integers(0, 2**32 - 1))
def test_packets_come_back_as_they_were_written(written: list[bytes], serial: int) -> None:
    writer = ogg.Writer(serial)
    pages = [writer.page(packet, number, last=number == len(written) - 1) for number, packet in enumerate(written)]
    found = list(ogg.read(b"".join(pages)))
    assert [packet.data for page in found for packet in page.packets] == written
    assert [page.granule for page in found] == list(range(len(written)))
    assert [page.first for page in found] == [number == 0 for number in range(len(written))]
    assert [page.last for page in found] == [number == len(written) - 1 for number in range(len(written))]


@pytest.mark.parametrize("size", [0, 1, 254, 255, 256, 510, 65024])
def test_a_packet_of_any_size_is_one_page(size: int) -> None:
    page = ogg.Writer(1).page(bytes(size), 960)
    assert packets(page) == [bytes(size)]
    assert next(ogg.read(page)).packets[0].stop == len(page)


def test_another_reader_accepts_the_checksums() -> None:
    # FFmpeg's demuxer leaves pages with a wrong checksum out.
    data = ogg_opus(64, babble(48000, 0.5))
    with av.open(io.BytesIO(data), "r") as container:
        theirs = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    assert theirs == packets(data)[2:]


@given(st.lists(st.binary(min_size=1, max_size=700), min_size=1, max_size=6), st.integers(1, 5))
def test_packets_are_read_wherever_pages_end(written: list[bytes], limit: int) -> None:
    laces = [([255] * (len(packet) // 255) + [len(packet) % 255], packet) for packet in written]
    values = list(chain.from_iterable(lace for lace, _ in laces))
    body = b"".join(written)
    data, position, goes_on = b"", 0, False
    for start in range(0, len(values), limit):
        mine = values[start : start + limit]
        ends = any(value < 255 for value in mine)
        data += raw(bytes(mine), body[position : position + sum(mine)], int(goes_on), 5 if ends else -1)
        position += sum(mine)
        goes_on = mine[-1] == 255
    assert packets(data) == written


def test_where_a_packet_ends_is_told() -> None:
    page = raw(bytes([3, 4]), b"abcdefg")
    found = next(ogg.read(b"junk" + page)).packets
    assert [packet.stop for packet in found] == [4 + len(page) - 4, 4 + len(page)]


def test_what_began_on_a_lost_page_is_left_out() -> None:
    assert packets(raw(bytes([2, 1]), b"abc", flags=1)) == [b"c"]
    assert packets(raw(b"\xff", bytes(255), granule=-1) + raw(b"\x01", b"n")) == [b"n"]
    lost = raw(b"\xff", bytes(255), flags=1, granule=-1) + raw(bytes([1, 1]), b"xy", flags=1)
    assert packets(lost) == [b"y"]


@given(st.integers(0, 10**6))
def test_a_cut_page_at_the_end_is_left_out(cut: int) -> None:
    pages = [raw(bytes([200]), bytes([number]) * 200) for number in range(3)]
    data = b"".join(pages)
    keep = cut % len(data)
    assert packets(data[:keep]) == [bytes([number]) * 200 for number in range(keep // len(pages[0]))]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_to_their_end(data: bytes) -> None:
    assert all(len(packet) <= len(data) for packet in packets(b"OggS" + data))
