"""The results as text for a terminal, and as the tables and plots of docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from bench.campaign import Campaign
from bench.criteria import CRITERIA, Criterion
from bench.figures import Results, Row, Spread, criteria_of, digits
from bench.servers import ROOT
from bench.workloads import WORKLOADS, Workload

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by `python -m bench report` -->", "<!-- end of figures -->"

#: Columns behind the ratio, where a workload has them: head, field, what it is divided by.
MORE = (
    ("a second", "per_s", 1),
    ("p50, ms", "p50_us", 1000),
    ("p99, ms", "p99_us", 1000),
    ("grew, MiB", "grew_kb", 1024),
)
#: The same for slow readers, of which the rest says how they and the others fare.
SLOW = (
    ("p99, ms", "p99_us", 1000),
    ("p99 before, ms", "free_p99_us", 1000),
    ("grew, MiB", "grew_kb", 1024),
    ("caught up after, s", "caught_up_s", 1),
    ("CPU, µs a line missed", "caught_up_us", 1),
)
#: And for memory and starts, which have nothing but these.
IDLE = (("CPU to come in, µs", "cpu_us", 1), ("CPU at rest, ms a second", "idle_cpu_ms_per_s", 1))
STARTS = (("ms to stop", "stop_ms", 1), ("ms of CPU", "cpu_ms", 1))


def columns(workload: Workload) -> Sequence[tuple[str, str, int]]:
    """What a table of this workload says besides its figure."""
    if workload.kind == "start":
        return STARTS
    kinds = {"--mode slow": SLOW, "--mode idle": IDLE}
    return next((more for mode, more in kinds.items() if workload.load.startswith(mode)), MORE)


def table(results: Results, workload: Workload) -> list[list[str]]:
    """A row for each server, the first of which is compared with all the others."""
    first, extra = results.servers[0], columns(workload)
    rows = [["", workload.unit, f"{first} / it", *(head for head, _, _ in extra)]]
    for server in results.servers:
        spread = results.spread(server, workload.figure)
        if spread is None:
            rows.append([server, "–", *[""] * (1 + len(extra))])
            continue
        ratio = "" if server == first else cell(results.ratio(first, server, workload.figure))
        more = [digits(found.median / by) if (found := results.spread(server, field)) else "" for _, field, by in extra]
        rows.append([server, cell(spread), ratio, *more])
    return rows


def cell(spread: Spread | None) -> str:
    return "" if spread is None else str(spread)


def failures(results: Results) -> list[str]:
    """Who did not get through, and why: a sentence each."""
    return [f"{server} failed: {why}" for server, why in results.failures.items()]


# -- for a terminal


def text(rows: Iterable[Row], workload: Workload) -> str:
    """The figures of a workload."""
    results = Results(rows, workload.name)
    lines = table(results, workload)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = ["  ".join(word.rjust(width) for word, width in zip(line, widths, strict=True)) for line in lines]
    verdicts = [sentence(results, criterion) for criterion in criteria_of(workload.name)]
    return "\n".join([f"== {workload.name}: {workload.title}", *shown, *filter(None, verdicts), *failures(results)])


def sentence(results: Results, criterion: Criterion) -> str:
    """What a criterion says and whether it holds; nothing if it was not measured."""
    found, holds = results.verdict(criterion, WORKLOADS[criterion.work].figure)
    if found is None:
        return ""
    return f"{claim(criterion)}: {found}, {'holds' if holds else 'DOES NOT HOLD'}"


def claim(criterion: Criterion) -> str:
    of = f" of {criterion.other}" if criterion.other else ""
    figure = " (p99)" if criterion.figure else ""
    return f"{criterion.server} at most {digits(criterion.most)}{of}{figure}"


def index() -> str:
    """All workloads."""
    lines = []
    for group, members in groupby(WORKLOADS.values(), lambda workload: workload.group):
        lines += [group, *(f"  {one.name:12}{one.title}; {', '.join(one.servers)}" for one in members)]
    return "\n".join(lines)


# -- for docs/performance.md


def write(campaign: Campaign) -> None:
    """Put the figures where the page wants them, and draw the plots beside it; the rest of the page stays."""
    from bench import plot

    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    pictures = plot.draw(campaign.rows, PAGE.parent)
    figures = "\n\n".join([machine(campaign.about), *pictures, criteria(campaign.rows), *groups(campaign.rows)])
    PAGE.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{after and END}{after}")


def machine(about: dict[str, Any]) -> str:
    said = ", ".join(f"{name} {version}" for name, version in about["versions"].items() if name in OWN)
    peers = "; ".join(version for name, version in about["versions"].items() if name not in OWN)
    note = f"\n\n**{about['note']}**" if about["note"] else ""
    return (
        f"Measured on {about['date']} at commit {about['revision']}, on {about['machine']}, {about['cores']}; {said}. "
        f"The peers: {peers}.{note}"
    )


#: Versions that are ours.
OWN = ("python", "twisted", "sqlite", "openssl")


def markdown(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *body))


def criteria(rows: Sequence[Row]) -> str:
    """All that must hold, and whether it does."""
    lines = [["", "at most", "found", ""]]
    for criterion in CRITERIA:
        workload = WORKLOADS[criterion.work]
        found, holds = Results(rows, criterion.work).verdict(criterion, workload.figure)
        if found:
            of = f" of {criterion.other}" if criterion.other else f" {workload.unit.replace('CPU, ', '')}"
            which = [criterion.server] * (criterion.server != "ours") + ["p99"] * bool(criterion.figure)
            what = ", ".join([f"{workload.group}: {workload.title}", *which])
            lines.append([what, digits(criterion.most) + of, str(found), "holds" if holds else "**no**"])
    return "## What must hold\n\n" + markdown(lines)


def groups(rows: Sequence[Row]) -> list[str]:
    """A section for each group of workloads that was measured."""
    sections = []
    for group, members in groupby(WORKLOADS.values(), lambda workload: workload.group):
        parts = [part(results, one) for one in members if (results := Results(rows, one.name)).servers]
        if parts:
            sections.append(f"## {group}\n\n" + "\n\n".join(parts))
    return sections


def part(results: Results, workload: Workload) -> str:
    """A workload: its name, its table, who failed."""
    said = "\n\n".join([markdown(table(results, workload)), *failures(results)])
    return f"**{workload.title}** (`{workload.name}`)\n\n{said}"
