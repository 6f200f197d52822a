"""The plots of docs/performance.md, as SVG, from the rows of its tables; it takes matplotlib, the extra `bench`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.criteria import CRITERIA, Criterion
from bench.figures import Results, Row, Spread, digits
from bench.processes import Failed
from bench.workloads import WORKLOADS

#: How each server is drawn: its colour, its marker.
STYLES = {
    "ours": ("#0b5cad", "o"),
    "memory": ("#7fb2e5", "o"),
    "floor": ("#8a8a8a", "|"),
    "inspircd": ("#d9730d", "D"),
    "ngircd": ("#6b8e23", "s"),
    "ergo": ("#a23b72", "^"),
    "naive": ("#b9a44c", "v"),
}
#: The workloads of each plot, in the order from above.
COST = ("fan1000", "fan100", "fan10", "rate20", "dm1", "dm8", "tfan1000", "tfan100", "storm", "mixed")
LATENCY = ("rate20", "rate20s1", "rate100", "rate1000", "trate20", "lrate20")
INK, HOLDS, FAILS = "#333333", "#2e7d32", "#c62828"


def draw(rows: Sequence[Row], folder: Path) -> list[str]:
    """Draw what there are rows for; the Markdown that shows it.  Failed without matplotlib."""
    try:
        import matplotlib
    except ImportError:
        raise Failed("matplotlib draws the plots: pip install -e '.[bench]'") from None
    matplotlib.use("svg")
    style: dict[str, Any] = {"svg.fonttype": "none", "svg.hashsalt": "bench", "font.family": "sans-serif"}
    style |= {
        "font.size": 10,
        "axes.edgecolor": "#bbbbbb",
        "text.color": INK,
        "axes.labelcolor": INK,
        "ytick.color": INK,
    }
    shown = []
    with matplotlib.rc_context({**style, "xtick.color": INK, "axes.spines.top": False, "axes.spines.right": False}):
        for name, title, make in PLOTS:
            figure = make(rows)
            if figure is not None:
                path = folder / "performance" / f"{name}.svg"
                path.parent.mkdir(exist_ok=True)
                figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
                shown.append(f"![{title}](performance/{name}.svg)")
    return shown


def canvas(lines: int, title: str, with_legend: bool = False) -> tuple[Any, Any]:
    """A figure for so many lines, with a logarithmic scale."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 0.9 + 0.42 * lines))
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", pad=28 if with_legend else 10)
    axes.set_xscale("log")
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.12g}")
    axes.set_ylim(lines - 0.5, -0.5)
    return figure, axes


def grouped(axes: Any, names: Sequence[tuple[str, str]]) -> None:
    """Name each line by what is second, and what is first once for all lines that have it."""
    axes.set_yticks(range(len(names)), [name for _, name in names], fontsize=8.5)
    for line, (group, _) in enumerate(names):
        if line == 0 or names[line - 1][0] != group:
            axes.text(-0.13, line, group, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=8.5)
            if line:
                axes.axhline(line - 0.5, color="#dddddd", linewidth=0.8)


def legend(axes: Any, servers: Sequence[str]) -> None:
    """Who is who, in one line under the title."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=STYLES[server][0], marker=STYLES[server][1], linestyle="", label=server, markersize=7)
        for server in STYLES
        if server in servers
    ]
    where = {"loc": "lower left", "bbox_to_anchor": (-0.01, 1.0), "ncols": len(handles)}
    axes.legend(handles=handles, frameon=False, handletextpad=0.2, columnspacing=1.4, borderaxespad=0.2, **where)


def label(work: str) -> str:
    """A workload on an axis, with what it is counted by."""
    workload = WORKLOADS[work]
    place = {"Over TLS": "TLS: ", "Half of them on the line wire": "line wire: "}.get(workload.group, "")
    title = workload.title.partition(":")[0]
    if workload.group.startswith(("Connect", "A mixed")):
        title = workload.group.lower() if workload.kind == "load" and "storm" in work else "a mixed hour"
    return f"{place}{title}\n{workload.unit.removeprefix('CPU, ')}"


def cost(rows: Sequence[Row]) -> Any:
    """The CPU time of each server, workload by workload."""
    found = [(work, results) for work in COST if (results := Results(rows, work)).servers]
    if not found:
        return None
    figure, axes = canvas(len(found), "Server CPU: further to the left is better", with_legend=True)
    for line, (work, results) in enumerate(found):
        for server in reversed(results.servers):
            spread = results.spread(server, WORKLOADS[work].figure)
            if spread and server in STYLES:
                mark(axes, line, spread, server)
    axes.set_yticks(range(len(found)), [label(work) for work, _ in found], fontsize=8.5)
    axes.set_xlabel("µs, medians of the rounds with their ranges")
    legend(axes, [server for _, results in found for server in results.servers])
    return figure


def mark(axes: Any, line: float, spread: Spread, server: str) -> None:
    """A median and its range."""
    colour, marker = STYLES[server]
    size = 9 if server == "ours" else 7
    axes.plot([spread.least, spread.most], [line, line], color=colour, linewidth=1.6, alpha=0.55, zorder=2)
    edge = {"markeredgewidth": 2} if marker == "|" else {"markeredgecolor": "white", "markeredgewidth": 0.8}
    axes.plot(spread.median, line, marker, color=colour, markersize=size, zorder=3 + (server == "ours"), **edge)


def held(rows: Sequence[Row]) -> Any:
    """The ratios that something was promised of, each beside the most that it may be."""
    found: list[tuple[Criterion, Spread, bool]] = []
    for criterion in CRITERIA:
        spread, holds = Results(rows, criterion.work).verdict(criterion, WORKLOADS[criterion.work].figure)
        if criterion.other and spread:
            found.append((criterion, spread, holds))
    if not found:
        return None
    figure, axes = canvas(len(found), "Ours, in terms of the other: the black bar is the most that it may be")
    for line, (criterion, spread, holds) in enumerate(found):
        colour = HOLDS if holds else FAILS
        axes.plot([spread.least, spread.most], [line, line], color=colour, linewidth=1.8, alpha=0.6)
        marker = "o" if holds else "X"
        axes.plot(spread.median, line, marker, color=colour, markersize=9, markeredgecolor="white", markeredgewidth=0.8)
        axes.plot([criterion.most] * 2, [line - 0.32, line + 0.32], color=INK, linewidth=2)
        text = digits(spread.median)
        axes.annotate(text, (spread.most, line), (7, 0), textcoords="offset points", va="center", fontsize=8.5)
    grouped(axes, [(described(criterion), criterion.other) for criterion, _, _ in found])
    axes.axvline(1, color="#999999", linewidth=0.8, zorder=1)
    axes.set_xlabel("ratio, medians of the rounds with their ranges; a circle holds, a cross does not")
    return figure


def described(criterion: Criterion) -> str:
    """A criterion on an axis, without what it is counted by."""
    which = [criterion.server] * (criterion.server != "ours") + ["p99"] * bool(criterion.figure)
    return ", ".join([label(criterion.work).partition("\n")[0], *which])


def latency(rows: Sequence[Row]) -> Any:
    """From the median to the 99th percentile of all deliveries, at fixed rates."""
    found = [(work, results) for work in LATENCY if (results := Results(rows, work)).servers]
    if not found:
        return None
    lines = [(work, server, results) for work, results in found for server in results.servers if server in STYLES]
    figure, axes = canvas(len(lines), "From saying to hearing, at a fixed rate: p50 to p99")
    for line, (_, server, results) in enumerate(lines):
        middle, late = results.spread(server, "p50_us"), results.spread(server, "p99_us")
        if middle and late:
            colour = STYLES[server][0]
            ends = [middle.median / 1000, late.median / 1000]
            axes.plot(ends, [line, line], color=colour, linewidth=5, alpha=0.35, solid_capstyle="round")
            axes.plot(ends[0], line, "o", color=colour, markersize=6)
            axes.plot(ends[1], line, "|", color=colour, markersize=11, markeredgewidth=2.2)
    grouped(axes, [(label(work).partition("\n")[0], server) for work, server, _ in lines])
    axes.set_xlabel("ms; the dot is the median, the bar the 99th percentile, each a median of the rounds")
    return figure


PLOTS = (
    ("criteria", "What must hold: ratios of ours to others, each beside the most that it may be", held),
    ("cost", "Server CPU of each server by workload", cost),
    ("latency", "Latency at fixed rates, p50 to p99", latency),
)
