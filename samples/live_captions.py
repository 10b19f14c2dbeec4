"""Captions in the terminal, in step with the sound, while the speech is still being made.

    python samples/live_captions.py                      # the first paragraph of lighthouse.md
    python samples/live_captions.py "Any text you like."
    python samples/live_captions.py - < letter.txt       # as it comes on standard input

With sounddevice installed (`pip install sounddevice`) you hear it, and its clock leads; else a silent player keeps the
same time. The word being spoken is bright. `--fast` plays without waiting, `--engine` names who speaks.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
import time
from collections import deque
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

import aligner

if TYPE_CHECKING:
    from collections.abc import Iterable

SAMPLE = Path(__file__).with_name("lighthouse.md")
FRAME = 1 / 24


class SilentPlayer:
    """Plays nothing, but takes as long as the sound: its clock stops while there is none."""

    def __init__(self, pace: float = 1.0) -> None:
        self._pace = pace
        self._end = 0
        self._played = 0.0
        self._at = time.monotonic()

    def play(self, audio: aligner.Audio) -> None:
        """Take the next piece of the sound."""
        self.now()
        self._end = audio.end

    def left(self) -> bool:
        """Whether there is sound that was not played."""
        return self.now() < self._end

    def now(self) -> int:
        """The microsecond of the sound that is heard now."""
        at = time.monotonic()
        self._played = min(self._end, self._played + (at - self._at) * 1_000_000 * self._pace)
        self._at = at
        return int(self._played)


class Player:
    """Plays through the default device; its clock is what the device has taken, less what it still holds."""

    def __init__(self, device: Any) -> None:  # noqa: ANN401 - the library has no types
        self._device = device
        self._stream: Any = None
        self._waiting = bytearray()
        self._rate = 0
        self._samples = 0

    def play(self, audio: aligner.Audio) -> None:
        """Take the next piece of the sound."""
        self._waiting += audio.data
        if self._stream is None:
            self._rate = audio.rate
            self._stream = self._device.RawOutputStream(
                samplerate=audio.rate, channels=1, dtype="int16", callback=self._fill
            )
            self._stream.start()

    def left(self) -> bool:
        """Whether there is sound that was not played."""
        return bool(self._waiting)

    def now(self) -> int:
        """The microsecond of the sound that is heard now."""
        late = self._stream.latency * self._rate if self._stream else 0
        return int(max(0, self._samples - late) * 1_000_000 / self._rate) if self._rate else 0

    def _fill(self, out: Any, frames: int, _time: object, _status: object) -> None:  # noqa: ANN401
        data = bytes(self._waiting[: 2 * frames])
        del self._waiting[: len(data)]
        self._samples += len(data) // 2
        out[:] = data.ljust(2 * frames, b"\0")


def player(*, fast: bool) -> SilentPlayer | Player:
    """Whatever this machine can play with."""
    if fast:
        return SilentPlayer(pace=1_000)
    with suppress(ImportError, OSError):
        return Player(importlib.import_module("sounddevice"))
    return SilentPlayer()


class Screen:
    """What has come and what is shown: cues by their times, words by theirs."""

    def __init__(self) -> None:
        self._words: list[aligner.Word] = []
        self._cues: deque[aligner.Cue] = deque()

    def take(self, event: object) -> None:
        """A word or a cue, as it comes."""
        if isinstance(event, aligner.SpokenWord):
            self._words.append(event.word)
        elif isinstance(event, aligner.FinishedCue):
            self._cues.append(event.cue)

    def gone(self, now: int) -> Iterable[aligner.Cue]:
        """The cues that are over, each once."""
        while self._cues and self._cues[0].end <= now:
            yield self._cues.popleft()

    def show(self, now: int) -> Text:
        """The cue of a moment, its word bright."""
        cue = self._cues[0] if self._cues and self._cues[0].start <= now else None
        return Text("\n").join(self._lines(cue, now)) if cue else Text("\n")

    def _lines(self, cue: aligner.Cue, now: int) -> Iterable[Text]:
        place = cue.words[0]
        for line in cue.lines:
            text, column = Text(line, style="dim"), 0
            while place < cue.words[1] and (found := line.find(self._words[place].text, column)) >= 0:
                word, column = self._words[place], found + len(self._words[place].text)
                style = "not dim bold yellow" if word.start <= now < word.end else "not dim" if word.end <= now else ""
                text.stylize(style, found, column)
                place += 1
            yield text


async def listen(
    text: str | Iterable[str], options: aligner.Options, device: SilentPlayer | Player, screen: Screen
) -> None:
    """Hand the sound to the player and the rest to the screen."""
    async with aclosing(aligner.stream(text, options)) as events:
        async for event in events:
            if isinstance(event, aligner.Audio):
                device.play(event)
            else:
                screen.take(event)


async def watch(console: Console, device: SilentPlayer | Player, screen: Screen, task: asyncio.Task[None]) -> None:
    """Show each cue while its sound is heard; what is over stays above."""
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while not task.done() or device.left():
            now = device.now()
            for cue in screen.gone(now):
                console.print(f"{cue.start / 1_000_000:7.2f}  {' / '.join(cue.lines)}", style="dim", highlight=False)
            live.update(screen.show(now), refresh=True)
            await asyncio.sleep(FRAME)
    for cue in screen.gone(sys.maxsize):
        console.print(f"{cue.start / 1_000_000:7.2f}  {' / '.join(cue.lines)}", style="dim", highlight=False)
    await task


async def main() -> None:
    """Speak what the command line says."""
    parser = argparse.ArgumentParser(description="captions in the terminal, in step with the sound")
    parser.add_argument("text", nargs="?", help="what to say; - reads standard input as it comes")
    parser.add_argument("--engine", default="local", help="local, or the address of a running service")
    parser.add_argument("--language")
    parser.add_argument("--fast", action="store_true", help="do not wait for the sound")
    given = parser.parse_args()
    sample = SAMPLE.read_text("utf-8").split("\n\n")[1].replace("\n", " ")
    text = sample if given.text is None else given.text
    options = aligner.Options(engine=given.engine, language=given.language)
    device, screen = player(fast=given.fast), Screen()
    task = asyncio.create_task(listen(sys.stdin if text == "-" else text, options, device, screen))
    try:
        await watch(Console(), device, screen, task)
    finally:
        task.cancel()
        await asyncio.wait([task])


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except aligner.AlignerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
