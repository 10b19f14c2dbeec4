"""A service that misbehaves on purpose, for those who test their clients: which session is hit, when, and by what.

Everything follows from the seed and the number of the session, so that a failure can be had again. A session asks what
to do instead of sending a message; without faults nobody asks. No socket: the session does what is said here.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final, TypeAlias

from aligner.errors import UsageError
from aligner.speech.refusals import INTERNAL, Refusal, quota_exceeded, too_many_requests
from aligner.speech.server.operation.fault_modes import MAKERS, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aligner.speech.server.operation.fault_modes import Turn

SLOW: Final = 1.0
"""Seconds before every message of ``slow``."""

LARGE: Final = 2 << 20
"""Bytes of a message of ``large``: more than many libraries take unless they are told to."""

LATEST: Final = 3
"""What breaks a session off lets through so many messages at the most; it comes before the final one in any case."""


# -- what a session is told to do -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    """Send this frame."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Stall:
    """Say nothing more, and keep the connection open until the client goes."""


@dataclass(frozen=True, slots=True)
class Abort:
    """Cut the connection without a close frame: the client sees 1006."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection with this code."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Send an error frame and close."""

    refusal: Refusal


Action: TypeAlias = Send | Wait | Stall | Abort | Close | Refuse

BUSY: Final = too_many_requests(2)
_ENDS: Final[Mapping[str, Action]] = {
    "drop": Abort(),
    "stall": Stall(),
    "close-1008": Close(1008, INTERNAL.reason),
    "close-1009": Close(1009, "message too big"),
    "close-1011": Close(1011, "internal error"),
    "quota": Refuse(quota_exceeded(10_000, 12, 250)),
    "internal": Refuse(INTERNAL),
}

MESSAGES: Final[Mapping[str, str]] = {
    "null-alignment": "the sound comes without characters",
    "normalized-only": "`alignment` is null, only `normalizedAlignment` is there",
    "partial-then-whole": "half of a message's characters come first, then all of them again from the first",
    "split-words": "messages are cut inside words",
    "long-entries": "an entry of `chars` holds up to three characters",
    "unequal-arrays": "`charDurationsMs` is one entry too short",
    "documented-spelling": "the durations are called `charsDurationsMs`, as in some documents",
    "empty-audio": "characters come with `audio` empty, the sound in a message after them",
    "split-audio": "the sound is cut at odd bytes: inside samples and mp3 frames",
    "is-final-false": "`isFinal` is false instead of null in messages with sound",
    "bad-base64": "`audio` is no base64",
    "bad-json": "the message is cut off in its middle",
    "large": "the message is 2 MiB long (blanks at its end)",
    "slow": "a second passes before the message",
}
"""Modes that hit messages, each by itself, and what the client sees of them."""

SESSIONS: Final[Mapping[str, str]] = {
    "first-only": "all characters of a generation come with its first message",
    "last-only": "all characters of a generation come with its last message",
    "absolute": "times count from the start of the stream, not of the message",
    "tail": "the sound of each generation goes on after its last aligned character",
    "no-final": "no final message; the connection is closed with 1000 all the same",
    "drop": "the connection is cut without a close frame (1006)",
    "stall": "silence, the connection stays open",
    "close-1008": "close 1008 with “We are sorry, something went wrong…”, without an error frame",
    "close-1009": "close 1009",
    "close-1011": "close 1011",
    "quota": "error frame `quota_exceeded` after some sound, close 1008",
    "internal": "error frame `internal_error` after some sound, close 1008",
    "busy": "error frame `too_many_concurrent_requests` after the first message, close 1008",
    "busy-429": "the same as HTTP 429 before the upgrade",
}
"""Modes that hit sessions, from the third message at the latest."""

MODES: Final[Mapping[str, str]] = {**MESSAGES, **SESSIONS}


class Faults:
    """What a service was told to do wrong."""

    def __init__(self, modes: Sequence[str], seed: int = 0, rate: float = 1.0) -> None:
        """``rate`` is the share of sessions, or of messages, that are hit.

        Raises:
            UsageError: there is no such mode.
        """
        for mode in modes:
            if mode not in MODES:
                near = difflib.get_close_matches(mode, MODES, 1, 0.5)
                raise UsageError(f"unknown fault {mode!r}", "--fault", f"did you mean {near[0]}?" if near else "")
        self.modes = tuple(modes)
        self._seed = seed
        self._rate = rate
        self._sessions = self._upgrades = 0

    def upgrade(self) -> bool:
        """Whether the next upgrade is refused with HTTP 429."""
        self._upgrades += 1
        return "busy-429" in self.modes and self._random("busy-429", self._upgrades).random() < self._rate

    def session(self) -> SessionFaults:
        """What happens to the next session."""
        self._sessions += 1
        return SessionFaults({mode: self._random(mode, self._sessions) for mode in self.modes}, self._rate)

    def _random(self, mode: str, number: int) -> Random:
        """A generator for each mode, so that one does not change another's course."""
        return Random(f"{self._seed} {number} {mode}")  # noqa: S311 - to be had again, not to be secret


class SessionFaults:
    """One session's share of it."""

    def __init__(self, modes: Mapping[str, Random], rate: float) -> None:
        self._rate = rate
        self._messages = {mode: random for mode, random in modes.items() if mode in MESSAGES}
        hit = {mode: random for mode, random in modes.items() if mode in SESSIONS and random.random() < rate}
        self.hit = tuple(mode for mode in modes if mode in hit or mode in MESSAGES)
        """The modes that this session may feel."""
        self._no_final = "no-final" in hit
        self._busy = "busy" in hit
        end = next((mode for mode in hit if mode in _ENDS), None)
        self._end = _ENDS[end] if end else None
        self._left = hit[end].randrange(1, LATEST + 1) if end else 0
        """Messages until the end comes."""
        self._turns: list[Turn] = []
        for mode, make in MAKERS.items():
            if mode in hit:
                self._turns.append(make(hit[mode]))
            elif mode in self._messages:
                random = self._messages[mode]
                self._turns.append(self._now_and_then(make(random), random))

    def opening(self) -> Iterator[Action]:
        """What to do once the session is opened."""
        if self._busy:
            yield Refuse(BUSY)

    def message(self, frame: bytes, *, last: bool) -> Iterator[Action]:
        """What to do instead of sending a message with sound.

        Args:
            frame: The message.
            last: It is the last one of its generation.
        """
        found = [Told(json.loads(frame), last)] if self._turns else []
        for turn in self._turns:
            found = [after for told in found for after in turn(told)]
        for encoded in [json.dumps(told.wire).encode() for told in found] if self._turns else [frame]:
            yield from self._sent(encoded)

    def final(self, frame: bytes) -> Iterator[Action]:
        """What to do instead of sending the final message; a normal close follows unless the session is over."""
        if self._end:
            yield self._end
        elif not self._no_final:
            yield Send(frame)

    def _sent(self, frame: bytes) -> Iterator[Action]:
        if self._end:
            self._left -= 1
            if self._left < 0:
                yield self._end
                return
        if self._strikes("slow"):
            yield Wait(SLOW)
        if self._strikes("bad-json"):
            frame = frame[: len(frame) // 2]
        if self._strikes("large"):
            frame += b" " * (LARGE - len(frame))
        yield Send(frame)

    def _strikes(self, mode: str) -> bool:
        return mode in self._messages and self._messages[mode].random() < self._rate

    def _now_and_then(self, turn: Turn, random: Random) -> Turn:
        """A mode that hits each message by itself."""

        def hit(told: Told) -> Iterable[Told]:
            return turn(told) if random.random() < self._rate else (told,)

        return hit
