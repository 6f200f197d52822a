"""What the servers are given to do: each workload is one run of the load, and one figure that is compared.

The names: `t` before one means over TLS, `l` that every second person is on the line wire, as with nc, where a server
has it (of the others everybody speaks IRC); a number is how many there are.
"""

from __future__ import annotations

from typing import NamedTuple

#: Those that most is measured beside, and those that speak TLS.
PEERS = ("inspircd", "ngircd", "ergo")
ALL = ("ours", "floor", *PEERS)
FEW = ("ours", "floor", "inspircd")
MAIN = ("ours", "inspircd", "ergo")
PAIR = ("ours", "inspircd")
#: Rounds of what no criterion is about.
SOME = 3


class Workload(NamedTuple):
    """`load` are the arguments of ircload, or the question that is asked of a history, or none for a start.

    `messages` set the length of the warm-up, after which a run takes as many as fill its time; without them a run is
    as long as `load` says.  `longer` is how many times as long as others it takes.  `figure` is the field of a row that
    is compared, with its `unit`.  `rounds` are the most that are made, where nothing is promised of the median.
    """

    name: str
    group: str
    title: str
    load: str
    messages: int = 0
    servers: tuple[str, ...] = ALL
    figure: str = "cpu_us"
    unit: str = "CPU, µs a delivery"
    kind: str = "load"
    tls: bool = False
    line: bool = False
    longer: int = 1
    rounds: int = 0


def fanout(name: str, people: int, messages: int, servers: tuple[str, ...] = ALL, senders: int = 1) -> Workload:
    """A room as fast as it goes: 64 messages that not everyone has heard yet."""
    title = f"{people:,} in a room, {'one talks' if senders == 1 else f'{senders} talk'}"
    load = f"--mode fanout --clients {people} --senders {senders} --window 64"
    return Workload(name, "Fan-out, as fast as it goes", title, load, messages, servers, rounds=SOME * (senders > 1))


def rate(name: str, people: int, a_second: int, messages: int, servers: tuple[str, ...], senders: int = 10) -> Workload:
    """A room at a steady pace: hardly anything comes together, and what counts is how long it takes."""
    who = "one talks" if senders == 1 else f"{senders} talk"
    title = f"{people:,} in a room, {who}, {a_second:,} messages a second"
    load = f"--mode fanout --clients {people} --senders {senders} --rate {a_second}"
    rounds = SOME if servers == FEW else 0
    return Workload(name, "Fan-out, at a fixed rate", title, load, messages, servers, longer=2, rounds=rounds)


def private(window: int, servers: tuple[str, ...]) -> Workload:
    """Ping-pong: each answers as soon as it hears."""
    title = f"500 pairs, {window} in flight" if window > 1 else "500 pairs, one in flight"
    load = f"--mode dm --clients 1000 --window {window}"
    rounds, unit = SOME * (window > 8), "CPU, µs a message"
    return Workload(f"dm{window}", "Private messages", title, load, 20_000, servers, unit=unit, rounds=rounds)


def storm(name: str, title: str, load: str, clients: int, tls: bool = False) -> Workload:
    """Connect, register, join."""
    load = f"--mode storm --clients {clients} --inflight 64 {load}"
    servers = (*FEW, "ergo")
    return Workload(name, "Connect, register, join", title, load, 0, servers, unit="CPU, µs a client", tls=tls)


def idle(name: str, title: str, tls: bool = False) -> Workload:
    """What a connection holds while nobody says anything, ten to a room."""
    load = "--mode idle --clients 10000 --inflight 64 --hold 2 --deadline 120"
    figure = {"figure": "kb_per_conn", "unit": "KiB a connection", "rounds": SOME}
    return Workload(name, "Idle connections", title, load, 0, MAIN, tls=tls, **figure)  # type: ignore[arg-type]


def over_tls(of: Workload, messages: int, servers: tuple[str, ...] = (*FEW, "ergo"), rounds: int = 0) -> Workload:
    name = f"t{of.name}"
    return of._replace(name=name, group="Over TLS", messages=messages, servers=servers, tls=True, rounds=rounds)


def half_on_the_line(of: Workload, servers: tuple[str, ...] = PAIR) -> Workload:
    group = "Half of them on the line wire"
    return of._replace(name=f"l{of.name}", group=group, servers=servers, line=True, rounds=SOME)


def question(name: str, title: str, asked: str, servers: tuple[str, ...]) -> Workload:
    """What a client asks of a long history, at a place or for a word that is another one each time."""
    return Workload(name, "History", title, asked, 0, servers, unit="CPU, µs a question", kind="question")


FAN10 = fanout("fan10", 10, 10_000, (*ALL, "naive"))
FAN100 = fanout("fan100", 100, 5_000, (*ALL, "naive"))
FAN1000 = fanout("fan1000", 1_000, 500, (*ALL, "naive"))
RATE20 = rate("rate20", 1_000, 20, 40, (*FEW, "ergo"))
DM1 = private(1, (*ALL, "memory"))
DM8 = private(8, (*ALL, "memory"))
MIXED = Workload(
    "mixed", "A mixed hour, compressed",
    "1,000 people in 50 rooms: half is said there, 30 % in private, 20 % is coming and going",
    "--mode mixed --clients 1000 --msgs 5000 --window 64 --seed 1", 0, ("ours", *PEERS),
    unit="CPU, µs an action", rounds=SOME,
)  # fmt: skip
SLOW = Workload(
    "slow", "Slow readers", "100 in a fast room, 10 of them stop reading for 20,000 messages of 400 bytes",
    "--mode slow --clients 100 --slow 10 --msgs 20000 --size 400 --window 64", 0, ("ours", *PEERS), rounds=SOME,
)  # fmt: skip
START = Workload(
    "start", "History", "from the command to listening", "", 0, ("ours", "ours:100k", "ours:10m"),
    figure="ready_ms", unit="ms to listening", kind="start",
)  # fmt: skip

LONG = ("ours:2m", "ours:100k")
LONGER = ("ours:10m", "ours:100k")

WORKLOADS = {
    workload.name: workload
    for workload in (
        FAN10,
        FAN100,
        FAN1000,
        fanout("fan10s10", 10, 10_000, FEW, 10),
        fanout("fan100s10", 100, 5_000, FEW, 10),
        fanout("fan1000s10", 1_000, 500, FEW, 10),
        RATE20,
        rate("rate20s1", 1_000, 20, 40, FEW, 1),
        rate("rate100", 100, 100, 100, FEW),
        rate("rate1000", 10, 1_000, 1_000, FEW),
        DM1,
        DM8,
        private(16, MAIN),
        storm("storm", "plain", "", 2_000),
        storm("tstorm", "TLS, a full handshake", "", 1_000, tls=True),
        storm("tstormr", "TLS, sessions resumed", "--resume", 1_000, tls=True),
        idle("idle", "plain"),
        idle("tidle", "TLS", tls=True),
        over_tls(FAN100, 3_000),
        over_tls(FAN1000, 300),
        over_tls(RATE20, 40, MAIN, SOME),
        over_tls(DM8, 10_000, MAIN, SOME),
        MIXED,
        SLOW,
        half_on_the_line(FAN100),
        half_on_the_line(FAN1000),
        half_on_the_line(RATE20),
        half_on_the_line(DM1),
        half_on_the_line(DM8),
        half_on_the_line(MIXED),
        half_on_the_line(SLOW),
        question("latest", "CHATHISTORY: the last 100 of 1,000 lines", "latest", ("ours", "ergo")),
        question("past", "CHATHISTORY: 100 lines before some time", "past", LONG),
        question("rare", "search: a word that is there now and then", "rare", LONGER),
        question("common", "search: a word that everybody says", "common", LONGER),
        question("both", "search: two such words", "both", LONGER),
        question("absent", "search: such a word in a room where it is not", "absent", LONGER),
        START,
    )
}
