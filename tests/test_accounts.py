"""Accounts in the store: what lasts of them, and that secrets stand in one place only."""

from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from chat.core.accounts import Account, Verifier
from chat.core.events import AccountChanged, AccountRegistered
from chat.core.order import LocalOrder
from chat.core.registry import Author, Registry
from chat.core.router import Router
from chat.stores.sqlite import SQLiteHistory

ALICE = Author("alice", "1-a")
OLD, NEW = "old-hash-of-alice", "new-hash-of-alice"
OLD_SCRAM, NEW_SCRAM = Verifier("aaaa01", 4096, "bbbb01", "cccc01"), Verifier("aaaa02", 4096, "bbbb02", "cccc02")


class Asker:
    """Whoever publishes an event, and waits for it."""

    session = None

    def __init__(self) -> None:
        self.outcome: Deferred[Any] = Deferred()

    def delivered(self, event: Any) -> None:
        self.outcome.callback(event)

    def refused(self, event: Any, refusal: Exception) -> None:
        self.outcome.errback(refusal)


class StoredAccountTests(TestCase):
    def setUp(self) -> None:
        self.path = self.mktemp()
        self.open()

    def open(self) -> None:
        self.history = SQLiteHistory(reactor, self.path, self.fail)
        self.history.open()
        self.registry = Registry()
        ids = (f"id-{number}" for number in range(self.registry.seq, 1000))
        self.router = Router(self.registry, self.history, LocalOrder(), lambda: 1000, lambda now: next(ids))
        self.router.load()

    def close(self) -> bytes:
        """Close the store; all that is in its files."""
        self.history.close()
        path = Path(self.path)
        return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))

    async def happens(self, *events: Any) -> None:
        for event in events:
            asker = Asker()
            self.router.publish(event, asker)
            await asker.outcome

    async def test_secrets_are_in_the_state_alone(self) -> None:
        await self.happens(AccountRegistered(ALICE, "alice", OLD, OLD_SCRAM))
        kept: Any = await self.history.find("id-0")
        self.assertEqual((kept.account, kept.password, kept.scram), ("alice", "", None))
        rows = self.history._main.execute("SELECT body FROM event").fetchall()
        self.assertNotIn(OLD, repr(rows))
        self.assertNotIn("bbbb01", repr(rows))
        data = self.close()
        self.assertEqual((data.count(OLD.encode()), data.count(b"bbbb01")), (1, 1))

    async def test_an_old_password_leaves_nothing_behind(self) -> None:
        changed = AccountChanged(ALICE, "alice", NEW, NEW_SCRAM)
        await self.happens(AccountRegistered(ALICE, "alice", OLD, OLD_SCRAM), changed)
        data = self.close()
        self.assertEqual((data.count(OLD.encode()), data.count(b"bbbb01")), (0, 0))
        self.assertEqual((data.count(NEW.encode()), data.count(b"bbbb02")), (1, 1))

    async def test_an_account_comes_back(self) -> None:
        await self.happens(
            AccountRegistered(ALICE, "alice", OLD, OLD_SCRAM),
            AccountChanged(ALICE, "Alice", NEW, NEW_SCRAM),
            AccountChanged(ALICE, "alice", certificates=("ab",), settings={"always-on": "true"}),
        )
        self.close()
        self.open()
        self.addCleanup(self.history.close)
        account = Account("alice", NEW, NEW_SCRAM, ("ab",), 1000, {"always-on": "true"})
        self.assertEqual(self.registry.account("ALICE"), account)
