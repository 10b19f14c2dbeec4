from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from array import array
from pathlib import Path

import fakes.worker
import pytest

from aligner.errors import EngineError, ServiceBusy
from aligner.speech.server.voice import pool as pools
from aligner.speech.server.voice.pipe import Job, Spoken
from aligner.speech.server.voice.pool import Pool

UNFILTERED = """
import re
from aligner.speech.server.voice import espeak, worker
espeak._CRASHING = re.compile("(?!)")
worker.main()
"""
"""A real worker that lets through what is known to crash the library."""
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot fork here")


def job(text: str, voice: str = "gmw/en-US", *, pristine: bool = False) -> Job:
    return Job(text.encode(), voice, 175, 50, 50, pristine=pristine)


def faked(notes: Path, workers: int = 1, queue: int = 1000) -> Pool:
    return Pool(workers, (sys.executable, str(fakes.worker.__file__), str(notes)), queue=queue)


def started(notes: Path) -> list[str]:
    return sorted(path.name for path in notes.glob("worker-*"))


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


async def said(pool: Pool, text: str, *, pristine: bool = False) -> int:
    return int((await pool.speak(job(text, pristine=pristine))).sound)


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
    assert "once" not in caplog.text


def test_idle_workers_that_are_killed_cost_no_utterance(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path, 4) as pool:
            await pool.warm()
            for worker in started(tmp_path):
                os.kill(int(worker.split("-")[1]), signal.SIGTERM)
            assert await said(pool, "innocent") > 0
            assert await asyncio.gather(*(said(pool, "a") for _ in range(8)))

    asyncio.run(run())


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


def test_a_cancelled_utterance_leaves_no_half_reply_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_GRACE", 0.05)

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


def test_one_who_waits_in_vain_does_not_take_a_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_GRACE", 0.05)

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


def test_a_cancelled_utterance_that_ends_in_a_moment_costs_no_worker(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            slow = asyncio.create_task(pool.speak(job("slow")))
            await hanging_in(tmp_path)
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
            await said(pool, "a")
            await said(pool, "b")
        assert len(started(tmp_path)) == 1

    asyncio.run(run())


def test_hundreds_of_cancelled_utterances_leave_one_worker_and_no_task(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            for _ in range(20):
                tasks = [asyncio.create_task(pool.speak(job("a"))) for _ in range(10)]
                await asyncio.sleep(0.001)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            await said(pool, "a")
            assert pool.waiting == 0
        assert len(started(tmp_path)) == 1
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


def test_who_finds_the_queue_full_is_told_at_once(tmp_path: Path) -> None:
    async def run() -> None:
        pool = faked(tmp_path, queue=1)
        hanging = asyncio.create_task(pool.speak(job("slow")))
        await hanging_in(tmp_path)
        waiting = asyncio.create_task(pool.speak(job("b")))
        await asyncio.sleep(0)
        assert pool.waiting == 1
        with pytest.raises(ServiceBusy, match="1 utterances wait"):
            await pool.speak(job("c"), urgent=True)
        in_the_middle = asyncio.create_task(pool.speak(job("c")))
        await hanging
        await waiting
        await in_the_middle
        assert await said(pool, "d")  # there is room again
        await pool.close()

    asyncio.run(run())


def test_without_a_queue_as_many_as_there_are_workers_are_served(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path, queue=0) as pool:
            assert await said(pool, "a") == await said(pool, "b")
            both = pool.speak(job("slow"), urgent=True), pool.speak(job("a"), urgent=True)
            results = await asyncio.gather(*both, return_exceptions=True)
            assert [type(result) for result in results] == [Spoken, ServiceBusy]

    asyncio.run(run())


def test_a_text_that_crashes_is_tried_without_its_signs(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            spoken = await pool.speak(job("signs#"))
            assert len(array("i", spoken.edges)) == len("signs#") + 1

    asyncio.run(run())
    assert len(started(tmp_path)) == 3
    without = pools._without_signs(job("a`b <c> d&é, e! ૠ-1"))  # noqa: SLF001 - its rule
    assert without.text.decode() == "a b  c  d é, e! ૠ 1"


def test_closing_ends_what_is_under_way(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        pool = faked(tmp_path)
        hanging = asyncio.create_task(pool.speak(job("hang")))
        await hanging_in(tmp_path)
        await pool.close()
        with pytest.raises(EngineError, match="shut down"):
            await hanging
        with pytest.raises(EngineError, match="shut down"):
            await pool.speak(job("a"))
        assert pool.restarts == 0

    asyncio.run(run())
    assert not caplog.records  # nobody died: they were ended


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


def test_a_pool_has_two_workers_for_every_core_by_default() -> None:
    async def run() -> int:
        return Pool().size

    assert asyncio.run(run()) == 2 * (os.cpu_count() or 1)


# -- warm


def test_warm_workers_stand_ready(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path, 2) as pool:
            await pool.warm()
            ready = started(tmp_path)
            assert len(ready) == 2 + hasattr(os, "fork")
            assert len([name for name in ready if name.endswith("--pristine")]) == hasattr(os, "fork")
            await asyncio.gather(said(pool, "a"), said(pool, "b"), said(pool, "c", pristine=True))
            assert started(tmp_path) == ready or not hasattr(os, "fork")

    asyncio.run(run())


def test_warming_twice_leaves_no_more_workers_than_there_may_be(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path, 1) as pool:
            await asyncio.gather(pool.warm(), pool.warm(), said(pool, "a"))
            processes = [int("".join(filter(str.isdigit, name))) for name in started(tmp_path)]
            assert sum(map(alive, processes)) <= 1 + hasattr(os, "fork")

    asyncio.run(run())


def test_what_is_wrong_with_the_engine_is_told_by_the_first_job_only() -> None:
    async def run() -> None:
        async with Pool(1, (sys.executable, "-c", "")) as pool:
            await pool.warm()
            with pytest.raises(EngineError, match="crashed"):
                await pool.speak(job("a"))

    asyncio.run(run())


# -- pristine


@needs_fork
def test_pristine_jobs_have_workers_of_their_own(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            plain, pristine = await said(pool, "a"), await said(pool, "a", pristine=True)
            assert await said(pool, "b", pristine=True) == pristine != plain
            assert await said(pool, "b") == plain
            assert started(tmp_path) == sorted((f"worker-{plain}", f"worker-{pristine}--pristine"))

    asyncio.run(run())


def test_where_processes_cannot_fork_each_pristine_job_has_a_new_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_FORKS", False)

    async def run() -> None:
        async with faked(tmp_path) as pool:
            processes = [await said(pool, "a", pristine=True) for _ in range(3)]
            assert started(tmp_path) == sorted(f"worker-{process}" for process in processes)
            assert not any(map(alive, processes))

    asyncio.run(run())


def test_a_child_that_died_is_tried_again_by_the_same_worker(tmp_path: Path) -> None:
    async def run() -> None:
        async with faked(tmp_path) as pool:
            first = await said(pool, "a", pristine=True)
            assert await said(pool, "child", pristine=True) == first

    asyncio.run(run())


@needs_fork
def test_a_child_that_hangs_ends_with_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_GRACE", 0.05)

    async def run() -> int:
        async with faked(tmp_path) as pool:
            hanging = asyncio.create_task(pool.speak(job("fork", pristine=True)))
            await hanging_in(tmp_path)
            hanging.cancel()
            await asyncio.gather(hanging, return_exceptions=True)
            await said(pool, "a", pristine=True)
            return int((tmp_path / "child").read_text())

    child = asyncio.run(run())
    # Its parent is gone: who buries it is up to the system.
    assert not alive(child) or "Z" in Path(f"/proc/{child}/stat").read_text().rpartition(")")[2][:3]


# -- with the engine


def test_real_workers_speak() -> None:
    async def run() -> None:
        async with Pool(2) as pool:
            texts = ("Hello.", "Hello, world, how are you?", "Yes.")
            replies = await asyncio.gather(*(pool.speak(job(text)) for text in texts))
            assert [len(array("i", reply.edges)) for reply in replies] == [len(text) + 1 for text in texts]
            assert all(array("i", reply.edges)[-1] * 2 == len(reply.sound) for reply in replies)

    asyncio.run(run())


def test_the_same_pristine_job_gives_the_same_bytes_on_any_worker_of_any_pool() -> None:
    wanted = job("To be, or not to be: that is the question.", pristine=True)
    others = [job("Eins, zwei.", "gmw/de", pristine=True), job("Trois!", "roa/fr", pristine=True), job("Four.")]

    async def run(workers: int, before: list[Job]) -> list[Spoken]:
        async with Pool(workers) as pool:
            await pool.warm()
            for one in before:
                await pool.speak(one)
            return list(await asyncio.gather(*(pool.speak(wanted) for _ in range(3))))

    replies = [asyncio.run(run(1, [])), asyncio.run(run(2, others)), asyncio.run(run(1, others[::-1]))]
    assert len({(reply.sound, reply.edges) for found in replies for reply in found}) == 1


@pytest.mark.parametrize("pristine", [False, pytest.param(True, marks=needs_fork)])
def test_a_text_that_crashes_the_library_harms_nobody_else(pristine: bool) -> None:  # noqa: FBT001 - a parameter of the test
    async def run() -> None:
        async with Pool(2, (sys.executable, "-c", UNFILTERED)) as pool:
            spoken = await asyncio.gather(
                pool.speak(job("Xin chào.", "aav/vi", pristine=pristine)),
                pool.speak(job("`", "aav/vi", pristine=pristine)),
                *(pool.speak(job(f"Number {number}.")) for number in range(6)),
                pool.speak(job("\u0ae0", "aav/vi-VN-x-central", pristine=pristine)),
                pool.speak(job("Cảm ơn.", "aav/vi", pristine=pristine)),
                return_exceptions=True,
            )
            # Without its sign nothing is left to be spoken; the letter always crashes.
            assert spoken[1] == Spoken(b"", array("i", [0, 0]).tobytes())
            error = spoken.pop(-2)
            assert isinstance(error, EngineError)
            assert "crashed on this text: '\u0ae0'" in str(error)
            assert all(isinstance(one, Spoken) for one in spoken)
            assert (await pool.speak(job("Xin chào.", "aav/vi", pristine=pristine))).sound

    asyncio.run(run())


def test_what_is_known_to_crash_the_library_costs_no_worker() -> None:
    async def run() -> None:
        async with Pool(1) as pool:
            spoken = await pool.speak(job("`", "aav/vi"))
            assert not any(spoken.sound)
            assert (await pool.speak(job("Xin chào `bạn`.", "aav/vi"))).sound

    asyncio.run(run())
