"""Shapes with smooth edges, as PNG: Tk itself draws circles and corners in steps."""

from __future__ import annotations

import math
import struct
import zlib
from functools import lru_cache

from chat.clients.window.palette import rgb


@lru_cache(256)
def rounded(width: int, height: int, radius: float, fill: str, ring: str = "", thick: float = 0) -> bytes:
    """A rectangle with round corners, in pixels, with a ring inside its edge; what is outside lets all through."""
    outer, inner = rgb(ring or fill), rgb(fill)
    # Beyond a corner all rows and columns are alike, and one side is the mirror of the other.
    edge = math.ceil(max(radius, thick)) + 1
    across, down = ([min(at, size - 1 - at, edge) for at in range(size)] for size in (width, height))

    def pixel(x: int, y: int) -> bytes:
        depth = _depth(x + 0.5, y + 0.5, width, height, radius)
        part = _clamp(depth - thick + 0.5) if ring else 1.0
        colour = (round(a + (b - a) * part) for a, b in zip(outer, inner, strict=True))
        return bytes([*colour, round(255 * _clamp(depth + 0.5))])

    def row(y: int) -> bytes:
        pixels = [pixel(x, y) for x in range(max(across) + 1)]
        return b"\0" + b"".join(pixels[x] for x in across)

    rows = [row(y) for y in range(max(down) + 1)]
    return _png(width, height, b"".join(rows[y] for y in down))


def circle(size: int, fill: str) -> bytes:
    """A circle of so many pixels across."""
    return rounded(size, size, size / 2, fill)


def bubble(size: int, fill: str, dot: str = "") -> bytes:
    """A speech bubble, with a dot in its corner."""
    ink, mark = rgb(fill), rgb(dot or fill)
    rows = []
    for y in range(size):
        row = bytearray(b"\0")
        for x in range(size):
            across, down = (x + 0.5) / size, (y + 0.5) / size
            part = _clamp(_depth(across, down - 0.06, 1, 0.72, 0.22) * size + 0.5)
            if 0.72 < down < 0.94 and 0.22 < across < 0.22 + (0.94 - down) * 1.2:
                part = 1.0
            near = 0.22 - ((across - 0.77) ** 2 + (down - 0.23) ** 2) ** 0.5
            inside = bool(dot) and near > -0.5 / size
            row += bytes(mark if inside else ink)
            row.append(round(255 * (_clamp(near * size + 0.5) if inside else part)))
        rows.append(bytes(row))
    return _png(size, size, b"".join(rows))


def _depth(x: float, y: float, width: float, height: float, radius: float) -> float:
    """How far inside the shape a point is; less than nothing outside."""
    across, down = abs(x - width / 2) - width / 2 + radius, abs(y - height / 2) - height / 2 + radius
    beyond: float = (max(across, 0) ** 2 + max(down, 0) ** 2) ** 0.5
    return radius - beyond - min(max(across, down), 0)


def _clamp(value: float) -> float:
    return min(1.0, max(0.0, value))


def _png(width: int, height: int, rows: bytes) -> bytes:
    """A picture of red, green, blue and alpha (ISO/IEC 15948)."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
