"""What an operator may ask for: one suite of commands for the daemon's socket and for the file alone."""

from __future__ import annotations

import base64
import json
import os
import pwd
import socket
import sqlite3
import stat
from contextlib import closing
from typing import Any

from twisted.internet import reactor
from twisted.internet.address import IPv4Address
from twisted.internet.error import CannotListenError
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase, TestCase

from chat.accounts import LONGEST
from chat.config import Config
from chat.core.events import AccountChanged, Connected, Joined, TopicChanged
from chat.core.refusals import NoBackup, Refused
from chat.core.registry import Author
from chat.core.user import CONSOLE
from chat.ops.admin import STRANGER, AdminFactory, clear, listen
from chat.ops.console import COMMANDS, Command
from chat.ops.offline import on_file
from chat.ops.table import table
from chat.passwords import fits
from chat.stores.backup import back_up
from chat.stores.database import InUse
from chat.stores.sqlite import SQLiteHistory
from tests.talk import ChatTestCase

OPEN_SESAME = "open sesame"


class CommandLaws:
    """What holds for the commands, whoever does them: a subclass says how.  `does` gives the answer; Refused."""

    async def does(self, command: str, **arguments: str) -> Any:
        raise NotImplementedError

    async def refusal(self: Any, command: str, **arguments: str) -> str:
        try:
            answer = await self.does(command, **arguments)
        except Refused as refusal:
            return str(refusal)
        raise AssertionError(f"it was not refused, but: {answer}")

    async def state(self, kind: str, key: str) -> Any:
        """What the store says now of something that lasts."""
        raise NotImplementedError

    # -- accounts

    async def test_an_account(self: Any) -> None:
        self.assertEqual(await self.does("account list"), [])
        self.assertEqual(await self.does("account add", name="Bob", password=OPEN_SESAME), "Bob has an account now.")
        [row] = await self.does("account list")
        self.assertRegex(row.pop("created"), r"\A20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
        self.assertEqual(row, {"name": "Bob", "here": False, "opens_with": "password"})
        kept = await self.state("account", "bob")
        self.assertTrue(fits(OPEN_SESAME, kept["password"]))
        self.assertTrue(kept["scram"])

    async def test_a_new_password(self: Any) -> None:
        await self.does("account add", name="bob", password=OPEN_SESAME)
        self.assertEqual(
            await self.does("account password", name="BOB", password="close sesame"), "bob has a new password."
        )
        kept = await self.state("account", "bob")
        self.assertEqual([fits(each, kept["password"]) for each in (OPEN_SESAME, "close sesame")], [False, True])

    async def test_what_is_no_name_or_no_password(self: Any) -> None:
        await self.does("account add", name="bob", password=OPEN_SESAME)
        for command, name, password, sentence in (
            ("account add", "b b", OPEN_SESAME, "Names are 1-32 letters, digits, _ or -, and start with a letter."),
            ("account add", "admin", OPEN_SESAME, '"admin" is reserved.'),
            ("account add", "BOB", OPEN_SESAME, '"BOB" has an account already.'),
            ("account add", "b0b", OPEN_SESAME, '"b0b" is in use.'),
            ("account add", "carol", "short", f"Passwords have 8 to {LONGEST} characters."),
            ("account password", "bob", "short", f"Passwords have 8 to {LONGEST} characters."),
            ("account password", "carol", OPEN_SESAME, 'There is no account "carol".'),
            ("account close", "carol", None, 'There is no account "carol".'),
        ):
            given = {"name": name} if password is None else {"name": name, "password": password}
            self.assertEqual(await self.refusal(command, **given), sentence)
        self.assertEqual([row["name"] for row in await self.does("account list")], ["bob"])

    async def test_a_closed_account_is_opened_by_a_new_password(self: Any) -> None:
        await self.does("account add", name="bob", password=OPEN_SESAME)
        self.assertEqual(await self.does("account close", name="Bob"), "The account bob is closed.")
        self.assertEqual(await self.refusal("account close", name="bob"), "bob is closed already.")
        self.assertEqual([row["opens_with"] for row in await self.does("account list")], [""])
        kept = await self.state("account", "bob")
        self.assertEqual((kept["password"], kept["scram"]), ("", None))
        await self.does("account password", name="bob", password=OPEN_SESAME)
        self.assertEqual([row["opens_with"] for row in await self.does("account list")], ["password"])

    # -- bans

    async def test_bans(self: Any) -> None:
        self.assertEqual(await self.does("bans"), [])
        self.assertEqual(await self.does("ban", target="Mallory", why="spam"), "Mallory is banned. Nobody had to go.")
        self.assertEqual(await self.does("ban", target="192.0.2.9/24"), "192.0.2.0/24 is banned. Nobody had to go.")
        rows = await self.does("bans")
        self.assertEqual([(row["banned"], row["why"]) for row in rows], [("192.0.2.0/24", ""), ("Mallory", "spam")])
        self.assertEqual(await self.state("ban", "mallory"), ["Mallory", *(await self.state("ban", "mallory"))[1:]])
        self.assertEqual(await self.does("unban", target="mallory"), "mallory is no longer banned.")
        self.assertEqual(await self.refusal("unban", target="mallory"), "mallory is not banned.")
        self.assertEqual(await self.does("unban", target="192.0.2.1/24"), "192.0.2.0/24 is no longer banned.")
        self.assertEqual(await self.does("bans"), [])
        self.assertIsNone(await self.state("ban", "mallory"))

    async def test_what_cannot_be_banned(self: Any) -> None:
        sentence = '"a b" is neither a name nor an address, such as 192.0.2.7 or 2001:db8::/48.'
        self.assertEqual(await self.refusal("ban", target="a b"), sentence)
        self.assertEqual(await self.refusal("unban", target="a b"), sentence)

    # -- rooms

    async def test_a_room_is_given_back(self: Any) -> None:
        self.assertEqual(await self.refusal("room op", room="lobby", account="bob"), 'There is no account "bob".')
        await self.does("account add", name="Bob", password=OPEN_SESAME)
        self.assertEqual(await self.refusal("room op", room="attic", account="bob"), 'There is no room "attic".')
        self.assertEqual(await self.does("room op", room="#Lobby", account="BOB"), "Bob is an operator of lobby.")
        self.assertEqual((await self.state("room", "lobby"))["roles"], {"bob": "o"})

    async def test_rooms_and_sessions(self: Any) -> None:
        rooms = await self.does("rooms")
        self.assertEqual(rooms, [{"name": "lobby", "people": 0, "lines": 0, "founder": "", "topic": ""}])
        self.assertEqual(await self.does("sessions"), [])

    # -- what is no command

    async def test_what_nobody_understands(self: Any) -> None:
        self.assertEqual(await self.refusal("dance"), 'There is no command "dance".')
        self.assertEqual(await self.refusal("ban"), '"ban" takes target, why.')
        self.assertEqual(await self.refusal("bans", name="x"), '"bans" takes nothing.')
        self.assertEqual(await self.refusal("unban", target=7), '"unban" takes target.')


class LocalTransport(StringTransport):
    """One end of a real pair of sockets, which says who made it."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = socket.socketpair()

    def getHandle(self) -> socket.socket:
        return self.pair[0]


class SocketTestCase(ChatTestCase):
    def operator(self) -> Any:
        """Somebody at the socket; what is sent by `says` is understood at once."""
        transport = LocalTransport()
        for each in transport.pair:
            self.addCleanup(each.close)
        protocol = AdminFactory(self.factory).buildProtocol(None)
        protocol.makeConnection(transport)
        return protocol

    def asks(self, protocol: Any, data: bytes) -> list[Any]:
        """Send bytes; what comes back."""
        protocol.dataReceived(data)
        self.pass_time(0)
        answers = protocol.transport.value().splitlines()
        protocol.transport.clear()
        return [json.loads(line) for line in answers]

    async def does(self, command: str, **arguments: str) -> Any:
        line = json.dumps({"command": command, "arguments": arguments}).encode() + b"\n"
        [told] = self.asks(self.operator(), line)
        if "refused" in told:
            raise Refused(told["refused"])
        return told["answer"]

    async def state(self, kind: str, key: str) -> Any:
        value = await self.history.state(kind, key)
        return json.loads(value) if value else None


class SocketCommandTests(SocketTestCase, CommandLaws):
    """The daemon does them."""


class FileCommandTests(TestCase, CommandLaws):
    """They are done on the file, which is opened anew for each."""

    def setUp(self) -> None:
        self.path = os.path.abspath(self.mktemp())

    async def does(self, command: str, **arguments: str) -> Any:
        return await on_file(reactor, Config(), self.path, command, arguments)

    async def state(self, kind: str, key: str) -> Any:
        with closing(sqlite3.connect(self.path)) as connection:
            sql = "SELECT value FROM state WHERE kind = ? AND key = ?"
            found = connection.execute(sql, (kind, key)).fetchone()
        return json.loads(found[0]) if found else None

    async def test_a_backup(self) -> None:
        await self.does("account add", name="bob", password=OPEN_SESAME)
        copy = self.path + ".copy"
        told = await self.does("backup", file=copy)
        self.assertEqual(told, f"Backup in {copy}, {os.path.getsize(copy):,} bytes.")
        self.assertEqual(stat.S_IMODE(os.stat(copy).st_mode), 0o600)
        self.assertEqual([name for name in os.listdir(os.path.dirname(copy)) if name.endswith(".part")], [])
        self.path = copy
        self.assertEqual([row["name"] for row in await self.does("account list")], ["bob"])

    async def test_a_backup_takes_no_other_file_away(self) -> None:
        copy = self.path + ".copy"
        with open(copy, "w") as file:
            file.write("precious")
        self.assertEqual(
            await self.refusal("backup", file=copy), f"No backup was made: there is a file {copy} already."
        )
        with open(copy) as file:
            self.assertEqual(file.read(), "precious")
        os.unlink(copy)
        os.symlink(self.path + ".elsewhere", copy)
        self.assertIn("already", await self.refusal("backup", file=copy))
        nowhere = self.path + ".none/copy"
        self.assertEqual(
            await self.refusal("backup", file=nowhere),
            f"No backup was made: the user {pwd.getpwuid(os.geteuid()).pw_name}, as whom the chat runs, "
            f"cannot write {nowhere} (No such file or directory).",
        )

    async def test_one_at_a_time(self) -> None:
        history = SQLiteHistory(reactor, self.path, lambda sentence: None)
        history.open()
        self.addCleanup(history.close)
        first = history.back_up(self.path + ".1")
        second = history.back_up(self.path + ".2")
        self.assertEqual(
            str(self.failureResultOf(second, Refused).value), "No backup was made: another one is being made."
        )
        self.assertGreater(await first, 0)
        self.assertGreater(await history.back_up(self.path + ".2"), 0)
        self.assertEqual(await self.in_use(), InUse)

    async def test_a_backup_that_is_interrupted_leaves_nothing(self) -> None:
        await self.does("bans")
        copy = self.path + ".copy"

        def interrupt_soon(connection: sqlite3.Connection) -> None:
            connection.set_progress_handler(connection.interrupt, 100)

        self.assertRaises(NoBackup, back_up, self.path, copy, interrupt_soon)
        name = os.path.basename(copy)
        self.assertEqual([each for each in os.listdir(os.path.dirname(copy)) if each.startswith(name)], [])

    async def in_use(self) -> type[Exception] | None:
        try:
            await self.does("bans")
        except InUse as error:
            return type(error)
        return None

    async def test_who_is_kept_here_without_a_connection_has_to_go(self) -> None:
        for command, given in (("ban", {"target": "bob"}), ("account close", {"name": "bob"})):
            self.path += "-"
            await self.does("account add", name="bob", password=OPEN_SESAME)
            await self.leave_bob_here()
            [row] = await self.does("account list")
            self.assertTrue(row["here"])
            self.assertIn(await self.does(command, **given),
                          ("bob is banned. 1 person had to go.", "The account bob is closed."))  # fmt: skip
            [row] = await self.does("account list")
            self.assertFalse(row["here"])

    async def leave_bob_here(self) -> None:
        """Bob, who is always on, was here when the daemon was stopped."""
        from chat.factory import ChatFactory

        history = SQLiteHistory(reactor, self.path, lambda sentence: None)
        history.open()
        chat = ChatFactory(Config(), history, reactor)
        chat.start()
        bob = Author("bob", "1-2", account="bob")
        for event in (
            AccountChanged(CONSOLE, "bob", settings={"always-on": "true"}),
            Connected(bob),
            Joined(bob, "lobby"),
        ):
            await chat.publish(event)
        chat.stop()
        history.close()


class SessionTests(SocketTestCase):
    """What only a chat with people in it shows."""

    async def test_who_is_here(self) -> None:
        await self.does("account add", name="bob", password=OPEN_SESAME)
        bob = self.connects()
        bob.says("bob", OPEN_SESAME)
        self.pass_time(3600)
        self.irc("carol", "#lobby", "#dev")
        transport = StringTransport(peerAddress=IPv4Address("TCP", "192.0.2.7", 40_000))
        self.connects(transport=transport)
        self.pass_time(5)
        first, second, third = await self.does("sessions")
        self.assertEqual(
            first,
            {"name": "bob", "account": "bob", "wire": "line", "address": "127.0.0.1", "tls": False,
             "since": "2026-11-20T12:00:00Z", "idle": 3605},
        )  # fmt: skip
        self.assertEqual((second["name"], second["account"], second["wire"], second["idle"]), ("carol", "", "irc", 5))
        self.assertEqual((third["name"], third["address"], third["since"]), ("", "192.0.2.7", "2026-11-20T13:00:00Z"))
        self.assertEqual(third["idle"], 5)
        rooms = await self.does("rooms")
        self.assertEqual([(room["name"], room["people"]) for room in rooms], [("dev", 1), ("lobby", 2)])

    async def test_a_room_with_its_topic_and_founder(self) -> None:
        bob = self.person("Bob")
        bob.says("/register", OPEN_SESAME, "/join dev", "/found", "one", "two")
        self.happens(TopicChanged(self.factory.registry.user("bob").author, "dev", "tea"))
        room = next(room for room in await self.does("rooms") if room["name"] == "dev")
        self.assertEqual(room, {"name": "dev", "people": 1, "lines": 2, "founder": "Bob", "topic": "tea"})

    async def test_who_is_banned_goes(self) -> None:
        bob, carol = self.people("bob", "carol")
        self.assertEqual(await self.does("ban", target="bob", why="spam"), "bob is banned. 1 person had to go.")
        self.assertEqual(bob.hears()[-1], "* Banned from this server: spam")
        self.assertTrue(bob.is_gone)
        self.assertEqual(await self.does("ban", target="127.0.0.0/8"), "127.0.0.0/8 is banned. 1 person had to go.")
        self.assertTrue(carol.is_gone)

    async def test_who_is_always_here_goes_with_the_account(self) -> None:
        self.factory.registry.always_on = True
        for away in (False, True):
            await self.does("account add", name=f"bob{away}", password=OPEN_SESAME)
            bob = self.connects()
            bob.says(f"bob{away}", OPEN_SESAME)
            if away:
                bob.hangs_up()
            self.assertIn(f"bob{away}".lower(), self.factory.registry.users)
            await self.does("account close", name=f"bob{away}")
            self.assertNotIn(f"bob{away}".lower(), self.factory.registry.users)

    async def test_who_is_banned_by_account_cannot_sign_in(self) -> None:
        await self.does("account add", name="bob", password=OPEN_SESAME)
        await self.does("ban", target="bob")
        bob, irc = self.connects(), self.irc_connects()
        bob.says("bob", OPEN_SESAME)
        self.assertEqual(bob.hears()[-1], "! You are banned from this server.")
        proof = base64.b64encode(f"\0bob\0{OPEN_SESAME}".encode()).decode()
        irc.says("CAP REQ sasl", "NICK robert", "USER r 0 * :R")
        irc.says("AUTHENTICATE PLAIN", f"AUTHENTICATE {proof}", "CAP END")
        self.assertEqual(irc.hears()[-1], "ERROR :You are banned from this server.")
        self.assertTrue(bob.is_gone and irc.is_gone)

    async def test_an_account_for_a_name_that_somebody_else_has_now(self) -> None:
        self.person("bob")
        self.assertEqual(await self.refusal("account add", name="bob", password=OPEN_SESAME), '"bob" is in use.')

    refusal = CommandLaws.refusal

    async def test_the_history_in_memory_has_no_backup(self) -> None:
        self.assertEqual(
            await self.refusal("backup", file=self.mktemp()), "No backup was made: this history is in memory only."
        )


class ProtocolTests(SocketTestCase):
    NO_REQUEST = {"refused": 'A request is like {"command": "account add", "arguments": {"name": "bob"}}.'}  # noqa: RUF012

    def test_what_is_no_request(self) -> None:
        operator = self.operator()
        for line in (b"", b"hello", b"[]", b"7", b"{}", b'{"command": 7}', b'{"command": "bans", "arguments": []}',
                     b"\xff", b"[" * 50_000):  # fmt: skip
            self.assertEqual(self.asks(operator, line + b"\n"), [self.NO_REQUEST], line[:20])
        self.assertEqual(self.asks(operator, b'{"command": "bans"}\n'), [{"answer": []}])

    def test_several_requests_are_answered_in_their_order(self) -> None:
        data = b'{"command": "ban", "arguments": {"target": "bob"}}\n{"command": "dance"}\n{"command": "bans"}\n{"comm'
        operator = self.operator()
        bob = {"banned": "bob", "since": "2026-11-20T12:00:00Z", "why": ""}
        told = [
            {"answer": "bob is banned. Nobody had to go."},
            {"refused": 'There is no command "dance".'},
            {"answer": [bob]},
        ]
        self.assertEqual(self.asks(operator, data), told)
        self.assertEqual(self.asks(operator, b'and": "bans"}\n'), [{"answer": [bob]}])

    def test_a_request_without_end(self) -> None:
        operator = self.operator()
        self.assertEqual(self.asks(operator, b"x" * 70_000), [{"refused": "A request has 65,536 bytes at most."}])
        self.assertTrue(operator.transport.disconnecting)
        self.assertEqual(self.asks(operator, b'\n{"command": "bans"}\n'), [])

    def test_a_bug_is_logged_and_said_and_the_next_request_is_answered(self) -> None:
        async def bug(chat: Any) -> str:
            raise ZeroDivisionError

        COMMANDS["bug"] = Command("bug", bug, "")
        self.addCleanup(COMMANDS.pop, "bug")
        operator = self.operator()
        told = self.asks(operator, b'{"command": "bug"}\n{"command": "bans"}\n')
        sentence = "Something went wrong on our side; it is noted in the log of the daemon."
        self.assertEqual(told, [{"refused": sentence}, {"answer": []}])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_a_stranger_is_refused(self) -> None:
        """Who is neither root nor the user who runs the daemon; a test that root runs asks as somebody else."""
        if os.geteuid() == 0:
            os.seteuid(65_534)
            self.addCleanup(os.seteuid, 0)
            transport = LocalTransport()
            os.seteuid(0)
        else:
            transport, me = LocalTransport(), os.geteuid()
            self.patch(os, "geteuid", lambda: me + 1)
        for each in transport.pair:
            self.addCleanup(each.close)
        protocol = AdminFactory(self.factory).buildProtocol(None)
        protocol.makeConnection(transport)
        self.assertEqual(self.asks(protocol, b'{"command": "bans"}\n'), [{"refused": STRANGER}])
        self.assertTrue(transport.disconnecting)

    def test_what_was_asked_for_happens_though_nobody_waits_for_the_answer(self) -> None:
        operator = self.operator()
        operator.dataReceived(b'{"command": "ban", "arguments": {"target": "bob"}}\n')
        operator.connectionLost()
        self.pass_time(0)
        self.assertEqual(operator.transport.value(), b"")
        self.assertIn("bob", self.factory.registry.bans)


class Listening:
    """A reactor that opens a socket, and looks at it in the moment in which it is there."""

    def listenUNIX(self, path: str, factory: object, mode: int) -> int:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(path)
        return stat.S_IMODE(os.stat(path).st_mode)


class ClearTests(SynchronousTestCase):
    """What is in the way of the socket."""

    def setUp(self) -> None:
        self.path = f"/tmp/chat-{os.getpid()}"
        self.addCleanup(lambda: os.path.lexists(self.path) and os.unlink(self.path))

    def test_from_the_first_moment_it_is_for_its_owner_only(self) -> None:
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        self.assertEqual(listen(Listening(), self.path, None), 0o600)  # type: ignore[arg-type]
        self.assertEqual(os.umask(0), 0, "the umask is as it was")

    def test_what_a_daemon_left_is_taken_away(self) -> None:
        with socket.socket(socket.AF_UNIX) as old:
            old.bind(self.path)
        clear(self.path)
        self.assertFalse(os.path.exists(self.path))
        clear(self.path)

    def test_what_a_daemon_listens_at_is_not(self) -> None:
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(self.path)
            other.listen()
            self.assertRaises(CannotListenError, clear, self.path)
            self.assertTrue(os.path.exists(self.path))

    def test_nor_is_what_is_no_socket(self) -> None:
        with open(self.path, "w"):
            pass
        self.assertRaises(CannotListenError, clear, self.path)
        self.assertTrue(os.path.exists(self.path))


class TableTests(SynchronousTestCase):
    def test_it_is_aligned_and_nothing_in_it_drives_a_terminal(self) -> None:
        rows = [
            {"name": "bob", "tls": True, "lines": 1204, "idle": 7199, "why": "a\x1b[2Jb\u202ec"},
            {"name": "茶", "tls": False, "lines": 3, "idle": 0, "why": ""},
        ]
        self.assertEqual(
            table(rows).splitlines(),
            ["NAME  TLS  LINES  IDLE  WHY", "bob   yes  1,204    1h  a [2Jb c", "茶    -        3    0s  -"],
        )

    def test_a_time_is_shown_as_the_clock_on_the_wall_has_it(self) -> None:
        self.assertRegex(table([{"since": "2026-11-20T12:00:00Z"}]), r"\ASINCE\n2026-11-\d\d \d\d:\d\d\Z")
        self.assertEqual(table([{"since": ""}]), "SINCE\n-")
