"""The mp3 frame parser: where the frames lie in bytes that may begin with tags and hold junk.

Frames are counted because nothing else tells the length of an mp3 truly. They are never decoded here. The loop runs
once a frame, not once a byte: an hour of mp3 is 140,000 frames.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from aligner.audio.formats import MPEG1_KBPS, MPEG2_KBPS

DELAY = 576
"""Samples that LAME puts in front of the sound; decoders know it as the encoder's delay."""

DECODER_DELAY = 529
"""Samples that any layer III decoder is late by; 576 + 529 = 1,105 is what is heard of both, at every rate."""

HEARD_DELAY = DELAY + DECODER_DELAY

# Two sync bytes with a layer III version behind them: the only places in junk that are worth a look.
_SYNC = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MPEG1 = 3
_MONO = 3
_ID3V2_HEADER = 10
_ID3V1_SIZE = 128
_XING_FIELDS = ((1, 4), (2, 4), (4, 100), (8, 4))


@dataclass(frozen=True, slots=True)
class Parameters:
    """What must stay the same all through one file."""

    version: int
    """The header's two bits: 3 is MPEG-1, 2 MPEG-2, 0 MPEG-2.5."""
    rate: int
    channels: int

    @property
    def samples(self) -> int:
        """Samples a frame."""
        return 1152 if self.version == _MPEG1 else 576

    @property
    def side(self) -> int:
        """Bytes of side information behind the header (ISO 11172-3 2.4.1.7, ISO 13818-3)."""
        if self.version == _MPEG1:
            return 17 if self.channels == 1 else 32
        return 9 if self.channels == 1 else 17

    @property
    def spelled(self) -> str:
        """For people: ``44100 Hz mono``."""
        return f"{self.rate} Hz {'mono' if self.channels == 1 else 'stereo'}"


@dataclass(frozen=True, slots=True)
class Header:
    """One frame header, read."""

    parameters: Parameters
    kbps: int
    size: int
    """Bytes of the whole frame."""
    body: int
    """Bytes from the frame's start to its side information (4, or 6 with a checksum)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that holds sound: its bytes are ``data[start:stop]``."""

    start: int
    stop: int
    header: Header
    reservoir: int
    """How many bytes before the frame its own sound begins (main_data_begin); an encoder starts with 0."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a parser found in some bytes."""

    frames: tuple[Frame, ...]
    tags: tuple[int, ...]
    """Where tags and descriptive frames (ID3, Xing, Info) begin: an encoder starts anew behind each."""
    delay: int
    """The encoder's delay as the first Info frame declares it, else LAME's."""


@lru_cache(maxsize=256)
def read_header(four: bytes) -> Header | None:
    """The header in four bytes, or ``None`` where they are none of layer III with a fixed size."""
    if len(four) < 4 or not _SYNC.match(four):  # noqa: PLR2004 - a header is four bytes
        return None
    version, rate_index, kbps_index = four[1] >> 3 & 3, four[2] >> 2 & 3, four[2] >> 4
    if rate_index == 3 or kbps_index in {0, 15}:  # noqa: PLR2004 - reserved by the standard
        return None
    parameters = Parameters(version, _RATES[version][rate_index], 1 if four[3] >> 6 == _MONO else 2)
    kbps = (MPEG1_KBPS if version == _MPEG1 else MPEG2_KBPS)[kbps_index - 1]
    size = parameters.samples // 8 * kbps * 1000 // parameters.rate + (four[2] >> 1 & 1)
    return Header(parameters, kbps, size, 4 if four[1] & 1 else 6)


def scan(data: bytes, *, synced: bool = False) -> Scan:
    """All whole frames of sound in ``data``, in order; tags, junk and a cut frame at the end are left out.

    To find its feet after junk the parser wants two headers in a row (or one whose frame ends the data); ``synced``
    says that a frame begins at 0 for certain.
    """
    frames: list[Frame] = []
    tags: list[int] = []
    delay: int | None = None
    position = 0
    while position < len(data):
        header = read_header(data[position : position + 4])
        if header is None or not (synced or _confirmed(data, position, header)):
            after = _skip_tag(data, position)
            if after is None:
                position, synced = _next_sync(data, position + 1), False
            else:
                tags.append(position)
                position = after
            continue
        stop = position + header.size
        if stop > len(data):
            break
        if (fields := _info_fields(data, position, header)) is None:
            frames.append(Frame(position, stop, header, _reservoir(data, position, header)))
        else:
            tags.append(position)
            delay = _declared_delay(data, fields, stop) if delay is None else delay
        position, synced = stop, True
    return Scan(tuple(frames), tuple(tags), DELAY if delay is None else delay)


def _confirmed(data: bytes, position: int, header: Header) -> bool:
    """Whether a header found in junk is followed by another of the same kind, or by the end."""
    follower = data[position + header.size : position + header.size + 4]
    if len(follower) < 4:  # noqa: PLR2004 - a header is four bytes
        return position + header.size == len(data)
    next_header = read_header(follower)
    return next_header is not None and next_header.parameters == header.parameters


def _next_sync(data: bytes, position: int) -> int:
    """The next place that may be a header or a tag; the end where there is none."""
    found = _SYNC.search(data, position)
    stop = found.start() if found else len(data)
    for mark in (b"ID3", b"TAG"):
        at = data.find(mark, position, stop)
        stop = at if at >= 0 else stop
    return stop


def _skip_tag(data: bytes, position: int) -> int | None:
    """Where an ID3 tag that begins here ends; ``None`` where none begins."""
    if data.startswith(b"ID3", position) and len(data) >= position + _ID3V2_HEADER:
        size = 0
        for byte in data[position + 6 : position + 10]:
            size = size << 7 | byte & 127
        return position + _ID3V2_HEADER + size
    return position + _ID3V1_SIZE if data.startswith(b"TAG", position) else None


def _info_fields(data: bytes, position: int, header: Header) -> int | None:
    """Where the fields of a Xing or Info frame begin; ``None`` for a frame of sound."""
    mark = position + header.body + header.parameters.side
    return mark + 4 if data[mark : mark + 4] in {b"Xing", b"Info"} else None


def _declared_delay(data: bytes, fields: int, stop: int) -> int:
    """The encoder's delay in samples that an Info frame declares; LAME's where it declares none."""
    flags = int.from_bytes(data[fields : fields + 4], "big")
    lame = fields + 4 + sum(size for flag, size in _XING_FIELDS if flags & flag)
    if lame + 24 > stop or not data[lame : lame + 4].strip(b"\0"):
        return DELAY
    return data[lame + 21] << 4 | data[lame + 22] >> 4


def _reservoir(data: bytes, position: int, header: Header) -> int:
    side = position + header.body
    if header.parameters.version == _MPEG1:
        return data[side] << 1 | data[side + 1] >> 7
    return data[side]


def left_over(data: bytes, frame: Frame) -> int:
    """Bytes that the sound of a frame left for the next one: what it could take from, less what it took.

    The lengths stand in the side information (part2_3_length, 12 bits a granule and channel).
    """
    parameters = frame.header.parameters
    side = frame.start + frame.header.body
    bits = parameters.side * 8
    word = int.from_bytes(data[side : side + parameters.side], "big")
    if parameters.version == _MPEG1:
        first, step, blocks = (18 if parameters.channels == 1 else 20), 59, 2 * parameters.channels
    else:
        first, step, blocks = (9 if parameters.channels == 1 else 10), 63, parameters.channels
    taken = sum(word >> bits - 12 - first - step * block & 0xFFF for block in range(blocks))
    return frame.reservoir + frame.header.size - frame.header.body - parameters.side - (taken + 7) // 8
