"""What it costs to read: pages, lines and searches in histories of different sizes, and the start of a daemon.

    python -m bench.history                     # 100,000 and 1,000,000 lines, side by side
    python -m bench.history 2000000 10000000    # takes a quarter of an hour, and 3 GB

Half of the lines are in one room.  The last ones are in the tail, which is as long as it may become.  Figures are ms
of CPU time, medians over the rounds with the range behind them, of the thread that reads, with all that it takes to
make events of what is found.  Files that are made are kept in `--folder`, for the next time.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from chat.core.events import Event, Said, Told, pair
from chat.core.history import IN_MEMORY, Query, Search
from chat.core.registry import Author, State
from chat.stores import reader, timeline, words
from chat.stores.database import connect, prepare
from chat.stores.keys import Keys
from chat.stores.writer import write

NOON = 1_795_176_000_000
ROOMS, PEOPLE = 500, 1_000
#: A word that few say, said every so many lines; and words that are said as words are, the first one all the time.
RARE, RARELY = "xylophone", 100_000
VOCABULARY = [f"w{number:x}" for number in range(20_000)]
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(VOCABULARY) + 1)))
PAIR = 1_000


def people() -> list[Author]:
    identity = f"{NOON}-0d9e7a34-7b44-4c0f-9d1e"
    return [Author(f"person{n}", f"{identity}-{n:012x}", f"~p{n}@192.0.2.7") for n in range(PEOPLE)]


def events(chance: random.Random) -> Iterator[Event]:
    """One in two is said in the room `big`, one in ten in private."""
    everyone = people()
    numbers = dict.fromkeys(("big", *(f"room{n}" for n in range(ROOMS))), 0)
    seq = 0
    while True:
        seq += 1
        by = everyone[seq * 7 % PEOPLE]
        text = " ".join(chance.choices(VOCABULARY, cum_weights=WEIGHTS, k=10)) + f" {RARE}" * (seq % RARELY == 1)
        event: Any
        if seq % 10 == 2:
            event = Told(by, everyone[(seq * 7 + 1) % PEOPLE], text)
        else:
            event = Said(by, "big" if seq % 2 else f"room{seq // 2 % ROOMS}", text)
            event.number = numbers[event.room] = numbers[event.room] + 1
        event.seq, event.time, event.id = seq, NOON + 10 * seq, f"{NOON + 10 * seq:x}-0123456789ab-{seq:x}"
        yield event


def fill(path: str, size: int) -> None:
    """Make a history of so many lines."""
    prepare(path)
    connection = connect(path, write=True)
    connection.execute("PRAGMA synchronous = OFF")
    made, keys = events(random.Random(1)), Keys(connection)
    states = [State("room", f"room{n}", "{}") for n in range(ROOMS)]
    placed = max(0, size - timeline.TAIL + 1)
    for start in (*range(0, placed, 4_000), *range(placed, size, 4_000)):
        if start <= placed:
            timeline.place(connection)
        end = min(start + 4_000, size if start >= placed else placed)
        write(connection, [(event, states, print) for event in islice(made, end - start)], keys)
        states = []
        while words.index(connection, timeline.last(connection)):
            pass
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def questions(size: int) -> dict[str, Callable[[Any, random.Random], Any]]:
    """What is measured, each asked about another place every time."""
    everyone = [f"room{n}" for n in range(ROOMS)]
    author = people()
    private = pair(author[14 % PEOPLE].id, author[15 % PEOPLE].id)

    def page(query: Query) -> Callable[[Any, random.Random], Any]:
        return lambda connection, chance: reader.page(connection, query)

    def middle(connection: Any, chance: random.Random) -> Any:
        return reader.page(connection, Query(("big",), before=chance.randrange(size // 10, size), limit=100))

    def seek(text: str, where: list[str], by: str = "") -> Callable[[Any, random.Random], Any]:
        return lambda connection, chance: reader.search(connection, Search(text, where, by))

    return {
        "newest 100 of the big room": page(Query(("big",), limit=100)),
        "100 before some line": middle,
        "first 100": page(Query(("big",), limit=100, newest=False)),
        "newest 100 in private": page(Query((private,), limit=100)),
        "newest 50 of 500 rooms": page(Query(everyone)),
        "latest of 500 rooms": lambda connection, chance: reader.latest(connection, everyone),
        "a line by its number": lambda connection, chance: reader.line(
            connection, "big", chance.randrange(1, size // 2)
        ),
        "an event by its id": lambda connection, chance: reader.find(connection, f"{NOON + 50:x}-0123456789ab-5"),
        "the seq of a time": lambda connection, chance: reader.since(connection, NOON + chance.randrange(10 * size)),
        "lines of the last 1,000": lambda connection, chance: reader.count(connection, Query(("big",), size - 1_000)),
        "search: a rare word": seek(RARE, ["big"]),
        "search: a common word": seek("w0", ["big"]),
        "search: a common word where it is not": seek("w0", ["nowhere"]),
        "search: a common word in private": seek("w0", [private]),
        "search: a common word by somebody": seek("w0", ["big"], "person7"),
        "search: two common words": seek("w0 w1", ["big"]),
    }


def start(path: str) -> None:
    """What a daemon asks before it listens, with the tail that the one before has left; nothing is changed."""
    with closing(connect(path, write=True)) as connection:
        connection.execute("BEGIN")
        timeline.place_tail(connection)
        begin(connection)
        connection.execute("ROLLBACK")


def begin(connection: Any) -> None:
    reader.states(connection, IN_MEMORY)
    reader.last(connection)
    for number in range(ROOMS):
        reader.last_number(connection, f"room{number}")


def measure(path: str, size: int, rounds: int) -> dict[str, str]:
    """Ask everything; ms, each in a sentence."""
    chance = random.Random(2)
    with closing(connect(path, write=False)) as connection:
        asked = questions(size).items()
        found = {name: clocked(partial(ask, connection, chance), rounds) for name, ask in asked}
    return found | {"start": clocked(partial(start, path), rounds)}


def clocked(ask: Callable[[], Any], rounds: int) -> str:
    """The CPU time of this thread, ms."""
    took = []
    for _ in range(rounds + 1):
        begun = time.thread_time()
        ask()
        took.append((time.thread_time() - begun) * 1000)
    del took[0]  # it is about the cache of files
    return f"{statistics.median(took):.2f} ({min(took):.2f} to {max(took):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[100_000, 1_000_000], help="lines")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--folder", type=Path, help="where the files are kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        columns = {}
        for size in options.sizes:
            path = folder / f"{size}.sqlite"
            if not path.exists():
                fill(str(path), size)
            print(f"{size:,} lines: {os.path.getsize(path) / size:.0f} bytes each, with their words", flush=True)
            columns[size] = measure(str(path), size, options.rounds)
    print("".join([f"{'':40}", *(f"{size:>26,}" for size in columns)]))
    for name in columns[options.sizes[0]]:
        print("".join([f"{name:40}", *(f"{column[name]:>26}" for column in columns.values())]))


if __name__ == "__main__":
    main()
