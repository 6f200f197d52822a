"""Fonts in colours are hidden from X libraries that cannot draw them."""

from __future__ import annotations

import os
import shutil
import subprocess

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from chat.clients.window.glyphs import keep_plain


class GlyphTests(SynchronousTestCase):
    def fonts(self, colour: str, environ: dict[str, str]) -> str:
        """The fonts that fontconfig knows, those in colours or the others."""
        if shutil.which("fc-list") is None:
            raise SkipTest("fc-list is not installed (Debian: fontconfig)")
        command = ["fc-list", f":color={colour}", "family"]
        listed = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=True)
        self.assertEqual(listed.stderr, "")
        return listed.stdout

    def test_a_library_that_draws_them_is_left_alone(self) -> None:
        for version in (20_305, 20_306, None):
            environ: dict[str, str] = {}
            self.assertIsNone(keep_plain(version, environ))
            self.assertEqual(environ, {})

    def test_an_older_one_does_not_see_them_and_sees_all_others(self) -> None:
        environ: dict[str, str] = {}
        folder = keep_plain(20_304, environ)
        assert folder is not None
        self.addCleanup(folder.cleanup)
        self.assertEqual(self.fonts("true", environ), "")
        self.assertEqual(sorted(self.fonts("false", environ).split()), sorted(self.fonts("false", {}).split()))
