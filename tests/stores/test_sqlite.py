"""The history in a file keeps the contract."""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from chat.stores.sqlite import SQLiteHistory
from tests.contracts import HistoryContract
from tests.contracts.history import HistoryCase


class SQLiteCase(HistoryCase):
    """A history in a file, which can be closed and opened again."""

    def setUp(self) -> None:
        self.path = self.mktemp()
        self.broken: list[str] = []
        super().setUp()

    def new_history(self) -> Any:
        history = SQLiteHistory(reactor, self.mktemp(), self.broken.append)
        history.open()
        self.addCleanup(history.close)
        return history
    def fill_disk(self) -> None:
        self.history._writer.call(lambda c: c.execute("PRAGMA max_page_count = %d" % c.execute("PRAGMA page_count").fetchone()[0]).fetchall())
    def free_disk(self) -> None:
        self.history._writer.call(lambda c: c.execute("PRAGMA max_page_count = 1000000000").fetchall())


class SQLiteHistoryTests(HistoryContract, SQLiteCase, TestCase):
    pass
