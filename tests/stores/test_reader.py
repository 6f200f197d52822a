"""How the file is asked: no question takes longer because there is more history."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from chat.core.events import EVERYONE
from chat.core.history import Query, Search
from chat.core.registry import Author, State
from chat.stores import reader, timeline, words
from chat.stores.database import connect, prepare
from chat.stores.writer import write
from tests.contracts.events import ALICE, BOB, CAROL, NOON, Stream

#: What one may go through from end to end: what was asked for, the few rows found, the words' own index.
SMALL = re.compile(
    r"SCAN ((asked|json_each|search|key|wanted) VIRTUAL"
    r"|(asked|page|wanted|indexed|descent|tail|places|\(subquery-\d+\))$"
    r"|main.search_config|CONSTANT ROW|\d+ CONSTANT ROWS)"
)

QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "states": lambda connection: reader.states(connection, ("room",)),
    "last": reader.last,
    "last number": lambda connection: reader.last_number(connection, "lobby"),
    "page of lines": lambda connection: reader.page(connection, Query(("lobby", EVERYONE))),
    "page of everything": lambda connection: reader.page(connection, Query(("lobby",), lines=False)),
    "first page": lambda connection: reader.page(connection, Query(("lobby",), after=3, newest=False)),
    "count": lambda connection: reader.count(connection, Query(("lobby", EVERYONE), after=3)),
    "count of everything": lambda connection: reader.count(connection, Query(("lobby",), after=3, lines=False)),
    "line": lambda connection: reader.line(connection, "lobby", 3),
    "find": lambda connection: reader.find(connection, "id-3"),
    "latest": lambda connection: reader.latest(connection, ["lobby", EVERYONE]),
    "since": lambda connection: reader.since(connection, NOON + 30),
    "state": lambda connection: reader.state(connection, "room", "lobby"),
    "search": lambda connection: reader.search(connection, Search("tea", ("lobby",), by="alice")),
    "place": timeline.place,
    "index": lambda connection: words.index(connection, timeline.last(connection)),
}


class ReaderCase(SynchronousTestCase):
    """A file that is asked, and what SQLite is told then."""

    def setUp(self) -> None:
        path = self.mktemp()
        prepare(path)
        self.connection = connect(path, write=True)
        self.addCleanup(self.connection.close)
        self.stream = Stream()

    def keep(self, *events: Any) -> None:
        states = (State("room", "lobby", "{}"),)
        self.assertEqual(write(self.connection, [(event, states, lambda refusal: None) for event in events]), {})

    def statements(self, ask: Callable[[], Any]) -> list[str]:
        """What SQLite is told while `ask` is done, as it was told, with all values."""
        told: list[str] = []
        self.connection.set_trace_callback(told.append)
        ask()
        self.connection.set_trace_callback(None)
        return [sql for sql in told if not sql.startswith("--") and re.match(r"\s*(SELECT|WITH|INSERT|UPDATE)", sql)]


class QueryPlanTests(ReaderCase):
    def slow(self, statements: list[str]) -> list[str]:
        """The steps of their plans that go through a table from end to end."""
        plan = [row[3] for sql in statements for row in self.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        return [step for step in plan if step.startswith("SCAN") and not SMALL.match(step)]

    def test_no_question_goes_through_all_that_was_said(self) -> None:
        self.keep(*(self.stream.said("tea") for _ in range(10)))
        for name, ask in QUESTIONS.items():
            statements = self.statements(lambda ask=ask: ask(self.connection))
            self.assertTrue(statements, name)
            self.assertEqual(self.slow(statements), [], name)

    def test_a_page_of_lines_passes_over_those_who_come_and_go(self) -> None:
        for name in ("page of lines", "first page", "count"):
            statements = self.statements(lambda name=name: QUESTIONS[name](self.connection))
            plan = [row[3] for sql in statements for row in self.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
            found = [step for step in plan if step.startswith("SEARCH timeline")]
            self.assertTrue(any("(place=? AND line=? AND seq>? AND seq<?)" in step for step in found), plan)

    def test_nor_does_a_write(self) -> None:
        line = self.stream.said("tea")
        self.keep(line)
        batch = [self.stream.edited(line, "milk"), self.stream.removed(line), self.stream.said("tea", id=line.id)]
        statements = self.statements(lambda: write(self.connection, [(event, (), print) for event in batch]))
        self.assertGreater(len(statements), 10)
        self.assertEqual(self.slow(statements), [])

    def test_this_test_can_find_a_slow_one(self) -> None:
        for table in ("event", "event AS line", "timeline", "state"):
            self.assertEqual(len(self.slow([f"SELECT * FROM {table}"])), 1)


class AuthorTests(ReaderCase):
    """Whom a connection has read of it knows: it need not ask again."""

    def test_authors_are_read_once(self) -> None:
        page = partial(reader.page, self.connection, Query(("lobby",)))
        self.keep(*(self.stream.said("tea", by=by) for by in (ALICE, BOB, ALICE)))
        asked = [sum("JOIN author" in sql for sql in self.statements(page)) for _ in range(2)]
        self.assertEqual(asked, [1, 0])
        self.keep(self.stream.said("milk", by=CAROL))
        self.assertEqual([line.by for line in page()], [ALICE, BOB, ALICE, CAROL])

    def test_who_was_forgotten_is_read_again(self) -> None:
        self.patch(reader, "REMEMBERED", 1)
        people = [Author(f"guest{number}", f"id-{number}", bot=number % 2 == 0) for number in range(6)]
        self.keep(*(self.stream.said("tea", by=by) for by in (*people, *people)))
        for start in range(0, 12, 3):
            page = reader.page(self.connection, Query(("lobby",), after=start, limit=3, newest=False))
            self.assertEqual([line.by for line in page], [*people, *people][start : start + 3])
            self.assertLessEqual(len(self.connection.authors), 1 + 3)
