"""The scripts of the page, run by Node: alone, and against a real daemon over a link that is cut anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.daemon.running import PATIENCE, DaemonTestCase

HERE = Path(__file__).parent


def node(*words: str) -> str:
    """What a script prints; a failure if it does not end well."""
    program = shutil.which("node")
    if program is None:
        raise SkipTest("Node is not installed; Debian's package is called nodejs")
    command = [program, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        raise AssertionError(f"{done.stdout}\n{done.stderr}")
    return done.stdout


class UnitTests(SynchronousTestCase):
    def test_alone(self) -> None:
        printed = node("--test", *map(str, sorted(HERE.glob("*.test.mjs"))))
        self.assertRegex(printed, r"# fail 0\b")
        self.assertNotRegex(printed, r"# pass 0\b")


class CutTests(DaemonTestCase):
    def nothing_is_lost_or_doubled(self, seed: int, *options: str) -> None:
        port = self.daemon(*options).addresses[0].rpartition(":")[2]
        seen: Any = json.loads(node(str(HERE / "cut.mjs"), port, str(seed)))
        self.assertGreater(seen["cuts"], 5)
        self.assertEqual(seen["alice"], seen["bob"])
        self.assertEqual({line["state"] for line in seen["bob"]}, {"kept"})
        self.assertEqual(len({line["id"] for line in seen["bob"]}), len(seen["bob"]))
        for who in ("alice", "bob"):
            said = [line["text"].split("\n")[0] for line in seen["bob"] if line["who"] == who]
            self.assertEqual(sorted(said, key=lambda text: int(text.split()[1])), [f"{who} {n}" for n in range(40)])

    def test_a_link_that_is_cut_anywhere(self) -> None:
        """What was missed is more than a page of the history has."""
        self.nothing_is_lost_or_doubled(1, "--history-lines", "4")

    def test_with_a_server_that_does_not_know_what_it_has_already(self) -> None:
        """The history tells."""
        self.nothing_is_lost_or_doubled(2, "--without", "twisted-chat/nonce")
