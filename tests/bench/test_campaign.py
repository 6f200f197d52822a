"""A small campaign, from the compiler to the table; and that the load notices what a server does wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from twisted.trial.unittest import SkipTest, TestCase

from bench.bout import Measure, bout, build
from bench.campaign import Campaign, run
from bench.processes import Failed
from bench.report import text
from bench.servers import ROOT, Server, find
from bench.workloads import DM8, FAN10, MIXED, SLOW, WORKLOADS, Workload

QUICK = Measure(seconds=0.05)
FANOUT = FAN10._replace(name="small", load="--mode fanout --clients 5 --window 8 --settle 0.05", messages=100)
LINE = FANOUT._replace(line=True)
PRIVATE = DM8._replace(load="--mode dm --clients 6 --window 2 --settle 0.05", messages=100)
COMING_AND_GOING = MIXED._replace(load="--mode mixed --clients 30 --msgs 250 --settle 0.05")
STOPPING = SLOW._replace(load="--mode slow --clients 6 --slow 2 --msgs 200 --settle 0.05")


def can_build() -> str:
    """Why the load cannot be compiled here; nothing if it can."""
    missing = [program for program in ("make", "cc", "openssl") if not shutil.which(program)]
    if missing:
        return f"The load is built here, and there is no {missing[0]}."
    command = ["cc", "-E", "-x", "c", "-"]
    done = subprocess.run(command, input=b"#include <openssl/ssl.h>\n", capture_output=True)
    return "The load needs the headers of OpenSSL (libssl-dev)." if done.returncode else ""


def wrong(how: str) -> Server:
    """A server that is wrong in that way."""
    return Server(
        how, lambda place, tls: (sys.executable, "-m", "tests.bench.wrong", how, str(place.plain)), folder=ROOT
    )


class BenchTestCase(TestCase):
    def setUp(self) -> None:
        reason = can_build()
        if reason:
            raise SkipTest(reason)
        build()


class CampaignTests(BenchTestCase):
    def measured(self, path: Path, workload: Workload, *names: str) -> Campaign:
        campaign = Campaign(path, QUICK)
        campaign.begin(names, "")
        with redirect_stderr(StringIO()):
            run(campaign, [workload], names, 1, path.parent)
        return campaign

    def test_ours_is_measured_beside_the_floor_and_not_twice(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "rows.jsonl")
            rows = self.measured(path, LINE, "ours", "floor").rows
            self.assertEqual([(row["server"], row["ok"]) for row in rows], [("ours", True), ("floor", True)], rows)
            shown = text(rows, LINE).splitlines()
            self.assertEqual([line.split()[0] for line in shown[2:]], ["ours", "floor"])
            self.assertEqual(len(shown[3].split()) - len(shown[2].split()), 1, "the ratio")
            again = self.measured(path, LINE, "ours", "floor")
            self.assertEqual(again.rows, rows)
            self.assertIn("machine", again.about)
            self.assertEqual(len(path.read_text().splitlines()), 3)

    def test_a_server_that_fails_has_a_row_that_says_why(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            tls = FANOUT._replace(tls=True)
            row, *_ = self.measured(Path(folder, "rows"), tls, "naive", "floor").rows
            self.assertEqual((row["ok"], row["error"]), (False, "The naive server has no TLS."))


    def test_a_long_history_is_asked_of_a_server_that_has_one(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            row, *_ = self.measured(Path(folder, "rows"), WORKLOADS["past"], "memory").rows
            self.assertEqual(row["error"], "past is asked of a server with a history, as ours:2m is.")


class LoadTests(BenchTestCase):
    def test_all_workloads_end_well_where_nothing_is_wrong(self) -> None:
        server = find("naive")
        for workload in (PRIVATE, COMING_AND_GOING, STOPPING):
            (row,) = bout(server, workload, QUICK)
            self.assertTrue(row["ok"], workload.name)
            self.assertGreater(row["received"], 0)

    def test_our_line_wire_hears_all_that_is_said_while_people_come_and_go(self) -> None:
        (row,) = bout(find("memory"), COMING_AND_GOING._replace(line=True), QUICK)
        self.assertTrue(row["ok"])

    def refused(self, how: str, workload: Workload, why: str, deadline: int = 30) -> None:
        load = workload._replace(load=f"{workload.load} --deadline {deadline}")
        self.assertRegex(str(self.assertRaises(Failed, bout, wrong(how), load, QUICK)), why)

    def test_what_is_lost_is_noticed(self) -> None:
        self.refused("lost", FANOUT, "deadline: ready 5, sent [1-9]", deadline=2)

    def test_what_comes_twice_is_noticed(self) -> None:
        self.refused("twice", FANOUT, "came twice")
        self.refused("twice", COMING_AND_GOING, "came twice")

    def test_what_comes_out_of_order_is_noticed(self) -> None:
        self.refused("swapped", FANOUT, "out of order")

    def test_what_comes_to_others_is_noticed(self) -> None:
        self.refused("astray", COMING_AND_GOING, "not in|not for it")
