"""Medians, ratios within rounds, and what is made of them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SkipTest, TestCase

from bench import report
from bench.bout import Measure
from bench.campaign import Campaign
from bench.criteria import Criterion
from bench.figures import Results, digits
from bench.processes import Failed
from bench.servers import find, lines_of
from bench.workloads import WORKLOADS


def row(server: str, number: int, cpu: float, **more: Any) -> dict[str, Any]:
    return {"work": "fan1000", "server": server, "round": number, "cpu_us": cpu, "ok": True, **more}


#: A machine that is twice as slow in the second round, and half as fast again in the third.
ROWS = [
    *(row("ours", 0, 0.1), row("inspircd", 0, 0.4)),
    *(row("ours", 1, 0.2), row("inspircd", 1, 0.8)),
    *(row("ours", 2, 0.15), row("inspircd", 2, 0.5)),
]


class FiguresTests(TestCase):
    def test_a_ratio_is_taken_within_rounds(self) -> None:
        found = Results(ROWS, "fan1000").ratio("ours", "inspircd", "cpu_us")
        self.assertEqual([round(each, 3) for each in found or ()], [0.25, 0.25, 0.3])

    def test_a_round_that_failed_is_in_no_ratio_and_says_why(self) -> None:
        failed = {"work": "fan1000", "server": "inspircd", "round": 3, "ok": False, "error": "It did not start."}
        results = Results([*ROWS, row("ours", 3, 9.0), failed], "fan1000")
        self.assertEqual(str(results.ratio("ours", "inspircd", "cpu_us")), "0.250 (0.250 to 0.300)")
        self.assertEqual(results.failures, {"inspircd": "It did not start."})

    def test_repeats_of_a_round_count_once(self) -> None:
        results = Results([row("ours", 0, 1.0), row("ours", 0, 3.0), row("ours", 1, 5.0)], "fan1000")
        self.assertEqual(results.spread("ours", "cpu_us"), (3.5, 2.0, 5.0))

    def test_a_criterion_holds_by_the_median(self) -> None:
        results = Results(ROWS, "fan1000")
        self.assertTrue(results.verdict(Criterion("fan1000", "inspircd", 0.26), "cpu_us")[1])
        self.assertFalse(results.verdict(Criterion("fan1000", "inspircd", 0.24), "cpu_us")[1])
        self.assertTrue(results.verdict(Criterion("fan1000", "", 0.15), "cpu_us")[1])
        self.assertEqual(results.verdict(Criterion("fan1000", "ergo", 9), "cpu_us"), (None, False))

    def test_figures_are_written_with_three_digits(self) -> None:
        self.assertEqual(
            [digits(each) for each in (0, 0.0712, 1.5, 12.34, 123.4, 12345)],
            ["0", "0.0712", "1.50", "12.3", "123", "12,345"],
        )


class ReportTests(TestCase):
    def test_the_page_gets_its_figures_and_keeps_the_rest(self) -> None:
        if find_spec("matplotlib") is None:
            raise SkipTest("matplotlib, which draws the plots, is not installed.")
        page = Path(self.mktemp())
        page.mkdir()
        page /= "performance.md"
        page.write_text(f"before\n\n{report.BEGIN}\nstale\n{report.END}\n\nafter\n")
        self.patch(report, "PAGE", page)
        campaign = Campaign(None, Measure())
        campaign.rows = ROWS
        campaign.about = {
            "date": "2026-11-20",
            "revision": "abc",
            "machine": "2 × x",
            "cores": "",
            "versions": {},
            "note": "",
        }
        report.write(campaign)
        written = page.read_text()
        self.assertTrue(written.startswith("before\n") and written.endswith("after\n"))
        self.assertNotIn("stale", written)
        self.assertIn("| inspircd | 0.500 (0.400 to 0.800) | 0.250 (0.250 to 0.300) |", written)
        self.assertIn("| 0.400 of inspircd | 0.250 (0.250 to 0.300) | holds |", written)
        report.write(campaign)
        self.assertEqual(page.read_text(), written)
        self.assertTrue((page.parent / "performance" / "criteria.svg").exists())


class NamesTests(TestCase):
    def test_the_servers_of_all_workloads_have_a_meaning(self) -> None:
        for name in {name for workload in WORKLOADS.values() for name in workload.servers}:
            try:
                self.assertEqual(find(name).name, name)
            except Failed as reason:
                self.assertIn("is not on PATH", str(reason))

    def test_what_is_no_server_is_refused_in_words(self) -> None:
        for name in ("theirs", "ours:many", "ours@no/such/commit", ""):
            self.assertRaises(Failed, find, name)

    def test_sizes(self) -> None:
        self.assertEqual([lines_of(size) for size in ("5", "100k", "10m")], [5, 100_000, 10_000_000])
