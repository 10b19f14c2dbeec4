from __future__ import annotations

import asyncio
import logging
import os
import sys
from array import array
from typing import TYPE_CHECKING

import fakes.worker
import pytest

from aligner.errors import EngineError
from aligner.speech.server import pool as pools
from aligner.speech.server.pipe import Job
from aligner.speech.server.pool import Pool

if TYPE_CHECKING:
    from pathlib import Path


def job(text: str, voice: str = "gmw/en-US") -> Job:
    return Job(text.encode(), voice, 175, 50, 50)


def faked(notes: Path, workers: int = 1) -> Pool:
    return Pool(workers, (sys.executable, str(fakes.worker.__file__), str(notes)))


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def hanging_in(notes: Path) -> None:
    """Until the worker says that it hangs."""
    while not (notes / "hangs").exists():  # noqa: ASYNC110 - another process has no event to wait for
        await asyncio.sleep(0.01)


async def said(pool: Pool, text: str) -> int:
    return int((await pool.speak(job(text))).sound)


def test_a_worker_is_kept_and_ends_with_the_pool(tmp_path: Path) -> None:
    async def run() -> int:
        async with faked(tmp_path) as pool:
            first, second = await said(pool, "a"), await said(pool, "b")
            assert first == second
            assert alive(first)
        return first

    assert not alive(asyncio.run(run()))


def test_as_many_utterances_at_once_as_there_are_workers(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path, 2) as pool:
            processes = await asyncio.gather(*(said(pool, "a") for _ in range(12)))
            assert 1 <= len(set(processes)) <= 2

    asyncio.run(run())


def test_a_crash_costs_a_worker_but_not_the_utterance(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            first = await said(pool, "a")
            assert await said(pool, "once") != first

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert "died" in caplog.text
    assert "once" not in caplog.text.replace("trying it once more", "")


def test_a_text_that_always_crashes_is_named_and_the_next_is_spoken(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            with pytest.raises(EngineError, match="crashed on this text: 'crash'"):
                await pool.speak(job("crash"))
            assert await said(pool, "a")

    asyncio.run(run())


def test_only_the_beginning_of_a_long_text_is_named() -> None:
    assert pools._excerpt(b"word " * 100) == f"{('word ' * 100)[:40]}…"  # noqa: SLF001 - no long text crashes for sure


def test_what_the_worker_cannot_speak_is_an_error(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            with pytest.raises(EngineError, match="no such voice"):
                await pool.speak(job("fail"))

    asyncio.run(run())


def test_a_worker_that_hangs_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_PATIENCE", 0.5)

    async def run() -> None:
        async with faked(tmp_path) as pool:
            with pytest.raises(EngineError, match="hang"):
                await pool.speak(job("hang"))
            monkeypatch.setattr(pools, "_PATIENCE", 60)
            assert await said(pool, "a")

    asyncio.run(run())


def test_a_cancelled_utterance_leaves_no_half_reply_behind(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            hanging = asyncio.create_task(pool.speak(job("hang")))
            await hanging_in(tmp_path)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            reply = await pool.speak(job("abc"))
            assert array("i", reply.edges) == array("i", [0, 1, 2, 3])

    asyncio.run(run())


def test_one_who_waits_in_vain_does_not_take_a_turn(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            hanging = asyncio.create_task(pool.speak(job("hang")))
            waiting = asyncio.create_task(pool.speak(job("b")))
            await hanging_in(tmp_path)
            waiting.cancel()
            hanging.cancel()
            await asyncio.gather(hanging, waiting, return_exceptions=True)
            assert await said(pool, "a")

    asyncio.run(run())


def test_closing_ends_what_is_under_way(tmp_path: Path) -> None:
    async def run() -> None:
        pool = faked(tmp_path)
        hanging = asyncio.create_task(pool.speak(job("hang")))
        await hanging_in(tmp_path)
        await pool.close()
        with pytest.raises(EngineError, match="shut down"):
            await hanging
        with pytest.raises(EngineError, match="shut down"):
            await pool.speak(job("a"))

    asyncio.run(run())


def test_no_key_reaches_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "ELEVENLABS_API_KEY",
        "ALIGNER_VOICE",
        "MY_TOKEN",
        "CLIENT_SECRET",
        "DB_PASSWORD",
        "aws_access_key_id",
    ):
        monkeypatch.setenv(name, "hidden")
    monkeypatch.setenv("HARMLESS", "shown")

    async def run() -> list[str]:
        async with faked(tmp_path) as pool:
            return (await pool.speak(job("env"))).sound.decode().split("\n")

    names = asyncio.run(run())
    assert "HARMLESS" in names
    assert "PATH" in names
    assert not [name for name in names if any(part in name.upper() for part in ("KEY", "TOKEN", "SECRET", "PASSW"))]
    assert not [name for name in names if name.startswith(("ALIGNER_", "ELEVENLABS_"))]


def test_a_pool_has_a_worker_for_every_core_by_default() -> None:
    async def run() -> int:
        return Pool().size

    assert asyncio.run(run()) == (os.cpu_count() or 1)


# -- with the engine


def test_real_workers_speak() -> None:
    async def run() -> None:
        async with Pool(2) as pool:
            texts = ("Hello.", "Hello, world, how are you?", "Yes.")
            replies = await asyncio.gather(*(pool.speak(job(text)) for text in texts))
            assert [len(array("i", reply.edges)) for reply in replies] == [len(text) + 1 for text in texts]
            assert all(array("i", reply.edges)[-1] * 2 == len(reply.sound) for reply in replies)

    asyncio.run(run())


def test_a_text_that_crashes_the_library_costs_one_utterance() -> None:
    async def run() -> None:
        async with Pool(1) as pool:
            with pytest.raises(EngineError, match="crashed on this text: '`'"):
                await pool.speak(job("`", "aav/vi"))
            assert (await pool.speak(job("Xin chào.", "aav/vi"))).sound

    asyncio.run(run())
