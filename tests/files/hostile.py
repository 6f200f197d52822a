"""Names that somebody might send who means harm, or whose system has other ideas of what a name is."""

from __future__ import annotations

import random

PARTS = (
    "..", ".", "/", "\\", "C:", "~", "-rf", "\0", "\n", "\r\n", "\t", " ", "%2e%2e%2f", "%00", "..%2f", "con",
    "NUL", "aux.txt", "COM1", "lpt9.log", "CONIN$", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\x1b[2J",
    "\x07", "\x9b", "\x03", "\x01ACTION", '"', "'", ";", "|", "&", "$(id)", "`id`", "<script>alert(1)</script>",
    "<img src=x>", "?", "*", "#", ":", "=", "é", "e\u0301", "Фото", "写真", "🎉", "\ud800", "\U000e0041", "a",
    "b.txt", ".png", ".tar.gz", ".html", "x" * 300, "é" * 200, "etc/passwd", "data", "about.json", "lock",
    ".part", "HTTP/1.1", "\r\nSet-Cookie: a=b", "\u2024", "\uff0f", "\u2215", "\u00b9", "com\u00b9",
)  # fmt: skip
CURATED = (
    "", ".", "..", "...", "/", "//", "../../../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini",
    "C:\\Windows\\win.ini", "\\\\host\\share\\x", "a/b/c", "a\\b", "con", "CON.txt", "nul.tar.gz", "com1 .x",
    "a" * 5000, "é" * 5000, "a." * 3000, "\0", "a\0.png", "a\nb", "a\r\nLocation: x", "\u202egpj.exe", "x.",
    "x ", " x", ".x", "-", "--", "-rf", "data", "lock",
)  # fmt: skip


def names(count: int, seed: int = 0) -> list[str]:
    """So many of them, the curated ones first."""
    dice = random.Random(seed)
    made = ["".join(dice.choices(PARTS, k=dice.randint(1, 8))) for _ in range(count - len(CURATED))]
    return [*CURATED, *made]
