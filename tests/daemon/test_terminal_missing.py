"""The terminal client where it cannot be: a sentence says why, and nothing is started."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.daemon.running import ROOT, DaemonTestCase

#: Runs `twisted-chat` as if Textual were not installed.
WITHOUT = (
    "import sys; sys.modules['textual'] = None; from chat.__main__ import main; sys.argv[0] = 'twisted-chat'; main()"
)


class MissingTests(DaemonTestCase):
    def joins(self, *command: str) -> tuple[int, str]:
        """The exit status of `twisted-chat join` without an address, and what it says."""
        environ = {**os.environ, "PYTHONPATH": ROOT, "HOME": self.directory, "XDG_STATE_HOME": self.directory}
        run = subprocess.run(
            [*command, "join"], cwd=self.directory, env=environ, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=90,
        )  # fmt: skip
        self.assertEqual(os.listdir(self.directory), [], "a server was started")
        return run.returncode, run.stdout + run.stderr

    def test_without_textual(self) -> None:
        status, said = self.joins(sys.executable, "-c", WITHOUT)
        self.assertEqual(status, 1)
        self.assertEqual(
            said,
            "The client for the terminal needs Textual: pip install 'twisted-chat[tui]'. "
            "`twisted-chat join --plain` works without it.\n",
        )

    def test_without_a_terminal(self) -> None:
        status, said = self.joins(sys.executable, "-m", "chat")
        self.assertEqual(status, 1)
        self.assertIn("`twisted-chat join --plain`", said)
        self.assertEqual(said.count("\n"), 1)
