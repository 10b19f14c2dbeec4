"""How long the sound of one session is, and where each of its messages ends in it.

Only counting: samples for PCM and G.711, frames for mp3, packets for Opus; nothing is decoded. Where an mp3 stream
begins anew is read from the bit reservoir.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from aligner.audio import opus
from aligner.audio.encoder import SAMPLE
from aligner.audio.frames import Frame, Scan, left_over, scan
from aligner.errors import AudioError
from aligner.model import Sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.audio.formats import AudioFormat

FLUSH = 1152
"""LAME ends a stream with less than one frame and these samples more than the sound it was given (measured with LAME
3.100: ceil(n / 1152) + 1 frames of MPEG-1, ceil(n / 576) + 2 of MPEG-2)."""

LOOKAHEAD = 228
"""Samples that LAME holds back at the least while a stream runs; at the most a frame more (measured at six formats, as
counted by ``_complete``). Half a frame more is expected."""

MOST_STARTS = 0.1
"""Streams shorter than ten frames do not occur; where more frames have an empty reservoir, the encoder uses none."""


def measure(audio_format: AudioFormat, pieces: Sequence[bytes]) -> Sound:
    """Where the messages of one session lie in their sound; ``pieces`` are the audio bytes of each, cut anywhere.

    Raises:
        AudioError: there is no sound, or none of the format.
    """
    if not any(pieces):
        problem = "the speech service sent no sound"
        raise AudioError(problem)
    match audio_format.codec:
        case "mp3":
            return _measure_mp3(pieces)
        case "opus":
            return _measure_opus(pieces)
        case codec:
            return _measure_samples(audio_format.sample_rate, SAMPLE if codec == "pcm" else 1, pieces)


def _measure_samples(rate: int, width: int, pieces: Sequence[bytes]) -> Sound:
    ends = tuple(size // width for size in accumulate(map(len, pieces)))
    return Sound(rate, ends[-1], ends)


def _measure_opus(pieces: Sequence[bytes]) -> Sound:
    streams = opus.scan(b"".join(pieces))
    starts = [0, *accumulate(stream.samples for stream in streams)]
    stops, heard = [0], [0]
    for start, stream in zip(starts, streams, strict=False):
        stops.extend(packet.stop for packet in stream.packets)
        heard.extend(start + stream.heard(count) for count in range(1, len(stream.packets) + 1))
    ends = (heard[bisect_right(stops, arrived) - 1] for arrived in accumulate(map(len, pieces)))
    first = streams[0]
    return Sound(
        opus.RATE,
        starts[-1],
        tuple(ends),
        streams=tuple(starts[:-1]),
        slack=max(stream.surplus for stream in streams),
        # The codec is late by what is skipped at the start, and on average half a page waits to be full.
        lag=first.pre_skip + first.begins[-1] // (2 * first.pages),
    )


def _measure_mp3(pieces: Sequence[bytes]) -> Sound:
    data = b"".join(pieces)
    found = scan_sound(data)
    parameters = found.frames[0].header.parameters
    complete = _complete(data, found.frames)
    ends = (bisect_right(complete, arrived) for arrived in accumulate(map(len, pieces)))
    return Sound(
        parameters.rate,
        len(found.frames) * parameters.samples,
        tuple(end * parameters.samples for end in ends),
        streams=_streams(data, found),
        slack=FLUSH + parameters.samples,
        padding=FLUSH,
        lag=LOOKAHEAD + parameters.samples // 2,
    )


def _complete(data: bytes, frames: Sequence[Frame]) -> list[int]:
    """For each frame, how many bytes must have arrived for it to be counted as there.

    LAME hands bytes out up to the end of the sound of its last frame, which lies before that frame where the reservoir
    is full: up to seven frames earlier, too much to be left out when characters are compared with sound. As services
    cut messages some bytes from there, a frame counts from the middle between the end of its sound and that before.
    """
    fronts = [frame.header.body + frame.header.parameters.side for frame in frames]
    # How many bytes of sound there are before each frame, headers left out.
    before = [0, *accumulate(frame.stop - frame.start - front for frame, front in zip(frames, fronts, strict=True))]
    used = [after - left_over(data, frame) for after, frame in zip(before[1:], frames, strict=True)]
    complete: list[int] = []
    within = 0
    for middle in ((first + last) // 2 for first, last in pairwise((0, *used))):
        while before[within + 1] < middle:
            within += 1
        complete.append(frames[within].start + fronts[within] + middle - before[within])
    return complete


def scan_sound(data: bytes) -> Scan:
    """The frames of one session's mp3.

    Raises:
        AudioError: there is none, or they change the rate, the version or the channels on the way.
    """
    found = scan(data)
    if not found.frames:
        problem = "the speech service sent sound that holds no mp3 frame"
        raise AudioError(problem, mend="ask for the format that the service sends (--speech-format)")
    first = found.frames[0].header.parameters
    for frame in found.frames:
        # Headers are shared between equal frames, so this is a comparison of identities for nearly all of them.
        if frame.header.parameters is not first and frame.header.parameters != first:
            problem = f"the mp3 changes from {first.spelled} to {frame.header.parameters.spelled} inside one session"
            raise AudioError(problem)
    return found


def _streams(data: bytes, found: Scan) -> tuple[int, ...]:
    """The samples at which encoders start: behind a tag, or at a frame that cannot continue the one before.

    An encoder's first frame takes nothing from the frames before it, as they do not exist. A later frame does so only
    when the one before left nothing over, so an empty reservoir behind a frame that left bytes unused is a new start.
    """
    frames = found.frames
    begins = {bisect_left(frames, tag, key=lambda frame: frame.start) for tag in found.tags}
    empty = [index for index, frame in enumerate(frames) if not frame.reservoir]
    if len(empty) <= max(2, len(frames) * MOST_STARTS):
        begins.update(index for index in empty if index and left_over(data, frames[index - 1]))
    samples = frames[0].header.parameters.samples
    return (0, *(index * samples for index in sorted(begins) if 0 < index < len(frames)))
