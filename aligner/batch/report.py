"""What came of a run: the events while it goes on, an outcome for each document, a report of them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from aligner.errors import EXIT_DONE, EXIT_FAILED, EXIT_USAGE, KeyRefused, UsageError
from aligner.speech import pace

if TYPE_CHECKING:
    from aligner.errors import AlignerError
    from aligner.model import Latency
    from aligner.speech.pace import Figures


@dataclass(frozen=True, slots=True)
class Started:
    """A document is being spoken."""

    source: str
    characters: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A segment of a document has its place in the sound."""

    source: str
    characters: int
    duration: int
    """Microseconds of sound."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one document ended."""

    source: str
    status: Literal["done", "skipped", "failed"]
    characters: int = 0
    words: int = 0
    cues: int = 0
    duration: int = 0
    """Microseconds of sound."""
    seconds: float = 0.0
    """Of work, from its start to its end."""
    warnings: tuple[str, ...] = ()
    latencies: tuple[Latency, ...] = ()
    """How fast the service was, a session each."""
    error: AlignerError | None = None


Event: TypeAlias = Started | Spoken | Outcome


@dataclass(frozen=True, slots=True)
class Report:
    """How all documents of a run ended, in the order in which they were given."""

    outcomes: tuple[Outcome, ...]
    seconds: float = 0.0

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The documents that failed."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")

    @property
    def latency(self) -> Figures | None:
        """How fast the service was over the whole run; ``None`` where nothing was spoken."""
        latencies = [latency for outcome in self.outcomes for latency in outcome.latencies]
        return pace.figures(latencies, sum(outcome.duration for outcome in self.outcomes)) if latencies else None

    @property
    def exit_code(self) -> int:
        """0 all done, 1 some failed, 2 nothing could be spoken for wrong settings (a refused key)."""
        failed = self.failed
        if not failed:
            return EXIT_DONE
        wrong = all(isinstance(outcome.error, KeyRefused | UsageError) for outcome in self.outcomes)
        return EXIT_USAGE if wrong else EXIT_FAILED
