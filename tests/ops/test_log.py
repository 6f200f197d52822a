"""The log is as Twisted writes it."""

from __future__ import annotations

import io

from twisted.logger import Logger, textFileLogObserver
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from chat.ops.log import observer


class LogTests(SynchronousTestCase):
    """Both observers are given the same events."""

    def test_it_is_as_twisted_writes_it(self) -> None:
        ours, theirs = io.StringIO(), io.StringIO()
        observers = observer(ours), textFileLogObserver(theirs)

        def both(event: dict[str, object]) -> None:
            event["log_time"] = times.pop()
            for each in observers:
                each(event)

        times = [None, 1_795_176_001.0, 1_795_176_000.999, 1_795_176_000.001]
        log = Logger(namespace="chat", observer=both)  # type: ignore[arg-type]
        log.info("[NEW CONNECTION] {peer} connected.", peer=("127.0.0.1", 12345))
        log.warn("two\nlines of {count()}", count=lambda: 3)
        log.failure("A bug", Failure(ValueError("what")))
        log.info("when nobody knows")
        self.assertEqual(times, [])
        self.assertEqual(ours.getvalue(), theirs.getvalue())
        self.assertEqual(ours.getvalue().count("chat#"), 4)
