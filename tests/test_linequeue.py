"""Bytes in, lines out: however they are cut, in linear time and bounded space."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from twisted.trial.unittest import TestCase

from chat.core.refusals import Goodbye, TooLong
from chat.linequeue import ENDLESS, LONGEST, LineQueue


def lines_of(chunks: Iterable[bytes], finish: bool = False) -> list[bytes | int | str]:
    """What comes out of a queue that is fed with `chunks`: lines, lengths of too long ones, the goodbye."""
    queue = LineQueue()
    found: list[bytes | int | str] = []
    for chunk in chunks:
        queue.feed(chunk)
        found += drain(queue)
    if finish:
        queue.finish()
        found += drain(queue)
    return found


def drain(queue: LineQueue) -> list[bytes | int | str]:
    """All that can be had now."""
    found: list[bytes | int | str] = []
    while True:
        try:
            line = queue.pop()
        except TooLong as refusal:
            found.append(refusal.args[0])
        except Goodbye as goodbye:
            return [*found, str(goodbye)]
        else:
            if line is None:
                return found
            found.append(line)


class LineTests(TestCase):
    def test_a_line_ends_with_lf(self) -> None:
        self.assertEqual(lines_of([b"one\ntwo\n\nfour"]), [b"one", b"two", b""])

    def test_what_has_no_end_yet_waits(self) -> None:
        queue = LineQueue()
        queue.feed(b"on")
        self.assertIsNone(queue.pop())
        self.assertEqual(len(queue), 2)
        queue.feed(b"e\n")
        self.assertEqual(queue.pop(), b"one")
        self.assertEqual(len(queue), 0)
        self.assertIsNone(queue.pop())

    def test_a_cr_belongs_to_the_line(self) -> None:
        """Who types it is the wire's to know: telnet does, nc does not."""
        self.assertEqual(lines_of([b"one\r\ntw\ro\r", b"\n\n"]), [b"one\r", b"tw\ro\r", b""])

    def test_it_does_not_matter_how_bytes_are_cut(self) -> None:
        for seed in range(200):
            dice = random.Random(seed)
            data = b"".join(self.piece(dice) for _ in range(40))
            cuts = sorted(dice.randrange(len(data) + 1) for _ in range(dice.randrange(60)))
            chunks = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
            self.assertEqual(lines_of(chunks, finish=True), lines_of([data], finish=True), f"seed {seed}")

    def piece(self, dice: random.Random) -> bytes:
        """Something that comes in, often about as long as a line may be."""
        filler = dice.choice((b"x", b"\xff", b"\r", "é".encode()))
        length = dice.choice((0, 1, 5, LONGEST - 1, LONGEST, LONGEST + 1, LONGEST + 2, 2 * LONGEST))
        return filler * (length // len(filler)) + dice.choice((b"\n", b"\r\n", b"\n\n", b""))[: dice.randrange(1, 3)]

    def test_all_lines_of_a_text_come_out(self) -> None:
        lines = [b"%d" % number * (number % 70) for number in range(3000)]
        data = b"\n".join(lines) + b"\n"
        for size in (1, 7, 4096, len(data)):
            self.assertEqual(lines_of(data[at : at + size] for at in range(0, len(data), size)), lines)


class LengthTests(TestCase):
    def test_the_longest_line(self) -> None:
        for end in (b"\n", b"\r\n"):
            line = b"x" * LONGEST + end
            self.assertEqual(lines_of([line]), [line[:-1]])

    def test_the_longest_line_with_its_end_in_another_packet(self) -> None:
        line = b"x" * LONGEST + b"\r\n"
        for cut in range(LONGEST - 2, LONGEST + 3):
            self.assertEqual(lines_of([line[:cut], line[cut:], b"next\n"]), [line[:-1], b"next"], f"cut at {cut}")

    def test_of_a_line_that_is_too_long_the_length_is_told_and_the_next_is_not_lost(self) -> None:
        for length in (LONGEST + 1, LONGEST + 2, 5212, ENDLESS - 1):
            for size in (1000, 5000, 2 * ENDLESS):
                data = b"a\n" + b"x" * length + b"\nb\n"
                chunks = [data[at : at + size] for at in range(0, len(data), size)]
                self.assertEqual(lines_of(chunks), [b"a", length, b"b"], f"{length} in pieces of {size}")

    def test_of_a_line_that_is_too_long_nothing_is_kept(self) -> None:
        queue = LineQueue()
        for _ in range(10):
            queue.feed(b"x" * 5000)
            self.assertEqual(len(queue), 0)
        queue.feed(b"x\n")
        self.assertRaises(TooLong, queue.pop)

    def test_the_limit_is_told(self) -> None:
        queue = LineQueue()
        queue.feed(b"x" * 5212 + b"\n")
        refusal = self.assertRaises(TooLong, queue.pop)
        self.assertEqual(str(refusal), "Too long (5,212 bytes, limit 4,096). Not sent.")


class EndlessTests(TestCase):
    goodbye = f"More than {ENDLESS:,} bytes without a line end. Bye."

    def test_a_line_without_end_ends_it(self) -> None:
        self.assertEqual(lines_of([b"x" * ENDLESS]), [])
        self.assertEqual(lines_of([b"x" * (ENDLESS + 1)]), [self.goodbye])
        self.assertEqual(lines_of([b"x" * 5000] * 14), [self.goodbye])

    def test_what_came_before_is_not_lost(self) -> None:
        queue = LineQueue()
        queue.feed(b"one\ntwo\n")
        queue.feed(b"x" * ENDLESS)
        queue.feed(b"x" * ENDLESS)
        self.assertEqual([queue.pop(), queue.pop()], [b"one", b"two"])

    def test_after_it_nothing_is_kept_or_given(self) -> None:
        queue = LineQueue()
        queue.feed(b"x" * (ENDLESS + 1))
        for _ in range(100):
            queue.feed(b"more\n" * 1000)
        self.assertEqual(len(queue), 0)
        self.assertRaises(Goodbye, queue.pop)
        self.assertRaises(Goodbye, queue.pop)


class FinishTests(TestCase):
    def test_the_last_line_needs_no_end(self) -> None:
        self.assertEqual(lines_of([b"one\ntwo"], finish=True), [b"one", b"two"])

    def test_no_line_is_made_of_nothing(self) -> None:
        self.assertEqual(lines_of([b"one\n"], finish=True), [b"one"])
        self.assertEqual(lines_of([], finish=True), [])

    def test_the_last_line_may_be_too_long(self) -> None:
        self.assertEqual(lines_of([b"x" * 3000, b"x" * 3000], finish=True), [6000])


class Watched(bytes):
    """Bytes that count how many of them are looked at or copied."""

    touched = 0

    def __getitem__(self, key: object) -> Watched:  # type: ignore[override]
        return self.count(bytes.__getitem__(self, key))  # type: ignore[call-overload]

    def __add__(self, other: bytes) -> Watched:  # type: ignore[override]
        return self.count(bytes.__add__(self, other))

    def find(self, sub: bytes, start: int = 0) -> int:  # type: ignore[override]
        found = bytes.find(self, sub, start)
        Watched.touched += (found if found >= 0 else len(self)) - start + 1
        return found

    def __contains__(self, sub: bytes) -> bool:  # type: ignore[override]
        return self.find(sub) >= 0

    @classmethod
    def count(cls, data: bytes) -> Watched:
        cls.touched += len(data)
        return cls(data)


class WorkTests(TestCase):
    """Each byte is touched a bounded number of times, whatever comes in: that is linear time, without a clock."""

    SIZE = 500_000

    def touched(self, data: bytes, size: int) -> int:
        """How many bytes are touched when `data` comes in pieces of `size` and every line is taken."""
        Watched.touched = 0
        queue = LineQueue()
        for at in range(0, len(data), size):
            queue.feed(Watched(data[at : at + size]))
            drain(queue)
        return Watched.touched

    def test_nothing_but_line_feeds(self) -> None:
        for size in (65_536, self.SIZE):
            self.assertLess(self.touched(b"\n" * self.SIZE, size), 4 * self.SIZE)

    def test_no_line_feed(self) -> None:
        for size in (65_536, self.SIZE):
            self.assertLess(self.touched(b"x" * self.SIZE, size), 4 * self.SIZE)

    def test_lines(self) -> None:
        for size in (1000, 65_536, self.SIZE):
            self.assertLess(self.touched((b"x" * 99 + b"\n") * (self.SIZE // 100), size), 4 * self.SIZE)

    def test_lines_that_are_too_long(self) -> None:
        for size in (1000, 65_536, self.SIZE):
            self.assertLess(self.touched((b"x" * 9999 + b"\n") * (self.SIZE // 10_000), size), 12 * self.SIZE)

    def test_single_bytes(self) -> None:
        """What waits of one line is copied for each byte: at most the longest line, a few times."""
        size = 10_000
        for data in (b"\n" * size, b"x" * size, (b"x" * 99 + b"\n") * (size // 100)):
            self.assertLess(self.touched(data, 1), 3 * size * LONGEST)


class MatchTests(TestCase):
    """The next line can be looked at before it is taken."""

    LINE = re.compile(rb"say ([^\n]*)\n")

    def test_a_line_is_the_next_one_until_it_is_taken(self) -> None:
        queue = LineQueue()
        queue.feed(b"one\nsay two\nthree\n")
        self.assertIsNone(queue.match(self.LINE, 100))
        self.assertEqual(queue.pop(), b"one")
        self.assertEqual(queue.match(self.LINE, 100)[1], b"two")  # type: ignore[index]
        found = queue.match(self.LINE, 100)
        assert found is not None
        queue.take(found)
        self.assertEqual((queue.pop(), queue.pop(), len(queue)), (b"three", None, 0))

    def test_only_a_whole_line_is_found_and_none_that_is_too_long(self) -> None:
        queue = LineQueue()
        queue.feed(b"say some")
        self.assertIsNone(queue.match(self.LINE, 100))
        queue.feed(b"thing\n")
        self.assertIsNone(queue.match(self.LINE, 13))
        self.assertEqual(queue.match(self.LINE, 14)[1], b"something")  # type: ignore[index]

    def test_the_end_of_a_line_that_is_too_long_is_no_line(self) -> None:
        queue = LineQueue()
        queue.feed(b"x" * (LONGEST + 2))
        queue.feed(b"say two\n")
        self.assertIsNone(queue.match(re.compile(rb"[^\n]*\n"), 100))
        self.assertRaises(TooLong, queue.pop)
