"""The sound file of one document, written segment by segment; it never holds more than one segment's sound.

PCM, and what is decoded to it, is encoded once, by one encoder for the whole file. mp3 is joined frame by frame and
never decoded. Both files begin with an Info frame, written last over a place kept for it, so that times in them are
what every player shows.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Protocol

from fastcrc import crc16

from aligner import clock
from aligner.audio import info
from aligner.audio.decoder import decode
from aligner.audio.encoder import SAMPLE, Mp3Encoder
from aligner.audio.frames import DELAY, HEARD_DELAY, read_header
from aligner.audio.measure import measure, scan_sound
from aligner.errors import AudioError
from aligner.model import AudioFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.audio.formats import AudioFormat
    from aligner.audio.frames import Frame, Header, Parameters

LOW_RATE = 24000
LOW_KBPS = 64
HIGH_KBPS = 96
"""Kilobits a second for mono speech that was PCM: 64 up to 24 kHz, 96 above, both without audible loss."""

MARK_EVERY = 16
"""Of every so many frames the place is kept for the seek table: 12 KiB an hour."""


class _Writer:
    """Frames on their way to the file: counted, summed, with the place for the Info frame kept in front."""

    def __init__(self, file: BinaryIO | None) -> None:
        self.frames = 0
        self.first: Header | None = None
        self._file = file
        self._origin = file.tell() if file else 0
        self._info = b""
        self._size = 0
        self._checksum = 0
        self._marks: list[int] = []
        self._bit_rates: set[int] = set()

    def write_stream(self, data: bytes) -> None:
        """Append what an encoder of a constant bit rate made, cut anywhere; its frames are counted by their size."""
        header = read_header(data[:4]) if self.first is None else self.first
        if header is None:
            return
        if self.first is None:
            self._begin(header, data[:4])
        self._append(data)
        parameters = header.parameters
        mean = Fraction(parameters.samples // 8 * header.kbps * 1000, parameters.rate)
        self.frames = round(self._size / mean)

    def write(self, data: bytes, frames: Sequence[Frame]) -> None:
        """Append the frames, which lie in ``data`` in order; neighbours are copied in one go."""
        if not frames:
            return
        if self.first is None:
            self._begin(frames[0].header, data[frames[0].start : frames[0].start + 4])
        begin = frames[0].start
        place = self._size - begin
        previous = begin
        for number, frame in enumerate(frames, start=self.frames):
            if frame.start != previous:
                self._append(data[begin:previous])
                begin, place = frame.start, self._size - frame.start
            if not number % MARK_EVERY:
                self._marks.append(place + frame.start)
            previous = frame.stop
        self._append(data[begin:previous])
        self._bit_rates.update({frame.header.kbps for frame in frames})
        self.frames += len(frames)

    def close(self, padding: int) -> None:
        """Write the Info frame over its place; ``padding`` samples at the end are the encoder's."""
        if self._file is None:
            return
        stream = info.Stream(
            frames=self.frames,
            size=self._size,
            padding=padding,
            checksum=self._checksum,
            marks=tuple(self._marks) or (0,),
            constant=len(self._bit_rates) <= 1,
        )
        self._file.seek(self._origin)
        self._file.write(info.info_frame(self._info, stream))
        self._file.seek(0, 2)

    @property
    def parameters(self) -> Parameters | None:
        """What all frames have in common; ``None`` before the first."""
        return self.first.parameters if self.first else None

    def _begin(self, first: Header, four: bytes) -> None:
        self.first = first
        self._info = info.info_header(first, four)
        header = read_header(self._info)
        if self._file:
            self._file.write(bytes(header.size if header else 0))

    def _append(self, data: bytes) -> None:
        if self._file is None:
            return
        self._file.write(data)
        self._size += len(data)
        self._checksum = crc16.arc(data, self._checksum)


class Track(Protocol):
    """One sound file that grows by segments."""

    @staticmethod
    def open(file: BinaryIO | None, audio_format: AudioFormat) -> Track:
        """Begin the mp3 of a document in a seekable binary file; ``audio_format`` is what the service sends.

        Without a file nothing is encoded or written, but the times are those that the file would have.
        """
        if audio_format.codec == "mp3":
            return _JoinedTrack(file)
        return _EncodedTrack(file, audio_format) if file else _CountedTrack(audio_format)

    def add(self, pieces: Sequence[bytes]) -> int:
        """Append the sound of one session.

        Returns:
            The time in microseconds, as a player shows it, at which the session's first sample (as it was before it
            was encoded) is heard.

        Raises:
            AudioError: there is no sound in it, or it does not fit what the file already holds.
        """

    def close(self) -> AudioFile:
        """Finish the file (it stays open, whole and positioned at its end) and say how long it is.

        Raises:
            AudioError: no sound was ever added.
        """


class _CountedTrack(Track):
    """Samples that are only counted: nothing is added between segments."""

    def __init__(self, audio_format: AudioFormat) -> None:
        self._format = audio_format
        self._rate = audio_format.sample_rate
        self._samples = 0

    def add(self, pieces: Sequence[bytes]) -> int:
        return self._count(measure(self._format, pieces).samples)

    def close(self) -> AudioFile:
        if not self._samples:
            raise AudioError("the sound file would be empty")
        return AudioFile(None, clock.from_samples(self._samples, self._rate), self._rate)

    def _count(self, samples: int) -> int:
        """Where so many samples more begin, in microseconds."""
        if not samples:
            raise AudioError("the speech service sent no sound")
        offset = clock.from_samples(self._samples, self._rate)
        self._samples += samples
        return offset


class _EncodedTrack(_CountedTrack):
    """Samples in one encoder for the whole file."""

    def __init__(self, file: BinaryIO, audio_format: AudioFormat) -> None:
        super().__init__(audio_format)
        self._encoder = Mp3Encoder(self._rate, LOW_KBPS if self._rate <= LOW_RATE else HIGH_KBPS)
        self._writer = _Writer(file)

    def add(self, pieces: Sequence[bytes]) -> int:
        pcm = decode(self._format, pieces)
        offset = self._count(len(pcm) // SAMPLE)
        self._writer.write_stream(self._encoder.encode(pcm))
        return offset

    def close(self) -> AudioFile:
        audio = super().close()
        self._writer.write_stream(self._encoder.flush())
        parameters = self._writer.parameters
        total = self._writer.frames * parameters.samples if parameters else 0
        self._writer.close(padding=total - DELAY - self._samples)
        return audio


class _JoinedTrack(Track):
    """mp3: the frames of the sessions one behind the other; each join's surplus is counted by counting frames.

    Every session's encoder delays its sound by what the Info frame in front declares once for all, so that a
    session's first sample is heard as many frames into the file as there are before it.
    """

    def __init__(self, file: BinaryIO | None) -> None:
        self._writer = _Writer(file)

    def add(self, pieces: Sequence[bytes]) -> int:
        data = b"".join(pieces)
        found = scan_sound(data)
        parameters, mine = found.frames[0].header.parameters, self._writer.parameters
        if mine is not None and parameters != mine:
            problem = f"mp3 of {parameters.spelled} cannot be joined to mp3 of {mine.spelled}"
            raise AudioError(problem)
        before = self._writer.frames * parameters.samples
        self._writer.write(data, found.frames)
        return max(0, clock.from_samples(before + found.delay - DELAY, parameters.rate))

    def close(self) -> AudioFile:
        parameters = self._writer.parameters
        if parameters is None:
            problem = "the sound file would be empty"
            raise AudioError(problem)
        self._writer.close(padding=0)
        samples = max(0, self._writer.frames * parameters.samples - HEARD_DELAY)
        return AudioFile(None, clock.from_samples(samples, parameters.rate), parameters.rate)
