"""What is installed: all of the chat and one file of twisted.plugins, and nothing that is not ours."""

from __future__ import annotations

import email
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from twisted.trial.unittest import SkipTest, SynchronousTestCase

import chat

ROOT = Path(__file__).parent.parent
#: What a wheel is made of.
SOURCES = ("chat", "twisted", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
DIST_INFO = f"twisted_chat-{chat.__version__}.dist-info"


def require_tools() -> None:
    """Skip without what the extra "test" brings."""
    try:
        tools = version("build"), int(version("setuptools").partition(".")[0])
    except PackageNotFoundError as missing:
        raise SkipTest(f"{missing.name} is not installed; pip install '.[test]' brings it") from None
    if tools[1] < 77:
        raise SkipTest(f"setuptools {tools[1]} is too old, 77 is needed; pip install '.[test]' brings it")


def copy_to(folder: Path) -> None:
    """The sources alone, so that nothing that was built before finds its way in."""
    folder.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "dropin.cache"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, folder)


@cache
def wheel() -> bytes:
    """The wheel that these sources make."""
    with tempfile.TemporaryDirectory(prefix="chat-") as name:
        folder = Path(name)
        copy_to(folder / "source")
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", name, f"{name}/source"]
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        if built.returncode:
            raise AssertionError(built.stdout + built.stderr)
        [path] = folder.glob("*.whl")
        return path.read_bytes()


class WheelTests(SynchronousTestCase):
    def setUp(self) -> None:
        require_tools()
        self.file = zipfile.ZipFile(io.BytesIO(wheel()))
        self.addCleanup(self.file.close)

    def test_everything_is_in_it_and_nothing_else(self) -> None:
        ours = {str(path.relative_to(ROOT)) for path in (ROOT / "chat").rglob("*") if path.is_file()}
        expected = {name for name in ours if "__pycache__" not in name}
        self.assertIn(os.path.join("chat", "stores", "schema", "001.sql"), expected)
        expected.add("twisted/plugins/chat_plugin.py")
        about = "METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt"
        expected |= {f"{DIST_INFO}/{name}" for name in about}
        expected.add(f"{DIST_INFO}/licenses/LICENSE")
        self.assertEqual(sorted(self.file.namelist()), sorted(expected))
        self.assertNotIn("twisted/__init__.py", self.file.namelist())
        self.assertNotIn("twisted/plugins/__init__.py", self.file.namelist())

    def test_what_it_says_of_itself(self) -> None:
        metadata = email.message_from_bytes(self.file.read(f"{DIST_INFO}/METADATA"))
        self.assertEqual((metadata["Name"], metadata["Version"]), ("twisted-chat", chat.__version__))
        self.assertEqual(metadata["Requires-Python"], ">=3.10")
        needed = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
        self.assertEqual({line.split(">")[0].split(";")[0].strip() for line in needed},
                         {"twisted", "pyopenssl", "service-identity", "tomli", "h11", "wsproto"})  # fmt: skip
        self.assertIn("Root-Is-Purelib: true", self.file.read(f"{DIST_INFO}/WHEEL").decode())
