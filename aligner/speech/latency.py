"""How fast a service answers, measured: the same text spoken in one session after the other, each by the clock.

It goes the way of a run, through `stream`; what people see of it is `aligner latency`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aligner import clock
from aligner.audio import measure as measured
from aligner.audio import parse_format
from aligner.errors import IncompleteSpeech, UsageError
from aligner.speech import engines, service, stream
from aligner.speech.address import Address
from aligner.speech.pace import quantile
from aligner.speech.protocol import Opening
from aligner.speech.server.voice import voices
from aligner.speech.stream import Call, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from aligner.model import Speech
    from aligner.speech.engines import Engine

TEXTS: Final[Mapping[str, str]] = {
    "short": "The ferry leaves at nine and comes back before it is dark.",
    "long": (
        "The ferry leaves at nine and comes back before it is dark. Nobody on board is in a hurry, for the island has "
        "one road, two shops and a lighthouse, and none of them will go away. Those who have come for the birds sit on "
        "the left, where the cliffs are; those who have come for the cake stay near the kitchen. Half an hour from the "
        "harbour the engine is stopped, and for a minute there is nothing to hear but water. Then the captain tells "
        "the story of the winter when the sea froze, and how the post was carried over the ice by a man who could not "
        "swim. He tells it every day."
    ),
}
"""One text that is spoken when it ends, because no threshold is reached, and one of several generations."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Trial:
    """What is measured; ``None`` leaves a thing to the engine or the language."""

    engine: Engine
    voice: str | None = None
    model: str | None = None
    language: str = "en"
    speech_format: str | None = None
    count: int = 10
    """Sessions for each text."""
    texts: Mapping[str, str] | None = None
    """By name; `TEXTS` if none are given."""
    voices: Path | None = None
    """A folder of voices of one's own, for the embedded engine."""

    @property
    def characters(self) -> int:
        """What a paid engine bills for it."""
        return self.count * sum(map(len, (self.texts or TEXTS).values()))

    @property
    def sessions(self) -> int:
        """How many are counted."""
        return self.count * len(self.texts or TEXTS)


@dataclass(frozen=True, slots=True)
class Sample:
    """One session; microseconds."""

    connect: int
    first_byte: int
    """From the message that let the service begin to the first sound."""
    real_time_factor: float
    """Seconds of speech a second from the first text to the last sound."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """All sessions of one text."""

    name: str
    characters: int
    samples: tuple[Sample, ...]

    def summary(self) -> Mapping[str, tuple[float, float]]:
        """Median and p95 of each figure: ninety-five of a hundred sessions were at least as good."""
        return {
            "connect": _summary((one.connect for one in self.samples), 0.95),
            "first_byte": _summary((one.first_byte for one in self.samples), 0.95),
            "real_time_factor": _summary((one.real_time_factor for one in self.samples), 0.05),
        }


def _summary(values: Iterable[float], share: float) -> tuple[float, float]:
    ascending = sorted(values)
    return quantile(ascending, 0.5), quantile(ascending, share)


async def measure(trial: Trial, tell: Callable[[str, Sample], None] | None = None) -> tuple[Measurement, ...]:
    """Speak each text as often as asked for, one session at a time; nothing is tried again.

    Where it costs nothing, one session goes before them and is not counted: what a service loads with its first
    request would else stand in the figures of one session.

    Args:
        trial: the engine, and what is asked of it.
        tell: called with the text's name and each session that is counted.

    Raises:
        UsageError: a count below 1, a text without any, an unknown voice or format; nothing was spoken.
        SpeechError: a session failed.
    """
    if trial.count < 1:
        raise UsageError(f"{trial.count} sessions tell nothing", "--count", "name 1 or more")
    texts = trial.texts or TEXTS
    for text in texts.values():
        _refuse_unspeakable(text)
    address = _address(trial)
    async with service.reached(trial.engine, trial.voices) as engine:
        call = Call(engine.url, address, Opening(), engine.secrets, Limits(attempts=1))
        if not engine.paid:
            await stream.speak(call, next(iter(texts.values())))
        return tuple([await _repeated(trial, call, name, tell or _silent) for name in texts])


async def _repeated(trial: Trial, call: Call, name: str, tell: Callable[[str, Sample], None]) -> Measurement:
    text = (trial.texts or TEXTS)[name]
    samples: list[Sample] = []
    for _ in range(trial.count):
        sample = _sample(await stream.speak(call, text), call.address.output_format)
        samples.append(sample)
        tell(name, sample)
    return Measurement(name, len(text), tuple(samples))


def _refuse_unspeakable(text: str) -> None:
    """Bytes of a command line that are no text come as surrogates."""
    if not text.strip() or _SURROGATE.search(text):
        raise UsageError(f"{text!r} cannot be spoken", "--text", "write a text with words in it")


def _silent(_name: str, _sample: Sample) -> None:
    return


def _address(trial: Trial) -> Address:
    """The same as for a document of that language."""
    engine = trial.engine
    speech_format = trial.speech_format or engine.speech_format
    parse_format(speech_format)
    model = trial.model or engine.model
    code = None if engine.paid and model and "v2_5" not in model else trial.language.split("-")[0]
    return Address(_voice(trial), model, code, speech_format, sync_alignment=True)


def _voice(trial: Trial) -> str:
    named = trial.voice or trial.engine.voice
    if named:
        own = voices.read(trial.voices) if trial.voices else {}
        if trial.engine.name == engines.LOCAL and voices.find(named, own) is None:
            raise UsageError(
                f"unknown voice {named!r}", "--voice", "`aligner voices` lists what the engine can speak with"
            )
        return named
    voice = voices.for_language(trial.language)
    if voice is None:
        raise UsageError(f"no voice is known for the language {trial.language!r}", "--language", "name a --voice")
    return voice.voice_id


def _sample(speech: Speech, speech_format: str) -> Sample:
    """A session's figures.

    Raises:
        IncompleteSpeech: nothing was heard, so there is nothing to be measured.
    """
    latency = speech.latency
    if latency.first_byte is None:
        raise IncompleteSpeech("the service brought no sound", mend="choose a --text with words in it")
    sound = measured(parse_format(speech_format), [chunk.audio for chunk in speech.chunks])
    spoken = clock.from_samples(sound.samples, sound.rate)
    return Sample(latency.connect, latency.first_byte, spoken / latency.elapsed if latency.elapsed else 0.0)
