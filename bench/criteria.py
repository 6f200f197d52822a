"""What must hold: the most that a figure of ours may be, or its ratio to that of another, as a median of rounds."""

from __future__ import annotations

from typing import NamedTuple


class Criterion(NamedTuple):
    """`server` may have `most` times the figure of `other`, or where there is no other just `most`."""

    work: str
    other: str
    most: float
    server: str = "ours"
    figure: str = ""


CRITERIA = (
    Criterion("fan1000", "inspircd", 0.4),
    Criterion("fan1000", "ngircd", 0.25),
    Criterion("fan1000", "ergo", 0.02),
    Criterion("fan1000", "floor", 1.6),
    Criterion("fan100", "inspircd", 1.0),
    Criterion("fan10", "inspircd", 2.5),
    Criterion("fan10", "ngircd", 0.5),
    Criterion("rate20", "inspircd", 1.1),
    Criterion("rate20", "ergo", 0.65),
    Criterion("rate20", "inspircd", 1.2, figure="p99_us"),
    Criterion("dm1", "inspircd", 2.4),
    Criterion("dm1", "ergo", 1.2),
    Criterion("dm1", "inspircd", 1.4, server="memory"),
    Criterion("dm8", "ergo", 0.9),
    Criterion("tfan100", "inspircd", 1.0),
    Criterion("tfan1000", "inspircd", 1.0),
    Criterion("storm", "inspircd", 3.0),
    Criterion("storm", "ergo", 0.3),
    Criterion("idle", "", 4.0),
    Criterion("tidle", "", 32.0),
    Criterion("past", "", 2_000.0, server="ours:2m"),
    Criterion("rare", "", 50_000.0, server="ours:10m"),
    Criterion("common", "", 50_000.0, server="ours:10m"),
    Criterion("both", "", 50_000.0, server="ours:10m"),
    Criterion("absent", "", 50_000.0, server="ours:10m"),
    Criterion("start", "", 400.0),
    Criterion("start", "ours", 1.1, server="ours:10m"),
)
