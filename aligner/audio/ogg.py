"""Ogg, the container: packets out of its pages and into them (RFC 3533). What they hold is not known here.

Pages are read from bytes that are complete, and written one packet each, as soon as there is one: a stream that is
listened to while it is made must not wait for a page to fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING

from fastcrc import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = b"OggS"
_HEADER = Struct("<4sBBqIIIB")
"""Mark, version, flags, granule position, serial number, page number, checksum, count of lacing values."""

_CHECKSUM = slice(22, 26)
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_LACE = 255
"""A lacing value of 255 says that the packet goes on; less than that ends it."""

_NOTHING_ENDS = -1
"""The granule position of a page on which no packet ends."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet, which may have lain on several pages."""

    data: bytes
    stop: int
    """One past its last byte in the bytes that were read."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page that a packet ends on."""

    first: bool
    """A stream begins here."""
    last: bool
    """A stream ends here."""
    granule: int
    """What the codec counts, after the last packet that ends here."""
    packets: tuple[Packet, ...]


def read(data: bytes) -> Iterator[Page]:
    """All whole pages in order, with the packets that end on each; junk and a cut page at the end are left out.

    Streams may follow each other (a chain) but not run side by side: speech has only one.
    """
    position = data.find(_MARK)
    begun = b""
    while 0 <= position <= len(data) - _HEADER.size:
        _, _, flags, granule, _, _, _, count = _HEADER.unpack_from(data, position)
        body = position + _HEADER.size + count
        laces = data[position + _HEADER.size : body]
        stop = body + sum(laces)
        if stop > len(data):
            return
        packets, rest = _packets(data, body, laces)
        if flags & _CONTINUED and packets:
            # What goes on from a page that was lost is no packet.
            end = packets[0]
            packets[:1] = [Packet(begun + end.data, end.stop)] if begun else []
        elif flags & _CONTINUED:
            rest = begun + rest if begun else b""
        begun = rest
        if granule != _NOTHING_ENDS:
            yield Page(bool(flags & _FIRST), bool(flags & _LAST), granule, tuple(packets))
        position = data.find(_MARK, stop)


def _packets(data: bytes, start: int, laces: bytes) -> tuple[list[Packet], bytes]:
    """The packets that end on a page, and the beginning of the one that does not."""
    found: list[Packet] = []
    stop = start
    for lace in laces:
        stop += lace
        if lace < _LACE:
            found.append(Packet(data[start:stop], stop))
            start = stop
    return found, data[start:stop]


class Writer:
    """The pages of one stream; the first packet must be the one that tells what the stream is."""

    def __init__(self, serial: int) -> None:
        self._serial = serial
        self._pages = 0

    def page(self, packet: bytes, granule: int, *, last: bool = False) -> bytes:
        """The page of one packet, shorter than 65,025 bytes."""
        flags = (0 if self._pages else _FIRST) | (_LAST if last else 0)
        laces = bytes([_LACE] * (len(packet) // _LACE) + [len(packet) % _LACE])
        page = bytearray(_HEADER.pack(_MARK, 0, flags, granule, self._serial, self._pages, 0, len(laces)))
        page += laces + packet
        # Ogg's checksum is that of `cksum` but for the last step, which turns all bits over.
        page[_CHECKSUM] = (crc32.cksum(bytes(page)) ^ 0xFFFFFFFF).to_bytes(4, "little")
        self._pages += 1
        return bytes(page)
