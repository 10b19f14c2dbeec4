"""When a cue comes and goes, on the frame grid, for whole arrays of possible cues at once.

A cue comes with the first frame of its sound. When it goes depends only on where its sound ends, on the time its text
takes to read, and on when the next word begins: so the times and the faults of a cue follow from its first and last
word alone, which is what lets `segmentation` find the best cues in one pass. Nothing here knows of breaks or lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from aligner.clock import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from aligner.captions.profiles import Profile
    from aligner.model import Word

Ints: TypeAlias = npt.NDArray[np.int32]
Costs: TypeAlias = npt.NDArray[np.float32]
Times: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_NEVER = 1 << 30
"""The frame in which the word after the last one would begin."""
_SYNC_FRAMES = 3
"""A cue that goes more frames than this before its sound ends is out of sync."""


def frames(seconds: Fraction, fps: Fraction) -> int:
    """The fewest frames that last ``seconds`` (to the millisecond), also once both ends are rounded to milliseconds."""
    return -int(-int(seconds * 1000) * fps // 1000)


@dataclass(frozen=True, slots=True)
class Moments:
    """The same moments of many possible cues, in frames; arrays of one length."""

    begin: Ints
    """Its first frame."""
    sound: Ints
    """The frame at which its sound is over."""
    linger: Ints
    """The last frame to which it may stay without need."""
    following: Ints
    """The first frame of the next cue."""

    def part(self, span: slice | npt.NDArray[np.bool_]) -> Moments:
        """The moments of some of the cues."""
        return Moments(self.begin[span], self.sound[span], self.linger[span], self.following[span])


@dataclass(frozen=True, slots=True)
class Grid:
    """The n words of a text and the limits of a profile, in frames."""

    first: Ints
    """n + 1: the frame in which each word begins, never falling; then a frame that is never reached."""
    sound: Ints
    """n: the frame at which each word's sound is over."""
    linger: Ints
    """n: the last frame to which a cue that ends with the word may stay without need."""
    early: Ints
    """n: by how many frames a cue that begins with the word may come early."""
    pause: Costs
    """n: seconds of silence after each word; 0 after the last."""
    profile: Profile
    minimum: int
    maximum: int
    long_gap: int

    def moments(self, begin: slice | Ints, end: slice | Ints) -> Moments:
        """Of cues from the words ``begin`` to the words ``end`` (the last ones, included)."""
        after = slice(end.start + 1, end.stop + 1) if isinstance(end, slice) else end + 1
        return Moments(self.first[begin], self.sound[end], self.linger[end], self.first[after])

    def reading(self, characters: int) -> Ints:
        """Frames that reading 0, 1, 2 … ``characters`` takes, so that a table serves for all cues."""
        cps, fps = self.profile.cps, self.profile.fps
        counts = np.arange(characters + 1, dtype=np.int64)
        milliseconds = -(-counts * 1000 * cps.denominator // cps.numerator)
        return (-(-milliseconds * fps.numerator // (1000 * fps.denominator))).astype(np.int32)

    def costs(self, at: Moments, reading: Ints, early: Ints) -> Costs:
        """What broken limits cost, when a fault that shifted in-times can mend is a small one (see `retiming`).

        ``early`` is by how many frames each cue may come early.
        """
        cost = self.faults(at, self.outs(at, reading), reading)
        broken = cost > 0
        late = self.profile.sync_frames
        if late and broken.any():
            part, need, early = at.part(broken), reading[broken], early[broken]
            for own, after in ((early, 0), (0, late), (early, late)):
                shifted = Moments(part.begin - own, part.sound, part.linger, part.following + after)
                mended = self.faults(shifted, self.outs(shifted, need), need) + np.float32(self.profile.weights.shift)
                cost[broken] = np.minimum(cost[broken], mended)
        return cost

    def outs(self, at: Moments, reading: Ints) -> Ints:
        """The frame at which each cue goes; ``reading`` is how many frames its text takes to read."""
        out = np.maximum(at.sound, at.begin + np.maximum(reading, self.minimum))
        closed = at.following - self.profile.gap_frames
        out = np.where(at.following - out < self.long_gap, closed, out)
        too_late = out - at.begin > self.maximum
        if too_late.any():
            # The longest duration outranks closing; what is left of the gap shall then be long, if the sound allows.
            latest = np.minimum(at.begin + self.maximum, np.maximum(at.sound, at.following - self.long_gap))
            out = np.where(too_late, np.minimum(latest, closed), out)
        return np.maximum(out, at.begin + 1).astype(np.int32)

    def faults(self, at: Moments, out: Ints, reading: Ints) -> Costs:
        """What broken limits cost."""
        weights = self.profile.weights
        length = out - at.begin
        missing = np.maximum(np.maximum(reading, self.minimum) - length, 0) / np.maximum(length, 1)
        missing += np.maximum(length - self.maximum, 0) / self.maximum
        gap = at.following - out
        bad_gap = (gap < self.profile.gap_frames) | ((gap > self.profile.gap_frames) & (gap < self.long_gap))
        late = (out > at.linger) & (length > self.minimum) | (at.sound - out > _SYNC_FRAMES)
        cost = weights.limit * (missing > 0) + weights.excess * np.minimum(missing, 1)
        cost += weights.limit * bad_gap + weights.late * late
        return np.asarray(cost, np.float32)


def grid(words: Sequence[Word], paragraph: Flags, profile: Profile) -> Grid:
    """The words on the profile's frame grid; ``paragraph`` says which words end a paragraph.

    Starts that fall are lifted, so that cues never come out of order.
    """
    starts = np.maximum.accumulate(np.array([word.start for word in words], np.int64))
    ends = np.maximum(np.array([word.end for word in words], np.int64), starts)
    fps = profile.fps
    scale, unit = fps.numerator, SECOND * fps.denominator
    _settle(starts, ends, paragraph, int((profile.min_seconds + (profile.gap_frames + 1) / fps) * SECOND))
    first = starts * scale // unit
    sound = -(-ends * scale // unit)
    return Grid(
        first=np.append(first, _NEVER).astype(np.int32),
        sound=sound.astype(np.int32),
        linger=((ends + int(profile.linger_seconds * SECOND)) * scale // unit).astype(np.int32),
        early=np.clip(first - np.append(0, sound[:-1] - 1), 0, profile.sync_frames).astype(np.int32),
        pause=np.maximum(np.append(starts[1:] - ends[:-1], 0) / SECOND, 0).astype(np.float32),
        profile=profile,
        minimum=max(1, frames(profile.min_seconds, fps)),
        maximum=int(profile.max_seconds * fps),
        long_gap=frames(profile.long_gap_seconds, fps),
    )


def _settle(starts: Times, ends: Times, paragraph: Flags, lead: int) -> None:
    """Give silent words at a paragraph's end a time of their own, in place.

    A word without sound ("***", a dash) has the time of the word after it, which here belongs to another cue. The tail
    of a paragraph then ends with its sound; a paragraph all of silence has the pause before it, up to ``lead``.
    """
    for last in np.flatnonzero(paragraph[:-1] & (starts[:-1] == starts[1:]))[::-1].tolist():
        begin = last
        while begin and starts[begin - 1] == starts[last] and not paragraph[begin - 1]:
            begin -= 1
        before = int(ends[begin - 1]) if begin else 0
        alone = not begin or paragraph[begin - 1]
        moment = min(int(starts[last]), max(before, int(starts[last]) - lead) if alone else before)
        starts[begin : last + 1] = ends[begin : last + 1] = moment
