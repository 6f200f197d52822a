"""The command line: `python -m bench all`, `run`, `report`, `list`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from bench import campaign, report, servers
from bench.bout import Measure, build
from bench.campaign import Campaign
from bench.processes import Failed, raise_file_limit
from bench.servers import BUILD, HERE
from bench.workloads import WORKLOADS, Workload

#: Where the rows of the last campaign are, of which docs/performance.md is made.
LATEST = HERE / "results" / "latest.jsonl"


def works(text: str) -> list[Workload]:
    """Workloads by their names with commas between them; `all` are all."""
    names = list(WORKLOADS) if text == "all" else text.split(",")
    unknown = [name for name in names if name not in WORKLOADS]
    if unknown:
        raise argparse.ArgumentTypeError(f'there is no workload "{unknown[0]}"; "list" names them')
    return [WORKLOADS[name] for name in names]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description="The daemon beside others, in interleaved rounds.")
    commands = parser.add_subparsers(dest="command", required=True)
    every = commands.add_parser("all", help="measure everything beside everyone, go on where that stopped, and report")
    some = commands.add_parser("run", help="measure some workloads beside some servers, and print the figures")
    some.add_argument("works", type=works, help="names with commas between them, or all")
    some.add_argument("servers", nargs="*", help="the first is compared with the others; none: those of the workload")
    told = commands.add_parser("report", help="write docs/performance.md and its plots from the rows")
    commands.add_parser("list", help="name the workloads and the servers")
    for each in (every, some):
        each.add_argument("--rounds", type=int, default=5, help="(5)")
        each.add_argument("--seconds", type=float, default=1.0, help="of what is measured in a bout (1)")
        each.add_argument("--repeats", type=int, default=1, help="measured in a bout, of which the mean counts (1)")
        each.add_argument("--histories", type=Path, default=BUILD, help="where long histories are kept (bench/build)")
        each.add_argument("--note", default="", help="said with the results, such as who else used the machine")
    every.add_argument("--results", type=Path, default=LATEST, help="JSON lines (bench/results/latest.jsonl)")
    some.add_argument("--results", type=Path, help="JSON lines; what they have is not measured again")
    every.add_argument("--again", action="store_true", help="begin anew instead of going on")
    told.add_argument("results", type=Path, nargs="?", default=LATEST)
    return parser.parse_args()


def measured(chosen: argparse.Namespace, workloads: list[Workload], names: list[str]) -> Campaign:
    """Measure what is chosen."""
    raise_file_limit()
    build()
    found = Campaign(chosen.results, Measure(chosen.seconds, chosen.repeats))
    every = names or [name for workload in workloads for name in workload.servers]
    found.begin(campaign.usable(list(dict.fromkeys(every)), chosen.histories), chosen.note)
    campaign.run(found, workloads, names, chosen.rounds, chosen.histories)
    return found


def main() -> None:
    """Do what the command line asks for."""
    chosen = options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no server outlives it
    try:
        if chosen.command == "list":
            print(report.index())
            print(servers.__doc__)
        elif chosen.command == "report":
            report.write(Campaign(chosen.results, Measure()))
        elif chosen.command == "run":
            found = measured(chosen, chosen.works, chosen.servers)
            print("\n\n".join(report.text(found.rows, work) for work in chosen.works))
        else:
            if chosen.again:
                chosen.results.unlink(missing_ok=True)
            report.write(measured(chosen, list(WORKLOADS.values()), []))
    except Failed as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit("\nStopped; the same command goes on from here if the results are kept.")


if __name__ == "__main__":
    main()
