"""The directory of the files: there is a whole one, or none."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from unittest import mock

from twisted.trial.unittest import SynchronousTestCase

from chat.files.directory import SPARE, About, Directory, FilesError, Part, key_of, kind_of


class DirectoryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = os.path.abspath(self.mktemp())
        self.directory = Directory(self.path)
        self.directory.claim()
        self.addCleanup(self.directory.release)

    def keep(self, *pieces: bytes, name: str = "plan.pdf") -> tuple[Part, About]:
        part = self.directory.begin(0)
        part.write(pieces)
        return part, part.keep(name, "alice", "Alice", 1000)

    def test_what_is_kept_is_found_by_its_secret(self) -> None:
        part, about = self.keep(b"one", b"two")
        self.assertEqual(about, About("plan.pdf", 6, hashlib.sha256(b"onetwo").hexdigest(),
                                      "application/octet-stream", "alice", "Alice", 1000))  # fmt: skip
        found = self.directory.open(key_of(part.secret))
        assert found is not None
        with found[0] as file:
            self.assertEqual((file.read(), found[1]), (b"onetwo", about))
        again = Directory(self.path)
        self.assertEqual(again.load(), {part.key: about})

    def test_neither_the_secret_nor_the_name_is_a_name_on_the_disk(self) -> None:
        part, _ = self.keep(b"x", name="plan.pdf")
        self.assertRegex(part.secret, r"\A[0-9a-f]{32}\Z")
        self.assertEqual(sorted(os.listdir(self.path)), [part.key, "lock"])
        self.assertNotEqual(part.key, part.secret)
        self.assertEqual(sorted(os.listdir(os.path.join(self.path, part.key))), ["about.json", "data"])
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o700)

    def test_nothing_is_there_before_all_of_it_is_on_disk(self) -> None:
        part = self.directory.begin(0)
        part.write([b"x"])
        self.assertIsNone(self.directory.open(part.key))
        synced: list[tuple[str, bool]] = []

        def fsync(handle: int) -> None:
            path = os.readlink(f"/proc/self/fd/{handle}").removeprefix(self.path)
            synced.append((path, self.directory.about(part.key) is not None))

        with mock.patch("chat.files.directory.os.fsync", fsync):
            part.keep("x", "a", "a", 0)
        inside = [(f"/{part.key}.part{end}", False) for end in ("/data", "/about.json", "")]
        self.assertEqual(synced, [*inside, ("", True)])

    if not os.path.isdir("/proc/self/fd"):
        test_nothing_is_there_before_all_of_it_is_on_disk.skip = "there is no /proc to see what is synced"  # type: ignore[attr-defined]

    def test_what_a_crash_has_left_half_done_is_thrown_away_and_nothing_else(self) -> None:
        kept, about = self.keep(b"whole")
        half = self.directory.begin(0)
        half.write([b"half"])
        gone, _ = self.keep(b"gone")
        os.rename(os.path.join(self.path, gone.key), os.path.join(self.path, f"{gone.key}.part"))
        broken, _ = self.keep(b"broken")
        with open(os.path.join(self.path, broken.key, "about.json"), "w", encoding="utf-8") as file:
            json.dump({"name": "x"}, file)
        for name in ("mine.part", "letters"):
            os.mkdir(os.path.join(self.path, name))
        again = Directory(self.path)
        self.assertEqual(again.load(), {kept.key: about})
        self.assertEqual(sorted(os.listdir(self.path)), sorted([kept.key, broken.key, "letters", "lock", "mine.part"]))

    def test_what_is_removed_is_gone_with_all_that_is_known_of_it(self) -> None:
        part, _ = self.keep(b"x")
        self.directory.remove(part.key)
        self.directory.remove(part.key)
        self.assertEqual((self.directory.open(part.key), os.listdir(self.path)), (None, ["lock"]))

    def test_what_is_discarded_leaves_nothing(self) -> None:
        part = self.directory.begin(0)
        part.write([b"x" * 100_000])
        part.discard()
        self.assertEqual(os.listdir(self.path), ["lock"])

    def test_some_room_is_left_for_the_history(self) -> None:
        usage = mock.Mock(free=SPARE + 100)
        with mock.patch("chat.files.directory.shutil.disk_usage", return_value=usage):
            self.directory.begin(100).discard()
            error = self.assertRaises(OSError, self.directory.begin, 101)
        self.assertEqual(error.errno, errno.ENOSPC)
        self.assertEqual(os.listdir(self.path), ["lock"])

    def test_a_second_daemon_is_kept_out(self) -> None:
        error = self.assertRaises(FilesError, Directory(self.path).claim)
        sentence = "is in use by another chat daemon. Name another directory with --files."
        self.assertEqual(str(error), f"{self.path} {sentence}")
        self.directory.release()
        again = Directory(self.path)
        again.claim()
        again.release()

    def test_what_is_no_directory_cannot_be_used(self) -> None:
        file = os.path.join(self.path, "lock")
        error = self.assertRaises(FilesError, Directory(file).claim)
        self.assertEqual(str(error), f"The directory for files, {file}, cannot be used: file exists.")


class KindTests(SynchronousTestCase):
    def test_pictures_are_known_by_how_they_begin_and_everything_else_is_bytes(self) -> None:
        for beginning, kind in (
            (b"\x89PNG\r\n\x1a\n\0\0\0\r", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF89a", "image/gif"),
            (b"RIFF\0\0\0\0WEBP", "image/webp"), (b"RIFF\0\0\0\0WAVE", "application/octet-stream"),
            (b"<html>", "application/octet-stream"), (b"<svg", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ):  # fmt: skip
            self.assertEqual(kind_of(beginning), kind)


