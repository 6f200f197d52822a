"""Medians, ranges and ratios of what was measured, in round after round."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bench.criteria import CRITERIA, Criterion

Row = Mapping[str, Any]


class Spread(NamedTuple):
    """The median of some figures, the least and the most of them."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> Spread | None:
        """None if there are none."""
        found = sorted(figures)
        return cls(statistics.median(found), found[0], found[-1]) if found else None

    def __str__(self) -> str:
        """`median (least to most)`; a range of one figure is none."""
        if self.least == self.most:
            return digits(self.median)
        return f"{digits(self.median)} ({digits(self.least)} to {digits(self.most)})"


class Results:
    """The rows of one workload: one for each server and round, the mean of its repeats."""

    def __init__(self, rows: Iterable[Row], work: str) -> None:
        mine = [row for row in rows if row["work"] == work]
        self.work = work
        self.servers = list(dict.fromkeys(row["server"] for row in mine))
        self.failures = {row["server"]: str(row["error"]) for row in mine if not row["ok"]}
        self._rounds: dict[str, dict[int, list[Row]]] = {server: {} for server in self.servers}
        for row in mine:
            if row["ok"]:
                self._rounds[row["server"]].setdefault(row["round"], []).append(row)

    def by_round(self, server: str, figure: str) -> dict[int, float]:
        """The figure of a server in each round that has it."""
        return {
            number: statistics.fmean(row[figure] for row in rows)
            for number, rows in self._rounds.get(server, {}).items()
            if all(figure in row for row in rows)
        }

    def spread(self, server: str, figure: str) -> Spread | None:
        return Spread.of(self.by_round(server, figure).values())

    def ratio(self, server: str, other: str, figure: str) -> Spread | None:
        """What one has for each of the other, taken within rounds."""
        mine, theirs = self.by_round(server, figure), self.by_round(other, figure)
        return Spread.of(mine[number] / theirs[number] for number in mine if theirs.get(number))

    def verdict(self, criterion: Criterion, figure: str) -> tuple[Spread | None, bool]:
        """What was found for a criterion, and whether it holds."""
        figure = criterion.figure or figure
        if criterion.other:
            found = self.ratio(criterion.server, criterion.other, figure)
        else:
            found = self.spread(criterion.server, figure)
        return found, found is not None and found.median <= criterion.most


def digits(figure: float) -> str:
    """Three digits, which is more than most of this can tell."""
    if figure == 0 or abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:#.3g}".rstrip(".")


def criteria_of(work: str) -> Sequence[Criterion]:
    return [criterion for criterion in CRITERIA if criterion.work == work]
