"""That what it costs to keep a line, and to read a long history, can still be asked."""

from __future__ import annotations

import shutil
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from twisted.trial.unittest import SkipTest, TestCase

from bench import history, store
from bench.bout import Measure, bout
from bench.campaign import prepare
from bench.servers import find
from bench.workloads import WORKLOADS


class KeepingTests(TestCase):
    def test_lines_are_kept_in_batches(self) -> None:
        for kind in store.KINDS:
            self.assertGreater(store.measure(kind, 4, 40)["bytes"], 0)


class ReadingTests(TestCase):
    def test_every_question_is_answered_by_a_daemon_with_a_history(self) -> None:
        if not shutil.which("openssl"):
            raise SkipTest("openssl, which makes the certificate of all servers, is not installed.")
        folder = Path(self.mktemp())
        server = find("ours:3k", folder)
        with redirect_stderr(StringIO()):
            prepare(server)
        self.assertEqual([path.name for path in folder.iterdir()], ["3000.sqlite"])
        for name in ("past", "rare", "common", "both", "absent"):
            (row,) = bout(server, WORKLOADS[name], Measure(seconds=0.01))
            self.assertTrue(row["ok"], name)

    def test_a_history_says_what_it_costs_to_read(self) -> None:
        path = self.mktemp()
        history.fill(path, 3_000)
        self.assertIn("search: two common words", history.measure(path, 3_000, 1))
