from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from aligner.speech.server.voice.turns import IN_A_ROW, Turns


async def served(turns: Turns, *wanted: tuple[str, bool]) -> list[str]:
    """The order in which waiters get their turns, each given back at once."""
    order: list[str] = []

    async def wait(name: str, *, urgent: bool) -> None:
        await turns.take(urgent=urgent)
        order.append(name)
        await asyncio.sleep(0)
        turns.give_back()

    await turns.take()
    tasks = [asyncio.create_task(wait(name, urgent=urgent)) for name, urgent in wanted]
    await asyncio.sleep(0)
    turns.give_back()
    await asyncio.gather(*tasks)
    return order


def test_first_come_is_first_served() -> None:
    assert asyncio.run(served(Turns(1), ("a", False), ("b", False), ("c", False))) == ["a", "b", "c"]


def test_who_has_heard_nothing_goes_first() -> None:
    assert asyncio.run(served(Turns(1), ("a", False), ("B", True), ("C", True))) == ["B", "C", "a"]


def test_nobody_starves() -> None:
    crowd = [(str(number), True) for number in range(10)]
    order = asyncio.run(served(Turns(1), ("old", False), *crowd))
    assert order.index("old") == IN_A_ROW


@given(st.integers(1, 3), st.lists(st.booleans(), max_size=12), st.sets(st.integers(0, 11)))
def test_as_many_as_there_are_turns_and_none_is_lost(count: int, urgent: list[bool], quitters: set[int]) -> None:
    async def run() -> None:
        turns = Turns(count)
        inside = most = 0

        async def wait(*, urgent: bool) -> None:
            nonlocal inside, most
            await turns.take(urgent=urgent)
            inside += 1
            most = max(most, inside)
            try:
                await asyncio.sleep(0)
            finally:
                inside -= 1
                turns.give_back()

        tasks = [asyncio.create_task(wait(urgent=one)) for one in urgent]
        await asyncio.sleep(0)
        for number in quitters & set(range(len(tasks))):
            tasks[number].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert most <= count
        assert turns.waiting == 0
        for _ in range(count):
            assert not turns.all_taken
            await turns.take()
        assert turns.all_taken

    asyncio.run(run())


def test_who_leaves_just_as_turns_are_given_back_is_passed_over() -> None:
    async def run() -> None:
        turns = Turns(1)
        await turns.take()
        leaving = asyncio.create_task(turns.take())
        await asyncio.sleep(0)
        leaving.cancel()
        turns.give_back()  # before the task that leaves has run again
        await asyncio.wait([leaving])
        assert leaving.cancelled()
        assert (turns.waiting, turns.all_taken) == (0, False)

    asyncio.run(run())
