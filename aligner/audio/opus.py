"""Opus in Ogg (RFC 7845): one stream a session, made as it is spoken, and counted and decoded to the sample.

Ogg is read and written here, in `ogg`, and only the codec itself is libopus, by PyAV (the extra ``media``): pages go
out as soon as a packet is there, and lengths are those of the packets and not a demuxer's guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate
from typing import TYPE_CHECKING

from fastcrc import crc32

from aligner.audio import ogg
from aligner.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RATE = 48_000
"""Opus counts at 48 kHz, whatever it was given."""

KBPS = (32, 64, 96, 128, 192)
"""The bit rates that the protocol offers, in kilobits a second."""

MEND = "pip install 'aligner[media]'"
"""What a reader does about the library that is not there."""

_FRAME = 960
"""Samples of a packet that we make: 20 ms, what Opus is best at."""

_SAMPLE = 2
_HEAD, _TAGS = b"OpusHead", b"OpusTags"
_OUR_TAGS = _TAGS + (7).to_bytes(4, "little") + b"aligner" + bytes(4)
_HEAD_SIZE, _FAMILY = 19, 18
"""Bytes of the head at the least, and which of them tells how channels are mapped: 0 for one or two."""

_SILK, _HYBRID, _CELT = (480, 960, 1920, 2880), (480, 960), (120, 240, 480, 960)
_HYBRID_FROM, _CELT_FROM = 12, 16


def available() -> bool:
    """Whether the library that decodes and encodes is installed; it is not loaded for that."""
    return find_spec("av") is not None


class OpusEncoder:
    """One Ogg Opus stream from mono PCM at 48 kHz; a page a packet, given out at once."""

    def __init__(self, bit_rate: int) -> None:
        """``bit_rate`` in kilobits a second, on average."""
        import av  # noqa: PLC0415 - a large library of an extra: only where opus is asked for

        self._frame = av.AudioFrame(format="s16", layout="mono", samples=_FRAME)
        self._frame.sample_rate = RATE
        self._codec = av.CodecContext.create("libopus", "w")
        self._codec.sample_rate = RATE
        self._codec.layout = "mono"
        self._codec.format = "s16"
        self._codec.bit_rate = bit_rate * 1000
        # Left to itself the codec spends nearly twice as much on these voices: it takes them for music.
        self._codec.options = {"vbr": "constrained"}
        self._codec.open()
        self._head = bytes(self._codec.extradata or b"")
        self._rest = bytearray()
        self._given = 0
        self._packets = 0
        self._writer: ogg.Writer | None = None

    def encode(self, pcm: bytes) -> bytes:
        """The pages of the packets that are full after this piece, which may be cut anywhere."""
        self._rest += pcm
        self._given += len(pcm)
        return b"".join(self._pages())

    def flush(self) -> bytes:
        """The last pages; call it once. The end is marked so that a player hears every sample and not one more."""
        if self._given < _SAMPLE:
            return b""
        # The codec is late by what the head declares, so it takes that much more to hear the last sample.
        end = self._given // _SAMPLE + _pre_skip(self._head)
        self._rest += bytes(-(-end // _FRAME) * _FRAME * _SAMPLE - self._given)
        return b"".join(self._pages(end))

    def _pages(self, end: int | None = None) -> Iterator[bytes]:
        size = _FRAME * _SAMPLE
        for start in range(0, len(self._rest) - size + 1, size):
            self._frame.planes[0].update(bytes(self._rest[start : start + size]))
            for packet in self._codec.encode(self._frame):
                yield self._page(bytes(packet), end)
        del self._rest[: len(self._rest) // size * size]

    def _page(self, packet: bytes, end: int | None) -> bytes:
        self._packets += 1
        granule = self._packets * _FRAME
        last = end is not None and granule >= end
        front = b""
        if self._writer is None:
            # Streams that are joined must differ in their serial numbers, yet the same speech has the same bytes.
            self._writer = ogg.Writer(crc32.cksum(packet))
            front = self._writer.page(self._head, 0) + self._writer.page(_OUR_TAGS, 0)
        return front + self._writer.page(packet, end if last and end else granule, last=last)


@dataclass(frozen=True, slots=True)
class Stream:
    """What one encoder made."""

    head: bytes
    packets: tuple[ogg.Packet, ...]
    begins: tuple[int, ...]
    """The sample that each packet begins at, before anything is skipped; one more for the end of the last."""
    pages: int
    """Pages that packets of sound end on."""
    stop: int | None
    """The sample that the sound ends before, where the last page declares it."""

    @property
    def pre_skip(self) -> int:
        """Samples at the start that are none of the sound."""
        return _pre_skip(self.head)

    @property
    def samples(self) -> int:
        """Samples of sound."""
        end = self.begins[-1]
        return max(0, (end if self.stop is None else min(end, self.stop)) - self.pre_skip)

    @property
    def surplus(self) -> int:
        """Samples that may be left of the last packet's filling, at the most: none where the end is declared."""
        declared = self.stop is not None and self.stop < self.begins[-1]
        return 0 if declared else self.begins[-1] - self.begins[-2]

    def heard(self, packets: int) -> int:
        """Samples of sound in the first so many packets."""
        return min(self.samples, max(0, self.begins[packets] - self.pre_skip))


def scan(data: bytes) -> tuple[Stream, ...]:
    """The streams of one session, in order; empty ones are left out.

    Raises:
        AudioError: there is no Opus in it, or of more channels than two.
    """
    pages: list[list[ogg.Page]] = []
    for page in ogg.read(data):
        if page.first:
            pages.append([])
        if pages:
            pages[-1].append(page)
    found = [stream for chain in pages if (stream := _stream(chain)) and stream.packets]
    if not found:
        problem = "the speech service sent sound that holds no Ogg Opus"
        raise AudioError(problem, mend="ask for the format that the service sends (--speech-format)")
    return tuple(found)


def decode(data: bytes) -> bytes:
    """The sound of one session as mono PCM at 48 kHz: exactly as many samples as its streams declare.

    Raises:
        AudioError: there is no Opus in it, or what there is cannot be decoded.
    """
    return b"".join(map(_decode, scan(data)))


def _stream(pages: Sequence[ogg.Page]) -> Stream | None:
    """The stream of the pages, the first of which begins it; ``None`` where it is not Opus.

    Raises:
        AudioError: it has more channels than two.
    """
    head = pages[0].packets[0].data if pages[0].packets else b""
    if not head.startswith(_HEAD) or len(head) < _HEAD_SIZE:
        return None
    if head[_FAMILY]:
        raise AudioError(f"opus of {head[9]} channels is no speech", mend="ask for another format (--speech-format)")
    packets: list[ogg.Packet] = []
    begins = [0]
    count, origin, stop = 0, 0, None
    for page in pages[1:]:
        sound = [packet for packet in page.packets if packet.data and not packet.data.startswith(_TAGS)]
        packets += sound
        begins.extend(accumulate((_samples(packet.data) for packet in sound), initial=begins.pop()))
        if sound and not count and not page.last:
            # What was recorded from a broadcast may begin its count anywhere.
            origin = max(0, page.granule - begins[-1])
        count += bool(sound)
        if page.last:
            stop = page.granule - origin
    return Stream(head, tuple(packets), tuple(begins), count, stop)


def _decode(stream: Stream) -> bytes:
    import av  # noqa: PLC0415 - see above

    codec = av.CodecContext.create("libopus", "r")
    # One channel is asked for, whatever was sent, and nothing is to be skipped: that is counted here.
    codec.extradata = stream.head[:9] + b"\1\0\0" + stream.head[12:_FAMILY] + b"\0"
    try:
        frames = [frame for packet in stream.packets for frame in codec.decode(av.Packet(packet.data))]
    except av.error.FFmpegError as error:
        raise AudioError("the speech service sent opus that cannot be decoded", mend="run it again") from error
    pcm = b"".join([bytes(frame.planes[0])[: frame.samples * _SAMPLE] for frame in frames])
    begin, size = stream.pre_skip * _SAMPLE, stream.samples * _SAMPLE
    return pcm[begin : begin + size].ljust(size, b"\0")


def _samples(packet: bytes) -> int:
    """How long a packet is, by its first byte or two (RFC 6716, 3.1 and 3.2)."""
    config, code = packet[0] >> 3, packet[0] & 3
    if config < _HYBRID_FROM:
        frame = _SILK[config & 3]
    else:
        frame = _HYBRID[config & 1] if config < _CELT_FROM else _CELT[config & 3]
    if code == 3:  # noqa: PLR2004 - the code of "as many as the next byte says"
        return frame * (packet[1] & 63) if len(packet) > 1 else 0
    return frame * (1 if code == 0 else 2)


def _pre_skip(head: bytes) -> int:
    return int.from_bytes(head[10:12], "little")
