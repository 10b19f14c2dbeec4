"""The counts of a service as Prometheus reads them. The only module that knows its library."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, Protocol

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from aligner import clock
from aligner.speech.server.operation.journal import FIRST_BYTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client.core import Metric

    from aligner.speech.server.operation.journal import Counts

_PREFIX: Final = "aligner_"


class Workers(Protocol):
    """What is asked of the voice processes."""

    size: int
    restarts: int

    @property
    def waiting(self) -> int:
        """Utterances that wait for a process."""


class Generating(Protocol):
    """What is asked of the gate."""

    now: int


def exposition(counts: Counts, workers: Workers, gate: Generating) -> tuple[str, bytes]:
    """The content type and the body of an answer to Prometheus: this service's figures, and its process's."""
    registry = CollectorRegistry()
    registry.register(_Service(counts, workers, gate))
    ProcessCollector(registry=registry)
    return CONTENT_TYPE_LATEST, generate_latest(registry)


class _Service(Collector):
    def __init__(self, counts: Counts, workers: Workers, gate: Generating) -> None:
        self._counts = counts
        self._workers = workers
        self._gate = gate

    def collect(self) -> Iterable[Metric]:
        yield from self._gauges()
        yield from self._totals()
        yield self._first_byte()

    def _gauges(self) -> Iterator[Metric]:
        counts, workers = self._counts, self._workers
        yield _gauge("sessions_open", "Sessions that are open.", counts.open)
        yield _gauge("generating", "Sessions that are generating speech.", self._gate.now)
        yield _gauge("workers", "Voice processes, at the most.", workers.size)
        yield _gauge("queue", "Utterances that wait for a voice process.", workers.waiting)

    def _totals(self) -> Iterator[Metric]:
        counts = self._counts
        yield _by("sessions", "Sessions that have ended.", "outcome", counts.sessions)
        yield _by("refusals", "Clients that were told no.", "error", counts.refusals)
        yield _total("generations", "Generations of text that were due.", counts.generations)
        yield _total("characters", "Characters of those generations.", counts.characters)
        yield _total("audio_seconds", "Seconds of speech that were sent.", counts.audio / clock.SECOND)
        yield _total("audio_bytes", "Bytes of sound that were sent.", counts.audio_bytes)
        yield _total("worker_restarts", "Voice processes that died and were replaced.", self._workers.restarts)
        requests = CounterMetricFamily(f"{_PREFIX}http_requests", "Plain HTTP requests.", labels=["endpoint", "status"])
        for (endpoint, status), count in sorted(counts.requests.items()):
            requests.add_metric([endpoint, str(status)], count)
        yield requests

    def _first_byte(self) -> Metric:
        counts = self._counts
        bounds = [*map(str, FIRST_BYTE), "+Inf"]
        family = HistogramMetricFamily(
            f"{_PREFIX}first_byte_seconds", "From a session's first due text to the first byte of its sound."
        )
        family.add_metric([], list(zip(bounds, accumulate(counts.first_byte), strict=True)), counts.first_byte_seconds)
        return family


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(_PREFIX + name, meaning, value)


def _total(name: str, meaning: str, value: float) -> Metric:
    return CounterMetricFamily(_PREFIX + name, meaning, value)


def _by(name: str, meaning: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(_PREFIX + name, meaning, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family
