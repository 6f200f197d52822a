"""What the page costs: how long until somebody is in the room, what a connected tab takes, how many bytes come.

`python -m bench.page` opens it in Chromium, on a daemon of this checkout with `--lines` lines in the lobby, in each of
`--rounds` for the first time (nothing is kept) and then again (its files are kept).  The clock runs from the navigation
until the lines of the room are there; coming in is by a name that the browser remembers.  The memory is that of the
process of the tab alone (Pss, proc(5)) and what its scripts hold (the heap, after a collection).
It needs Playwright and Chromium, as `tests/e2e` do: pip install '.[e2e]'.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.processes import await_port, free_ports, process
from tests.e2e.chromium import browser

HERE = Path(__file__).resolve().parent.parent
REMEMBERED = """
  localStorage.setItem("twisted-chat", JSON.stringify({nick: "ann", rooms: ["#lobby"]}));
  sessionStorage.setItem("twisted-chat", "here");
"""
#: Lines that are there when the room is there.
LINES = 20


@contextlib.contextmanager
def daemon(lines: int) -> Iterator[int]:
    """A daemon with so many lines in the lobby; its port."""
    [port] = free_ports(1)
    with tempfile.TemporaryDirectory() as folder:
        listen = f"tcp:{port}:interface=127.0.0.1"
        command = [sys.executable, "-m", "chat", "--flood", "off", "--listen", listen, "--name", "bench"]
        log, environment = Path(folder) / "log", {**os.environ, "PYTHONPATH": str(HERE)}
        with process(command, log, cwd=folder, env=environment) as running:
            await_port(running, port, log)
            with socket.create_connection(("127.0.0.1", port)) as bob:
                said = "".join(f"line {number} of what was said this morning\n" for number in range(lines))
                bob.sendall(f"bob\n{said}/ack on\nthe last\n".encode())
                reader = bob.makefile()
                while not reader.readline().startswith("+ "):
                    pass
                yield port


def visit(opened: Any, port: int) -> Iterator[dict[str, float]]:
    """Open the page for the first time and again, each time as somebody who comes back: what it costs."""
    context = opened.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    bytes_in = 0

    def count(event: dict[str, Any]) -> None:
        nonlocal bytes_in
        bytes_in += int(event["encodedDataLength"])

    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.on("Network.loadingFinished", count)
    page.add_init_script(REMEMBERED)
    for _ in range(2):
        bytes_in, began = 0, time.perf_counter()
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator("article").nth(LINES).wait_for(state="attached")
        taken = 1000 * (time.perf_counter() - began)
        page.wait_for_timeout(1500)
        tools.send("HeapProfiler.collectGarbage")
        heap = tools.send("Runtime.getHeapUsage")["usedSize"] / 2**20
        yield {"ms": taken, "KiB": bytes_in / 1024, "tab MiB": tab(opened), "heap MiB": heap}
    context.close()


def tab(opened: Any) -> float:
    """The memory of the process that draws the page, in MiB: the largest, if there are more."""
    tools = opened.new_browser_cdp_session()
    found = tools.send("SystemInfo.getProcessInfo")["processInfo"]
    return max(pss(each["id"]) for each in found if each["type"] == "renderer")


def pss(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(rollup.partition("\nPss:")[2].split()[0]) / 1024


def main() -> None:
    """Measure, and print medians with their ranges."""
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--lines", type=int, default=200)
    given = parser.parse_args()
    chromium = browser()
    with daemon(given.lines) as port:
        visits = [chromium.do(lambda opened: list(visit(opened, port))) for _ in range(given.rounds + 1)][1:]
    for name, costs in zip(("first", "again"), zip(*visits, strict=True), strict=True):
        shown = (spread([cost[unit] for cost in costs], unit) for unit in costs[0])
        print(f"{name:5}", *shown, sep="   ")


def spread(values: list[float], unit: str) -> str:
    return f"{statistics.median(values):7.1f} ({min(values):.1f} to {max(values):.1f}) {unit}"


if __name__ == "__main__":
    main()
