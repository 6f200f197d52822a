"""What a file is called, whatever it was called."""

from __future__ import annotations

import re
import unicodedata

from twisted.trial.unittest import SynchronousTestCase

from chat.files.names import LONGEST, LONGEST_PLAIN, cleaned, disposition, named, plain, size_of
from tests.files import hostile

DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in "0123456789¹²³")}


class CleanedTests(SynchronousTestCase):
    def test_an_ordinary_name_stays_as_it_is(self) -> None:
        for name in ("plan.pdf", "my plan (final).pdf", "Фото отпуска.jpg", "写真.png", "a.tar.gz", "🎉.gif", "7%"):
            self.assertEqual(cleaned(name), name)

    def test_what_does_harm_is_taken_from_it(self) -> None:
        for name, clean in (
            ("../../etc/passwd", "passwd"), ("C:\\Temp\\a.txt", "a.txt"), ("/etc/", "file"), ("", "file"),
            ("..", "file"),
            (".bashrc", "bashrc"), ("-rf", "rf"), ("a\nb\0c.png", "a bc.png"), ("\u202egpj.exe", "gpj.exe"),
            ('a"b<c>.txt', "a_b_c_.txt"), ("con.txt", "_con.txt"), ("LPT9", "_LPT9"), ("x. . ", "x"), ("e\u0301", "é"),
            ("\x1b[2Jx", "[2Jx"),
        ):  # fmt: skip
            self.assertEqual(cleaned(name), clean, repr(name))

    def test_a_long_name_keeps_its_end(self) -> None:
        self.assertEqual(cleaned("x" * 500 + ".jpeg"), "x" * (LONGEST - 5) + ".jpeg")
        self.assertEqual(cleaned("x." + "y" * 500), "x." + "y" * (LONGEST - 2))
        self.assertEqual(cleaned("é" * 500 + ".png"), "é" * ((LONGEST - 4) // 2) + ".png")

    def test_10_000_hostile_names(self) -> None:
        for name in hostile.names(10_000):
            clean = cleaned(name)
            self.assertEqual(cleaned(clean), clean, repr(name))
            self.assertTrue(0 < len(clean.encode()) <= LONGEST, repr(name))
            self.assertEqual(re.findall(r'[/\\<>:"|?*\x7f]', clean), [], repr(name))
            self.assertTrue(all(unicodedata.category(letter)[0] != "C" for letter in clean), repr(name))
            self.assertFalse(set(clean) & {"\u2028", "\u2029"}, repr(name))
            self.assertEqual(clean, clean.strip(" ."))
            self.assertNotIn(clean[0], ".- ")
            self.assertNotIn(clean.split(".")[0].strip().lower(), DEVICES, repr(name))
            self.assertRegex(plain(clean), rf"\A[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_PLAIN - 1}}}\Z", repr(name))
            field = disposition(clean)
            self.assertRegex(field, r"\Aattachment; filename=\"[ -~]+\"(; filename\*=UTF-8''[A-Za-z0-9._~%-]+)?\Z")
            self.assertEqual(named(field.encode("ascii")), clean)


class DispositionTests(SynchronousTestCase):
    def test_as_clients_say_it(self) -> None:
        for field, name in (
            (b'attachment; filename="a b.png"', "a b.png"), (b"inline; filename=a.png", "a.png"), (b"attachment", ""),
            (b"attachment; filename*=UTF-8''%e2%82%ac.png", "€.png"), (b'attachment; FileName="a\\"b"', 'a"b'),
            (b"attachment; filename=x; filename*=UTF-8''%e2%82%ac", "€"), (b"", ""),
            (b"attachment; filename*=UTF-8''%e2%82%ac; filename=x", "€"), ('; filename="é"'.encode(), "é"),
            (b'; filename="\xe9"', "é"), (b"; filename*=nonsense", "nonsense"), (b";;=;filename", ""),
        ):  # fmt: skip
            self.assertEqual(named(field), name, field)

    def test_letters_that_not_everyone_has_are_said_twice(self) -> None:
        self.assertEqual(disposition("a b.png"), 'attachment; filename="a b.png"')
        twice = "attachment; filename=\"resume.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf"
        self.assertEqual(disposition("résumé.pdf"), twice)
        self.assertEqual(disposition("%41"), "attachment; filename=\"41\"; filename*=UTF-8''%2541")


class SizeTests(SynchronousTestCase):
    def test_as_people_read_it(self) -> None:
        for count, words in (
            (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1500, "1.5 kB"), (9949, "9.9 kB"), (9950, "10 kB"),
            (84_321, "84 kB"), (999_499, "999 kB"), (999_500, "1 MB"), (25_000_000, "25 MB"), (1_000_000_000, "1 GB"),
            (2 * 10**15, "2000 TB"),
        ):  # fmt: skip
            self.assertEqual(size_of(count), words)
