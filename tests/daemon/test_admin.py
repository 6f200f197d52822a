"""`twisted-chat admin` as an operator runs it: beside a daemon, and on its file when it is down."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

from chat.core.events import Said
from chat.core.history import Query
from chat.ops.commandline import parser_of
from chat.ops.console import COMMANDS
from chat.stores.database import connect
from chat.stores.reader import page
from tests.daemon.running import LOCAL, PATIENCE, ROOT, DaemonTestCase, until

OPEN_SESAME = "open sesame"


class AdminTestCase(DaemonTestCase):
    def admin(self, *words: str, input: str = "") -> subprocess.CompletedProcess[str]:
        """What an operator is told, by a command line in the directory of the daemon."""
        return subprocess.run(
            [sys.executable, "-m", "chat", "admin", *words], cwd=self.directory, input=input, timeout=PATIENCE,
            env={**os.environ, "PYTHONPATH": ROOT, "COLUMNS": "80", "TZ": "UTC"}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def does(self, *words: str, input: str = "") -> str:
        """What is printed of a command that is done."""
        ended = self.admin(*words, input=input)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def refusal(self, *words: str, input: str = "", status: int = 1) -> str:
        """The one sentence of a command that is not done."""
        ended = self.admin(*words, input=input)
        self.assertEqual((ended.returncode, ended.stdout), (status, ""), ended.stderr)
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        return ended.stderr.rstrip("\n")


class SocketTests(AdminTestCase):
    def test_it_is_for_its_owner_only_and_goes_with_the_daemon(self) -> None:
        daemon = self.daemon()
        mode = os.stat(self.path("chat.sqlite-admin")).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)
        daemon.stop()
        self.assertFalse(os.path.lexists(self.path("chat.sqlite-admin")))

    def test_one_that_was_left_is_taken_away(self) -> None:
        daemon = self.daemon()
        daemon.kill()
        self.assertTrue(os.path.lexists(self.path("chat.sqlite-admin")))
        daemon.start()
        daemon.ready()
        self.assertEqual(self.does("bans"), "Nobody is banned.\n")

    def test_another_path_and_none(self) -> None:
        self.write("chat.toml", 'admin-socket = "here"\ndatabase = "my.sqlite"\n')
        daemon = self.daemon("--config", "chat.toml")
        self.assertTrue(os.path.lexists(self.path("here")))
        self.assertEqual(self.does("--config", "chat.toml", "bans"), "Nobody is banned.\n")
        self.assertEqual(self.does("bans", "--admin-socket", "here"), "Nobody is banned.\n")
        daemon.stop()
        self.daemon("--admin-socket", "off")
        self.assertEqual([name for name in os.listdir(self.directory) if name.endswith("-admin")], [])
        self.assertEqual(
            self.refusal("bans"),
            "A daemon holds chat.sqlite, but nothing listens at chat.sqlite-admin. "
            "If it has just been started or stopped, try again.",
        )

    def test_a_history_in_memory(self) -> None:
        daemon = self.daemon("--database", ":memory:")
        self.assertEqual([name for name in os.listdir(self.directory) if "twistd" not in name], ["log"])
        daemon.stop()
        self.daemon("--database", ":memory:", "--admin-socket", "here")
        there = "--database", ":memory:", "--admin-socket", "here"
        self.assertIn("lobby", self.does(*there, "rooms"))
        self.assertEqual(self.refusal(*there, "backup", "copy"), "No backup was made: this history is in memory only.")
        self.assertIn("there is nothing in memory", self.refusal("--database", ":memory:", "rooms"))

    def test_what_is_in_the_way(self) -> None:
        self.write("here", "precious")
        daemon = self.new_daemon("--listen", LOCAL, "--admin-socket", "here")
        daemon.start()
        self.assertEqual(daemon.wait(), 1)
        self.assertIn(f"Cannot listen on {self.path('here')} for twisted-chat admin: Socket operation on", daemon.log)
        self.assertNotIn("Traceback", daemon.log)
        with open(self.path("here")) as file:
            self.assertEqual(file.read(), "precious")

    def test_a_path_too_long_for_a_socket_that_nobody_asked_for(self) -> None:
        folder = self.path("d" * 100)
        os.mkdir(folder)
        daemon = self.daemon("--database", f"{folder}/chat.sqlite")
        daemon.logs("Name another one with --admin-socket.")
        daemon.person("alice")


class RunningTests(AdminTestCase):
    """Beside a daemon."""

    def setUp(self) -> None:
        super().setUp()
        self.running = self.daemon("--listen", LOCAL)

    def test_an_account_and_another_password(self) -> None:
        self.assertEqual(self.does("account", "add", "bob", input=f"{OPEN_SESAME}\n"), "bob has an account now.\n")
        self.does("account", "password", "bob", input="close sesame\n")
        bob = self.running.caller()
        bob.says("bob", OPEN_SESAME, "close sesame")
        bob.hears("! That is not the password.\n")
        bob.hears("* Hello bob. ")

    def test_somebody_who_is_here_is_banned(self) -> None:
        mallory = self.running.person("mallory")
        self.assertEqual(self.does("ban", "mallory", "too", "much", "spam"), "mallory is banned. 1 person had to go.\n")
        self.assertIn("* Banned from this server: too much spam\n", mallory.hears_to_the_end())
        again = self.running.caller()
        again.says("mallory")
        self.assertIn("! You are banned from this server: too much spam\n", again.hears_to_the_end())
        self.running.stop()
        self.running.start()
        again = self.running.ready().caller()
        again.says("mallory")
        self.assertIn("! You are banned from this server: too much spam\n", again.hears_to_the_end())
        self.assertRegex(self.does("bans"), r"\ABANNED   SINCE             WHY\nmallory  \S+ \S+  too much spam\n\Z")

    def test_where_somebody_is_is_banned(self) -> None:
        alice = self.running.person("alice")
        self.does("ban", "127.0.0.0/8")
        self.assertIn("* Banned from this server\n", alice.hears_to_the_end())
        self.assertIn("! You are banned from this server.\n", self.running.caller().hears_to_the_end())
        self.does("unban", "127.0.0.0/8")
        self.running.person("alice")

    def test_a_backup_while_somebody_talks(self) -> None:
        alice = self.running.person("alice")
        alice.says("/ack on")
        alice.hears("* You get a receipt for each line.\n")
        alice.says(*(f"line {number}" for number in range(2000)))
        alice.hears("+ 500 lobby ")
        self.assertRegex(self.does("backup", "copy.sqlite"), r"\ABackup in \S+/copy\.sqlite, [\d,]+ bytes\.\n\Z")
        alice.hears("+ 2000 lobby ")
        self.assertEqual(stat.S_IMODE(os.stat(self.path("copy.sqlite")).st_mode), 0o600)
        with closing(connect(self.path("copy.sqlite"), write=False)) as copy:
            self.assertEqual(copy.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            lines = [line.text for line in page(copy, Query(("lobby",), limit=3000)) if isinstance(line, Said)]
        self.assertGreaterEqual(len(lines), 500)
        self.assertEqual(lines, [f"line {number}" for number in range(len(lines))])
        self.assertIn("already", self.refusal("backup", "copy.sqlite"))
        self.assertEqual([name for name in os.listdir(self.directory) if "part" in name], [])
        self.starts_from("copy.sqlite", lines[-1])

    def starts_from(self, copy: str, last: str) -> None:
        other = self.daemon("--database", copy, twistd=(*self.running.program[:4], "-n", "--pidfile="))
        bob = other.caller()
        bob.says("bob")
        bob.hears(f"alice: {last}\n")

    def test_sessions_and_rooms(self) -> None:
        alice = self.running.person("alice")
        alice.says("/join dev", "/topic tea \u202e now")
        until(lambda: "tea" in self.does("rooms"), "the topic")
        self.assertEqual(
            self.does("rooms").splitlines(),
            [
                "NAME   PEOPLE  LINES  FOUNDER  TOPIC",
                "dev         1      0  -        tea   now",
                "lobby       1      0  -        -",
            ],
        )
        [row] = json.loads(self.does("--json", "sessions"))
        self.assertEqual((row["name"], row["wire"], row["address"], row["tls"]), ("alice", "line", "127.0.0.1", False))
        header = "NAME   ACCOUNT  WIRE  ADDRESS    TLS  SINCE             IDLE"
        self.assertEqual(self.does("sessions").splitlines()[0], header)
        told = json.loads(self.does("ban", "x", "--json"))
        self.assertEqual(told, {"done": "x is banned. Nobody had to go."})

    def test_who_talks_nonsense_to_the_socket_harms_nobody(self) -> None:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(self.path("chat.sqlite-admin"))
            stranger.sendall(b"GET / HTTP/1.0\r\n\r\n")
            self.assertIn(b"A request is like", stranger.recv(4096))
        self.assertEqual(self.does("bans"), "Nobody is banned.\n")


class DownTests(AdminTestCase):
    """While no daemon runs."""

    def setUp(self) -> None:
        super().setUp()
        self.chat = self.daemon()
        self.chat.person("alice").says("hi")
        self.chat.stop()

    def test_what_is_done_on_the_file_holds_for_the_daemon(self) -> None:
        ended = self.admin("account", "add", "bob", input=f"{OPEN_SESAME}\n")
        self.assertEqual((ended.returncode, ended.stdout), (0, "bob has an account now.\n"))
        self.assertEqual(ended.stderr, "No daemon runs: this was done in chat.sqlite itself.\n")
        self.does("ban", "mallory")
        self.does("backup", "copy.sqlite")
        self.assertIn("lobby       0      1", self.does("rooms"))
        self.assertEqual(self.does("sessions"), "Nobody is connected.\n")
        self.chat.start()
        bob, mallory = self.chat.ready().caller(), self.chat.caller()
        bob.says("bob", OPEN_SESAME)
        bob.hears("* Hello bob. ")
        mallory.says("mallory")
        self.assertIn("! You are banned", mallory.hears_to_the_end())

    def test_what_is_refused_is_said_in_a_sentence(self) -> None:
        self.assertEqual(self.refusal("unban", "mallory"), "mallory is not banned.")

    def test_a_file_that_is_not_there_is_not_made(self) -> None:
        sentence = f"There is no {self.path('none.sqlite')}. Name the database of the chat with --database or --config."
        self.assertEqual(self.refusal("--database", "none.sqlite", "rooms"), sentence)
        self.assertFalse(os.path.exists(self.path("none.sqlite")))

    def test_the_file_of_another_program(self) -> None:
        with closing(sqlite3.connect(self.path("cookies"))) as connection:
            connection.execute("CREATE TABLE cookies (name TEXT)")
        sentence = self.refusal("--database", "cookies", "rooms")
        self.assertIn("cookies is a database of another program. ", sentence)

    def test_a_daemon_and_the_command_line_refuse_each_other(self) -> None:
        with open(self.path("chat.sqlite-lock"), "ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # as the command line does while it works
            other = self.new_daemon("--listen", LOCAL)
            other.start()
            self.assertEqual(other.wait(), 1)
            self.assertIn("chat.sqlite is in use by another chat daemon", other.log)
            sentence = "A daemon holds chat.sqlite, but nothing listens at chat.sqlite-admin. "
            self.assertIn(sentence, self.refusal("rooms"))


class WordsTests(AdminTestCase):
    """What the command line itself says."""

    def script(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The script that is installed as `twisted-chat`."""
        program = "from chat.__main__ import main; main()"
        return subprocess.run(
            [sys.executable, "-c", program, *words], cwd=self.directory, timeout=PATIENCE, check=False,
            env={**os.environ, "PYTHONPATH": ROOT}, capture_output=True, text=True,
        )  # fmt: skip

    def test_the_parts_of_the_script(self) -> None:
        shown = self.script("--help")
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        self.assertIn("usage: twisted-chat serve [options]  ", shown.stdout)
        for words, sentence in (((), ""), (("dance",), 'There is no part "dance".\n')):
            refused = self.script(*words)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""))
            self.assertEqual(refused.stderr, sentence + shown.stdout)
        self.assertIn("--listen=", self.script("serve", "--help").stdout)
        self.assertIn("account add NAME", self.script("admin", "--help").stdout)

    def test_help(self) -> None:
        overview = self.does("--help")
        for name in COMMANDS:
            self.assertRegex(overview, rf"(?m)^  {name}\b.*  \S")
        for text in (overview, *(parser_of(each).format_help() for each in COMMANDS.values())):
            self.assertLess(max(map(len, text.splitlines())), 80)
        ban = self.does("ban", "--help")
        self.assertIn("usage: twisted-chat admin ban TARGET [WHY]\n\nBan somebody from the whole server.\n", ban)

    def test_what_is_not_understood(self) -> None:
        for words, sentence in (
            (("dance",), 'There is no command "dance".'),
            (("bann", "bob"), 'There is no command "bann". Did you mean "ban"?'),
            (("account",), '"account" needs one more word: add, password, close, list.'),
            (("account", "ad", "bob"), 'There is no command "account ad". Did you mean "account add"?'),
            (("ban",), "The following arguments are required: TARGET."),
            (("bans", "x"), "Unrecognized arguments: x."),
            (("--databse", "x", "bans"), "Unrecognized arguments: --databse."),
        ):
            told = self.refusal(*words, status=2)
            self.assertEqual(re.sub(r" See: twisted-chat admin.* --help\Z", "", told), sentence)
        self.assertIn("usage: ", self.admin().stderr)
        self.assertEqual(self.admin().returncode, 2)

    def test_a_setting_that_cannot_be_used(self) -> None:
        self.write("chat.toml", "databse = 'x'\n")
        self.assertEqual(
            self.refusal("--config", "chat.toml", "bans"),
            'chat.toml, line 1: there is no key "databse". Did you mean "database"?',
        )

    def test_a_password_is_asked_for_twice_and_not_shown(self) -> None:
        self.daemon()
        for second, said in ((OPEN_SESAME, "bob has an account now."), ("other", "These two are not the same.")):
            pid, terminal = pty.fork()
            if pid == 0:
                os.chdir(self.directory)
                os.environ["PYTHONPATH"] = ROOT
                os.execv(sys.executable, [sys.executable, "-m", "chat", "admin", "account", "add", "bob"])
            seen = self.types_when_asked(terminal, {"New password: ": OPEN_SESAME, "Once more: ": second})
            os.waitpid(pid, 0)
            self.assertIn(said, seen)
            self.assertNotIn(OPEN_SESAME, seen)

    def types_when_asked(self, terminal: int, answers: dict[str, str]) -> str:
        """Everything that a terminal has shown at the end."""
        seen = ""
        try:
            while data := os.read(terminal, 4096):
                seen += data.decode()
                for question in [each for each in answers if seen.endswith(each)]:
                    os.write(terminal, answers.pop(question).encode() + b"\n")
        except OSError:  # a terminal that is closed gives EIO
            pass
        os.close(terminal)
        return seen
