"""The cost of an hour of speech: `aligner run` against the bare engine plus the bare encoder on the same text.

Run it: python tests/benchmarks/speed.py [HOURS [PAIRS]]
Goals: at most 1.5 times the CPU time of the bare ones, both cores in use; `aligner --help` under 0.3 s.
The bare ones are one process: the voice engine sentence by sentence, then one mp3 encoder, nothing timed or sent.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import corpus

from aligner import sentences
from aligner.audio import Mp3Encoder
from aligner.model import VoiceSettings
from aligner.speech.server.voice import voices
from aligner.speech.server.voice.espeak import Engine, Manner

GOAL_RATIO: Final = 1.5
GOAL_HELP: Final = 0.3
KBPS: Final = 64


def main() -> None:
    """Print the medians beside the goals."""
    if sys.argv[1:2] == ["--bare"]:
        bare(Path(sys.argv[2]))
        return
    hours, pairs = float((sys.argv[1:] or ["1"])[0]), int((sys.argv[2:] or ["3"])[0])
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, "hour.txt")
        document.write_text(corpus.hours(hours), encoding="utf-8")
        rows = [
            (
                spent([sys.executable, __file__, "--bare", str(document)]),
                spent([sys.executable, "-m", "aligner", "run", str(document), "--out", folder, "--force"]),
            )
            for _ in range(pairs)
        ]
    ratio = statistics.median(ours[0] / theirs[0] for theirs, ours in rows)
    cpu, wall = (statistics.median(column) for column in zip(*(ours for _, ours in rows), strict=True))
    alone = statistics.median(theirs[0] for theirs, _ in rows)
    print(f"bare engine and encoder: {alone:.1f} s of CPU for {hours:g} h of speech")
    print(f"aligner run: {cpu:.1f} s of CPU in {wall:.1f} s, {cpu / wall:.2f} cores of {os.cpu_count()} in use")
    print(f"CPU ratio: {ratio:.2f} (median of {pairs} pairs; goal: at most {GOAL_RATIO})")
    helped = statistics.median(spent([sys.executable, "-m", "aligner", "--help"])[1] for _ in range(9))
    print(f"aligner --help: {helped:.3f} s (median of 9; goal: under {GOAL_HELP} s)")


def spent(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a command with all its children."""
    before, started = os.times(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, time.monotonic() - started


def bare(document: Path) -> None:
    """Speak and encode with nothing around it."""
    text = document.read_text(encoding="utf-8")
    voice = voices.for_language("en")
    assert voice is not None
    manner: Manner = voices.manner(voice, VoiceSettings())
    engine, encoder = Engine(), Mp3Encoder(22_050, KBPS)
    start = 0
    for end in sentences.ends(text, "en"):
        sound, _ = engine.speak(text[start:end], manner)
        encoder.encode(sound)
        start = end
    encoder.flush()


if __name__ == "__main__":
    main()
