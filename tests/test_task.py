"""A command that waits."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from chat.task import Task


class TaskTests(SynchronousTestCase):
    """What became of a coroutine is told, in order."""

    def setUp(self) -> None:
        self.told: list[str] = []

    def run_it(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        Task(coroutine, self.failed, lambda: self.told.append("ended")).go_on()

    def failed(self, failure: Failure) -> None:
        self.told.append(failure.getErrorMessage())

    async def waits(self, *awaited: Deferred[str]) -> None:
        for each in awaited:
            try:
                self.told.append(await each)
            except LookupError as error:
                self.told.append(f"caught {error.args[0]}")

    def test_it_goes_on_with_what_it_waited_for(self) -> None:
        first: Deferred[str] = Deferred()
        second: Deferred[str] = Deferred()
        self.run_it(self.waits(first, second))
        second.callback("two")
        self.assertEqual(self.told, [])
        first.callback("one")
        self.assertEqual(self.told, ["one", "two", "ended"])

    def test_it_may_catch_what_it_waited_for(self) -> None:
        first: Deferred[str] = Deferred()
        second: Deferred[str] = Deferred()
        self.run_it(self.waits(first, second))
        first.errback(LookupError("one"))
        self.assertEqual(self.told, ["caught one"])
        second.errback(ValueError("two"))
        self.assertEqual(self.told, ["caught one", "two", "ended"])
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_it_ends_even_if_nobody_can_be_told_why(self) -> None:
        def failed(failure: Failure) -> None:
            raise RuntimeError("no words for it")

        waited: Deferred[str] = Deferred()
        Task(self.waits(waited), failed, lambda: self.told.append("ended")).go_on()
        waited.errback(ValueError("what"))
        self.assertEqual(self.told, ["ended"])
        self.failureResultOf(waited, RuntimeError)
