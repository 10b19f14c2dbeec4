"""Memory against the length of the sound: all processes of `aligner run` over 1 and 10 hours of speech.

Run it: python tests/benchmarks/memory.py [HOURS …]   (Linux: it reads /proc)
Goal: 10 hours under 500 MB in all processes, and little more than 1 hour.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import corpus

GOAL_MB: Final = 500


def main() -> None:
    """Print the peak for each length beside the goal."""
    for count in [float(argument) for argument in sys.argv[1:]] or [1.0, 10.0]:
        with tempfile.TemporaryDirectory() as folder:
            document = Path(folder, "long.txt")
            document.write_text(corpus.hours(count), encoding="utf-8")
            peak, processes, seconds = watched([sys.executable, "-m", "aligner", "run", str(document), "--out", folder])
            sound = Path(folder, "long.mp3").stat().st_size
        print(
            f"{count:4g} h of speech: peak {peak:5.0f} MB in {processes} processes (goal: under {GOAL_MB} MB), "
            f"{seconds:.0f} s, mp3 {sound / 1e6:.0f} MB"
        )


def watched(command: list[str]) -> tuple[float, int, float]:
    """Run a command and watch its process tree: the peak in MB, of how many processes, the seconds it took."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, most = 0.0, 0
    while process.poll() is None:
        tree = _tree(process.pid)
        now = sum(map(_proportional, tree))
        peak, most = max(peak, now), max(most, len(tree))
        time.sleep(0.1)
    if process.returncode:
        sys.exit(f"the run failed with {process.returncode}")
    return peak, most, time.monotonic() - started


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        if children.exists():
            found += map(int, children.read_text().split())
    return found


def _proportional(pid: int) -> float:
    """MB of one process, what it shares divided among the sharers (Pss)."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
