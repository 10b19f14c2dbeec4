"""The embedded service under load: first byte, many at once, throughput, and what a thousand dropped sessions leave.

Run it: python tests/benchmarks/service.py [latency|crowd|throughput|leaks …]
Goals: first audio byte after the message that crosses the threshold, 130 characters, pcm_22050: median at most 20 ms,
p95 at most 50 ms. 50 connections at once: all finish, first byte p95 at most 500 ms. Throughput at least 70 % of the
bare engine on both cores (pcm), of engine and encoder (mp3). 1,000 connections dropped anywhere leave nothing behind.
The service is `aligner serve` in a process of its own; the client that measures runs on the same cores.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import corpus
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from aligner import sentences
from aligner.audio import Mp3Encoder
from aligner.model import VoiceSettings
from aligner.speech.server.voice import voices
from aligner.speech.server.voice.espeak import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL_FIRST: Final = (0.020, 0.050)
GOAL_CROWD: Final = 0.500
GOAL_SHARE: Final = 0.70
CORES: Final = os.cpu_count() or 1
CHARACTERS: Final = 200_000
PAIRS: Final = 3


def main() -> None:
    """Print the figures of the parts that are named, or of all."""
    if sys.argv[1:2] == ["--bare"]:
        bare(int(sys.argv[2]), mp3=sys.argv[3] == "mp3")
        return
    parts = {"latency": latency, "crowd": crowd, "throughput": throughput, "leaks": leaks}
    for name in sys.argv[1:] or parts:
        parts[name]()


@contextmanager
def service() -> Iterator[tuple[str, int]]:
    """URL and process id of a service, warm."""
    command = [sys.executable, "-m", "aligner", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().removeprefix("listening on ").strip()
        for _ in range(2 * CORES):
            asyncio.run(session(url, "Warm and ready. " * 9))
        try:
            yield url, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def target(output_format: str = "pcm_22050") -> str:
    """Path and query of a session."""
    return f"/v1/text-to-speech/en-us/stream-input?sync_alignment=true&output_format={output_format}"


async def session(url: str, text: str, output_format: str = "pcm_22050") -> tuple[float, int]:
    """Speak a text in one message: seconds from it to the first sound, and how many bytes all frames had."""
    async with connect(url + target(output_format), max_size=None, compression=None, max_queue=64) as socket:
        await socket.send(json.dumps({"text": " "}))
        sent = time.perf_counter()
        await socket.send(json.dumps({"text": text}))
        await socket.send(json.dumps({"text": ""}))
        first, size = 0.0, 0
        async for frame in socket:
            first = first or time.perf_counter() - sent
            size += len(frame)
    return first, size


# -- the first byte ---------------------------------------------------------------------------------------------------


def latency() -> None:
    """Sessions one after the other; each text is another one."""
    with service() as (url, _):
        waited = asyncio.run(_first_bytes(url, 200))
    median, p95 = statistics.median(waited), statistics.quantiles(waited, n=20)[-1]
    print(f"first byte, pcm_22050, 130 characters, {len(waited)} sessions:", end=" ")
    print(f"median {1000 * median:.1f} ms (goal 20), p95 {1000 * p95:.1f} ms (goal 50)")


async def _first_bytes(url: str, count: int) -> list[float]:
    return [await _first_byte(url, text) for text in texts(130, count)]


async def _first_byte(url: str, text: str) -> float:
    """The first message stays below the threshold of 120 characters, the second one crosses it."""
    async with connect(url + target(), max_size=None, compression=None) as socket:
        await socket.send(json.dumps({"text": " "}))
        await socket.send(json.dumps({"text": text[:100]}))
        await asyncio.sleep(0.01)
        started = time.perf_counter()
        await socket.send(json.dumps({"text": text[100:]}))
        while not base64.b64decode(json.loads(await socket.recv())["audio"]):
            pass
        return time.perf_counter() - started


def texts(length: int, count: int) -> Iterator[str]:
    """Stretches of prose, cut at words; each is another one."""
    words = cycle(corpus.english(100_000).split())
    for _ in range(count):
        text = ""
        while len(text) < length:
            text += f"{next(words)} "
        yield text


# -- many at once -----------------------------------------------------------------------------------------------------


def crowd() -> None:
    """Fifty sessions that begin at the same moment."""
    with service() as (url, _):
        found = asyncio.run(_crowd(url, 50))
    waited = [first for first, _ in found]
    p95 = statistics.quantiles(waited, n=20)[-1]
    print(f"{len(found)} connections at once, 1,500 characters each: all finished,", end=" ")
    print(f"first byte median {1000 * statistics.median(waited):.0f} ms, p95 {1000 * p95:.0f} ms (goal 500),", end=" ")
    print(f"worst {1000 * max(waited):.0f} ms")


async def _crowd(url: str, count: int) -> list[tuple[float, int]]:
    return await asyncio.gather(*(session(url, text) for text in texts(1_500, count)))


# -- throughput -------------------------------------------------------------------------------------------------------


def throughput() -> None:
    """The same text by the service and by bare engines, one on each core, in turns."""
    for name, output_format in (("pcm", "pcm_22050"), ("mp3", "mp3_22050_32")):
        with service() as (url, _):
            pairs = [(_bare_seconds(name), asyncio.run(_service_seconds(url, output_format))) for _ in range(PAIRS)]
        share = statistics.median(alone / served for alone, served in pairs)
        alone, served = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"throughput, {output_format}: {CHARACTERS / served:,.0f} characters a second,", end=" ")
        print(f"bare {CHARACTERS / alone:,.0f}: {share:.0%} (median of {PAIRS}; goal {GOAL_SHARE:.0%})")


def _bare_seconds(name: str) -> float:
    started = time.perf_counter()
    command = [sys.executable, __file__, "--bare", str(CHARACTERS // CORES), name]
    for process in [subprocess.Popen(command) for _ in range(CORES)]:
        process.wait()
    return time.perf_counter() - started


def bare(characters: int, *, mp3: bool) -> None:
    """What a core does with nothing around it: sentence by sentence to the engine, and the sound to an encoder."""
    engine, text = Engine(), corpus.english(characters)
    voice = voices.find("en-us")
    assert voice
    manner = voices.manner(voice, VoiceSettings())
    encoder = Mp3Encoder(22_050, 32) if mp3 else None
    start = 0
    for end in sentences.ends(text, "en"):
        sound, _ = engine.speak(text[start:end], manner)
        start = end
        if encoder:
            encoder.encode(sound)


async def _service_seconds(url: str, output_format: str) -> float:
    """As many sessions as twice the cores, each with a share of the text in one message."""
    count = 2 * CORES
    text = corpus.english(CHARACTERS // count)
    started = time.perf_counter()
    await asyncio.gather(*(session(url, text, output_format) for _ in range(count)))
    return time.perf_counter() - started


# -- what is left behind ----------------------------------------------------------------------------------------------


def leaks() -> None:
    """A thousand sessions that are dropped at random points, and what the service holds before and after."""
    with service() as (url, pid):
        asyncio.run(_drop(url, 200, seed=1))  # what is allocated once is not a leak
        before = _held(pid)
        asyncio.run(_drop(url, 1_000, seed=2))
        time.sleep(1)
        after = _held(pid)
        first, _ = asyncio.run(session(url, "Still here. " * 12))
    print("1,000 connections dropped at random points (before, after):")
    for name, old in before.items():
        print(f"  {name}: {old}, {after[name]}")
    print(f"  and the next session's first byte comes after {1000 * first:.0f} ms")


async def _drop(url: str, count: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    pending = iter(range(count))

    async def some() -> None:
        for _ in pending:
            await _dropped(url, chance)

    await asyncio.gather(*(some() for _ in range(20)))


async def _dropped(url: str, chance: random.Random) -> None:
    text = "This is a sentence that will hardly be heard to its end. " * chance.randint(1, 60)
    try:
        socket = await connect(url + target(chance.choice(["pcm_22050", "mp3_44100_64"])), max_size=None)
        for message in islice(({"text": " "}, {"text": text}, {"text": ""}), chance.randint(0, 3)):
            await socket.send(json.dumps(message))
        for _ in range(chance.randint(0, 4)):
            async with asyncio.timeout(chance.random() / 4):
                await socket.recv()
        await asyncio.sleep(chance.random() / 20)
    except (ConnectionClosed, TimeoutError):
        pass
    socket.transport.abort()


def _held(pid: int) -> dict[str, object]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    memory = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return {
        "worker processes": len(children),
        "file descriptors": len(list(Path(f"/proc/{pid}/fd").iterdir())),
        "threads": len(list(Path(f"/proc/{pid}/task").iterdir())),
        "memory (MB)": int(memory[1]) // 1024 if memory else None,
    }


if __name__ == "__main__":
    main()
