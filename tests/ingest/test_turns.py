"""Who sends together is taken together, and who sends alone waits for nobody."""

import asyncio
from collections.abc import Awaitable, Callable

from bocage.ingest.turns import PATIENCE, Turns


class Senders:
    """What waits, and how many each turn took."""

    def __init__(self) -> None:
        self.waiting = 0
        self.taken: list[int] = []
        self.turns = Turns(self._take)

    def _take(self) -> None:
        self.taken.append(self.waiting)
        self.waiting = 0

    def send(self) -> None:
        self.waiting += 1
        self.turns.came(self.waiting)

    def answered(self) -> None:
        self.turns.over(self.taken[-1], self.waiting)


def told(senders: Senders, story: Callable[[], Awaitable[None]]) -> list[int]:
    async def go() -> list[int]:
        async with asyncio.timeout(5):
            await story()
        return senders.taken

    return asyncio.run(go())


async def turn() -> None:
    await asyncio.sleep(0)


async def two_are_answered(senders: Senders) -> None:
    senders.send()
    senders.send()
    await turn()
    senders.answered()


def test_one_who_is_alone_has_a_turn_at_once() -> None:
    senders = Senders()

    async def story() -> None:
        for _ in range(2):
            senders.send()
            await turn()
            senders.answered()

    assert told(senders, story) == [1, 1]


def test_a_turn_waits_for_those_who_were_answered_last() -> None:
    senders = Senders()

    async def story() -> None:
        await two_are_answered(senders)
        senders.send()
        await turn()
        assert senders.taken == [2]
        senders.send()
        await turn()

    assert told(senders, story) == [2, 2]


def test_what_comes_while_a_turn_is_under_way_joins_those_who_come_back() -> None:
    senders = Senders()

    async def story() -> None:
        senders.send()
        await turn()
        senders.send()
        await turn()
        senders.answered()
        senders.send()
        await turn()

    assert told(senders, story) == [1, 2]


def test_nobody_waits_long_for_one_who_does_not_come_back() -> None:
    senders = Senders()

    async def story() -> None:
        await two_are_answered(senders)
        senders.send()
        await asyncio.sleep(20 * PATIENCE)
        senders.answered()
        senders.send()
        await turn()

    assert told(senders, story) == [2, 1, 1]


def test_a_turn_that_fails_holds_up_no_other() -> None:
    taken: list[str] = []

    def take() -> None:
        taken.append("turn")
        raise OSError("broken")

    async def story() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        turns = Turns(take)
        for _ in range(2):
            turns.came(1)
            await turn()

    asyncio.run(story())
    assert taken == ["turn", "turn"]
