"""The history in memory keeps the contract, and its bounds."""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from chat.core.history import Query
from chat.stores.commit import Entry
from chat.stores.memory import MemoryHistory
from tests.contracts import HistoryContract
from tests.contracts.events import seqs
from tests.contracts.history import HistoryCase


class Memory(MemoryHistory):
    """Fails while it is told to be full: memory has no disk."""

    full = False

    def commit(self, batch: list[Entry]) -> None:
        if self.full:
            self.failed(batch, "disk full")
        else:
            super().commit(batch)


class MemoryHistoryTests(HistoryContract, TestCase):
    def new_history(self) -> Any:
        return Memory(reactor)

    def fill_disk(self) -> None:
        self.history.full = True

    def free_disk(self) -> None:
        self.history.full = False


class LimitTests(HistoryCase, TestCase):
    def new_history(self) -> Any:
        return MemoryHistory(reactor, limit=10)

    async def test_the_oldest_of_all_are_forgotten(self) -> None:
        line = self.stream.said("first")
        await self.kept(line, self.stream.edited(line, "edited"), self.stream.left("lobby", "dev"))
        await self.kept(*(self.stream.said(f"line {number}", "dev") for number in range(9)))
        self.assertEqual(seqs(await self.history.page(Query(("lobby", "dev"), lines=False))), list(range(3, 13)))
        self.assertIsNone(await self.history.find("id-1"))
        await self.kept(*(self.stream.said(f"line {number}", "dev") for number in range(9)))
        self.assertEqual(await self.history.page(Query(("lobby",), lines=False)), [])
        self.assertEqual(await self.history.count(Query(("dev",))), 10)

    async def test_a_room_that_got_another_name_is_forgotten_like_any(self) -> None:
        await self.kept(self.stream.said("old", "tea"), self.stream.left("tea", "dev"))
        await self.kept(self.stream.renamed("tea", "ops"))
        await self.kept(*(self.stream.said(f"line {number}", "tea") for number in range(9)))
        self.assertEqual(seqs(await self.history.page(Query(("ops", "tea"), lines=False))), list(range(3, 13)))
        await self.kept(*(self.stream.said(f"line {number}", "tea") for number in range(9)))
        self.assertEqual(await self.history.page(Query(("ops", "dev"), lines=False)), [])

    async def test_comings_and_goings_do_not_pile_up(self) -> None:
        for _ in range(30):
            await self.kept(self.stream.left())
        self.assertEqual([await self.history.find(f"id-{number}") is None for number in (20, 21)], [True, False])
