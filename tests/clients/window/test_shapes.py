"""The pictures are what they are said to be, as PNG."""

from __future__ import annotations

import struct
import zlib

from twisted.trial.unittest import SynchronousTestCase

from chat.clients.window import shapes

FILL, RING = "#102030", "#ffeedd"


def pixels(png: bytes) -> list[list[tuple[int, ...]]]:
    """The rows of a picture, each pixel as red, green, blue, alpha."""
    width, height = struct.unpack(">II", png[16:24])
    at = png.index(b"IDAT")
    rows = zlib.decompress(png[at + 4 : at + 4 + struct.unpack(">I", png[at - 4 : at])[0]])
    size = 1 + 4 * width
    return [
        [tuple(rows[y * size + 1 + 4 * x : y * size + 5 + 4 * x]) for x in range(width)] for y in range(height)
    ]  # fmt: skip


class ShapeTests(SynchronousTestCase):
    def test_a_circle_is_round(self) -> None:
        rows = pixels(shapes.circle(20, FILL))
        self.assertEqual((len(rows), len(rows[0])), (20, 20))
        self.assertEqual(rows[0][0][3], 0)
        self.assertEqual(rows[10][10], (0x10, 0x20, 0x30, 255))
        self.assertTrue(any(0 < pixel[3] < 255 for row in rows for pixel in row), "its edge is smooth")
        self.assertEqual(rows, [row[::-1] for row in rows[::-1]])

    def test_a_bar_has_straight_sides_and_a_ring(self) -> None:
        rows = pixels(shapes.rounded(60, 30, 8, FILL, RING, 2))
        outside, within = (0xFF, 0xEE, 0xDD, 255), (0x10, 0x20, 0x30, 255)
        self.assertEqual([rows[y][30] for y in (0, 1, 15, 29)], [outside, outside, within, outside])
        self.assertEqual(rows[0][0][3], 0)
        self.assertEqual(rows[15][0], (0xFF, 0xEE, 0xDD, 255))

    def test_a_bubble_has_a_dot_where_it_is_asked_for(self) -> None:
        dot = (0xFF, 0xEE, 0xDD)
        self.assertFalse(any(pixel[:3] == dot for row in pixels(shapes.bubble(48, FILL)) for pixel in row))
        rows = pixels(shapes.bubble(48, FILL, RING))
        self.assertEqual(rows[11][37][:3], dot)
        self.assertEqual(rows[20][10][:3], (0x10, 0x20, 0x30))
