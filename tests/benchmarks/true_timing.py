"""Is the timing true? Word starts in the JSON against the onsets in the decoded mp3, as a player hears them.

Run it: python tests/benchmarks/true_timing.py [HOURS]
Goals, over an hour and with no trend: the embedded engine p95 at most 5 ms and 15 ms at the most; a service that sends
mp3_44100_128 cut anywhere p95 at most 30 ms.
An onset can be measured where silence lies before it: for the embedded voices those are the words after a pause. The
service of clicks marks the start of every word in its sound.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import miniaudio
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import corpus
from fakes.background import running
from fakes.click_service import click_service
from fakes.clicks import Variant, heard

import aligner

if TYPE_CHECKING:
    from numpy.typing import NDArray

SILENCE: Final = 0.003
"""Of full scale: the mp3 of digital silence stays below it, the softest onset rises above it at once."""
PAUSE: Final = 0.08
"""Seconds without sound that make the next onset a word's: the silence inside a t or k lasts up to 0.07 here."""
WINDOW: Final = 0.1

VARIANTS: Final = {
    "one encoder a session": Variant(),
    "one encoder a generation": Variant(encoders="generation"),
    "absolute times": Variant(times="absolute"),
    "sound after each generation": Variant(tail=250, tail_apart=True),
}


@dataclass(frozen=True, slots=True)
class Errors:
    """Differences in milliseconds between told and heard, with the seconds at which they were found."""

    at: NDArray[np.float64]
    ms: NDArray[np.float64]

    def line(self, name: str, goal: str) -> str:
        """The figures beside their goal; the trend is the slope of a straight line through the errors."""
        sizes = np.abs(self.ms)
        trend = np.polyfit(self.at, self.ms, 1)[0] * 3600
        return (
            f"{name}: {len(self.ms)} onsets in {self.at[-1] / 3600:.2f} h, "
            f"median {np.median(sizes):.2f} ms, p95 {np.percentile(sizes, 95):.2f} ms, max {sizes.max():.2f} ms, "
            f"trend {trend:+.2f} ms an hour (goal: {goal})"
        )


def main() -> None:
    """Print each service's figures beside the goal."""
    hours = float((sys.argv[1:] or ["1"])[0])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = folder / "talk.txt"
        document.write_text(corpus.hours(hours), encoding="utf-8")
        aligner.speak([document], folder)
        print(embedded(folder / "talk").line("embedded engine", "p95 5 ms, max 15 ms"), flush=True)
        document.write_text(corpus.english(int(hours * 31_000)), encoding="utf-8")
        for label, variant in VARIANTS.items():
            with running(click_service(variant)) as url:
                options = aligner.Options(engine=url, speech_format="mp3_44100_128", force=True)
                aligner.speak([document], folder, options)
            print(clicks(folder / "talk").line(f"mp3_44100_128, {label}", "p95 30 ms"), flush=True)


def embedded(stem: Path) -> Errors:
    """Words after a pause against the first sound above silence."""
    samples, rate = decoded(stem)
    loud = np.abs(samples.astype(np.float32) / 32768) > SILENCE
    found = []
    for word in words(stem):
        first = max(0, int((word.start / 1e6 - WINDOW) * rate))
        onsets = _onsets(loud[first : first + int(2 * WINDOW * rate)], int(PAUSE * rate))
        if len(onsets):
            seconds = (onsets + first) / rate
            nearest = seconds[np.argmin(np.abs(seconds - word.start / 1e6))]
            found.append((word.start / 1e6, word.start / 1e3 - nearest * 1e3))
    return _errors(found)


def clicks(stem: Path) -> Errors:
    """Every word that begins with a letter or digit against the click nearest to it."""
    samples, rate = decoded(stem)
    truth = np.array(heard(samples, rate))
    # The clicks are at the first sign of a word, but quotes and brackets take no time, and a dash has the next word's.
    told = [word.start / 1e6 for word in words(stem) if word.text[0].isalnum()]
    if len(truth) < len(told):
        sys.exit(f"{len(told)} words, but only {len(truth)} clicks were heard")
    return _errors([(start, (start - truth[np.argmin(np.abs(truth - start))]) * 1e3) for start in told])


def words(stem: Path) -> tuple[aligner.Word, ...]:
    """The words of a timing JSON."""
    return aligner.load(stem.with_suffix(".json")).words


def decoded(stem: Path) -> tuple[NDArray[np.int16], int]:
    """The sound as a player hears it."""
    sound = miniaudio.mp3_read_file_s16(str(stem.with_suffix(".mp3")))
    return np.asarray(sound.samples, dtype=np.int16)[:: sound.nchannels], sound.sample_rate


def _onsets(loud: NDArray[np.bool_], pause: int) -> NDArray[np.int64]:
    """Where sound begins after at least ``pause`` samples without any."""
    places = np.flatnonzero(loud)
    before = np.diff(places, prepend=-1)
    return places[before > pause]


def _errors(found: list[tuple[float, float]]) -> Errors:
    at, ms = np.array(found).T
    return Errors(at, ms)


if __name__ == "__main__":
    main()
