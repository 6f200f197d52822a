"""`twisted-chat window` as a process: where there is no screen it says so, and on one it signs in by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.clients.window.screen import display, require_tk
from tests.daemon.running import PATIENCE, ROOT, DaemonTestCase, until

#: Runs the command line without the part of Python that is named.
WITHOUT = "import sys; sys.modules['{}'] = None; sys.argv[0] = 'twisted-chat'; from chat.__main__ import main; main()"


class BeginTests(DaemonTestCase):
    def environ(self, **more: str) -> dict[str, str]:
        known = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        return {**known, "PYTHONPATH": ROOT, "XDG_STATE_HOME": self.directory, **more}

    def run_without(self, module: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", WITHOUT.format(module), "window", "127.0.0.1:1"], env=self.environ(**environ),
            capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=self.directory,
        )  # fmt: skip

    def test_without_tk_it_says_what_to_install(self) -> None:
        ended = self.run_without("_tkinter")
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        self.assertIn("python3-tk", ended.stderr)

    def test_without_a_display_it_says_so(self) -> None:
        require_tk()
        ended = self.run_without("nothing")
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        self.assertIn("The window needs a display", ended.stderr)
        self.assertIn("twisted-chat join", ended.stderr)

    def test_without_any_font_it_says_what_to_install(self) -> None:
        screen = display()
        empty = self.write("fonts.conf", '<?xml version="1.0"?><fontconfig></fontconfig>')
        ended = self.run_without("nothing", DISPLAY=screen, FONTCONFIG_FILE=empty)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        self.assertIn("fonts-dejavu-core", ended.stderr)

    def test_with_a_server_and_a_name_it_goes_in_and_leaves_when_it_is_ended(self) -> None:
        screen, daemon = display(), self.daemon()
        bob = daemon.person("bob")
        process = subprocess.Popen(
            [sys.executable, "-m", "chat", "window", daemon.addresses[0], "--nick", "alice"],
            env=self.environ(DISPLAY=screen), cwd=self.directory, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        bob.hears("* alice came")
        until(lambda: os.path.exists(self.path("twisted-chat/remembered.json")), "what is remembered")
        process.send_signal(signal.SIGTERM)
        bob.hears("* alice left")
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(process.communicate()[1], "")
