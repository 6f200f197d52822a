"""The options as an operator gives them, and the service that comes of them, on a reactor in memory."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import fields, replace
from typing import Any

from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs, formatEvent
from twisted.python.usage import UsageError
from twisted.trial.unittest import SynchronousTestCase

from chat.config import DEFAULT_LISTEN, Config, key_of
from chat.factory import ChatFactory
from chat.files.host import FileHost
from chat.options import Options, read_config
from chat.service import CannotStart, ChatService, makeService
from tests.test_tls import issue


def parsed(*words: str) -> Options:
    options = Options()
    options.parseOptions(list(words))
    return options


class HelpTests(SynchronousTestCase):
    """What `twistd chat --help` says."""

    def setUp(self) -> None:
        self.patch(os, "environ", {**os.environ, "COLUMNS": "80"})
        self.help = str(Options())
        self.words = " ".join(self.help.split())

    def test_every_setting_is_there_with_its_help(self) -> None:
        for setting in fields(Config):
            self.assertIn(f"--{key_of(setting.name)}= {setting.metadata['help']}", self.words)

    def test_the_other_options_have_help_too(self) -> None:
        self.assertIn("--config= TOML file with the same settings; the command line wins.", self.words)
        self.assertIn("--version Show the versions of the chat and of Twisted, and exit.", self.words)
        options = re.findall(r"^ +(--[a-z-]+=?)(.*)$", self.help, re.MULTILINE)
        self.assertEqual(len(options), len(fields(Config)) + 3)
        for option, text in options:
            self.assertRegex(text, r"\A +\S", option)

    def test_it_fits_a_terminal(self) -> None:
        self.assertLess(max(map(len, self.help.splitlines())), 80)
        self.assertIn("[options]\nOptions:\n", self.help)
        self.assertNotIn("None", self.help)

    def test_the_version(self) -> None:
        with redirect_stdout(io.StringIO()) as printed, self.assertRaises(SystemExit) as ended:
            parsed("--version")
        self.assertRegex(printed.getvalue(), r"\Achat \d+\.\d+\.\d+ on Twisted \d+\.\d+\.\d+\n\Z")
        self.assertEqual(ended.exception.code, 0)


class OptionsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.file = self.mktemp()

    def write(self, text: str) -> None:
        with open(self.file, "w") as file:
            file.write(text)

    def refusal(self, *words: str) -> str:
        return str(self.assertRaises(UsageError, parsed, *words))

    def test_nothing_given_is_the_default_under_the_name_of_this_host(self) -> None:
        self.assertEqual(parsed().chosen, Config(name=socket.gethostname()))
        self.assertEqual(parsed().chosen.listen, DEFAULT_LISTEN)

    def test_every_option_arrives(self) -> None:
        given = Config(
            name="a.example", listen=("tcp:1", "tcp:2"), line=("tcp:3",), tls_cert="c.pem", tls_key="k.pem",
            database="d.sqlite", lobby="hall", all="members", flood="5/1", max_connections=7, max_per_address=3,
            admin_socket="a.sock",
            irc=("tcp:4",), network="Kettle", info="a kitchen", history_lines=9, motd="tea", password="sesame",
            admin="carol", operators=(("root", "file:/r"),), webirc=(("10.0.0.0/8", "file:/w"),), proxy=("10.0.0.0/8",),
            proxy_header="optional", user_modes="i", register_early=True, always_on=True, shortest_password=6,
            register_email=True, without=("sasl",), names="ascii", sts=60, sts_port=6697, sts_preload=True,
            reserved=("boss", "staff"), guests="deny",
            web=("tcp:5",), origins=("https://a.example",),
            history_on_join=5,
            files="f", files_url="https://a.example", files_from="accounts", files_largest=1, files_each=2,
            files_quota=3, files_keep=60,
        )  # fmt: skip
        words = []
        for setting in fields(Config):
            value = getattr(given, setting.name)
            for each in value if isinstance(value, tuple) else (value,):
                words += [f"--{key_of(setting.name)}", "=".join(each) if isinstance(each, tuple) else str(each)]
        self.assertEqual(parsed(*words).chosen, given)
        self.assertNotIn(given, [replace(given, **{s.name: s.default}) for s in fields(Config)])

    def test_an_option_may_be_joined_to_its_value(self) -> None:
        self.assertEqual(parsed("--lobby=hall", "--listen=tcp:1:interface=127.0.0.1").chosen.lobby, "hall")

    def test_the_command_line_wins_over_the_file(self) -> None:
        self.write('lobby = "hall"\nname = "file.example"\nlisten = ["tcp:1", "tcp:2"]\n')
        chosen = parsed("--config", self.file, "--name", "line.example", "--listen", "tcp:3").chosen
        self.assertEqual((chosen.lobby, chosen.name, chosen.listen), ("hall", "line.example", ("tcp:3",)))

    def test_two_command_lines_share_nothing(self) -> None:
        parsed("--listen", "tcp:1")
        self.assertEqual(parsed("--listen", "tcp:2").chosen.listen, ("tcp:2",))

    def test_the_file_is_read_anew_each_time(self) -> None:
        self.write('lobby = "hall"\n')
        options = parsed("--config", self.file, "--flood", "off")
        self.write('lobby = "attic"\nflood = "1/1"\n')
        again = read_config(options)
        self.assertEqual((options.chosen.lobby, again.lobby, again.flood), ("hall", "attic", "off"))

    def test_what_is_wrong_is_an_error_of_usage(self) -> None:
        self.assertEqual(self.refusal("hall"), '"hall" is no option; options begin with "--".')
        self.assertEqual(self.refusal("--lobi", "hall"), "option --lobi not recognized")
        self.assertEqual(self.refusal("--lobby"), "option --lobby requires argument")
        self.assertEqual(self.refusal("--config", "none.toml"), "none.toml: there is no such file.")
        self.assertIn("--max-connections: must be a whole number", self.refusal("--max-connections", "many"))
        self.assertIn('lobby: "' + "x" * 99 + '" is no name for a room. ', self.refusal("--lobby", "x" * 99))
        self.write("flood = 3\n")
        self.assertIn(f"{self.file}, line 1: flood must be text in quotes", self.refusal("--config", self.file))


class ServiceTestCase(SynchronousTestCase):
    def setUp(self) -> None:
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            self.addCleanup(signal.signal, number, signal.getsignal(number))
        self.patch(sys, "excepthook", sys.excepthook)
        self.reactor: Any = MemoryReactorClock()

    def service(self, **settings: Any) -> ChatService:
        config = Config(**{"name": "chat.example.org", "database": ":memory:", **settings})
        return ChatService(config, self.reactor, lambda: config)

    def start(self, **settings: Any) -> list[str]:
        """Start a service; what it says in the log."""
        with capturedLogs() as events:
            service = self.service(**settings)
            service.startService()
        self.addCleanup(service.factory.stop)
        return [formatEvent(event) for event in events]


class AnnouncementTests(ServiceTestCase):
    """Whoever starts the server is told how to come in, with commands that work as they are."""

    def test_without_options(self) -> None:
        self.start()
        [(port, _, _, interface)] = self.reactor.tcpServers
        self.assertEqual((port, interface), (5050, "127.0.0.1"))

    def test_a_port_for_the_world(self) -> None:
        self.assertEqual(
            self.start(listen=("tcp:5050",)),
            [
                "[LISTENING] Server is listening on 0.0.0.0:5050",
                "Join with:  nc 127.0.0.1 5050",
                "Or with an IRC client:  /server 127.0.0.1 5050",
                "Or with a browser:  http://127.0.0.1:5050",
            ],
        )

    def test_ipv6(self) -> None:
        self.assertEqual(
            self.start(listen=(r"tcp:5050:interface=\:\:", r"tcp:5051:interface=2001\:db8\:\:1")),
            [
                "[LISTENING] Server is listening on [::]:5050",
                "Join with:  nc ::1 5050",
                "Or with an IRC client:  /server ::1 5050",
                "Or with a browser:  http://[::1]:5050",
                "[LISTENING] Server is listening on [2001:db8::1]:5051",
                "Join with:  nc 2001:db8::1 5051",
                "Or with an IRC client:  /server 2001:db8::1 5051",
                "Or with a browser:  http://[2001:db8::1]:5051",
            ],
        )

    def test_a_unix_socket(self) -> None:
        self.assertEqual(
            self.start(line=("unix:/run/chat/socket",)),
            ["[LISTENING] Server is listening on /run/chat/socket", "Join with:  nc -U /run/chat/socket"],
        )


    def test_a_port_for_websockets(self) -> None:
        self.assertEqual(
            self.start(web=("tcp:8080", r"tcp:8081:interface=\:\:1", "unix:/run/chat/web")),
            [
                "[LISTENING] Server is listening on 0.0.0.0:8080",
                "Join with a browser:  http://127.0.0.1:8080",
                "Join by WebSocket:  ws://127.0.0.1:8080",
                "[LISTENING] Server is listening on [::1]:8081",
                "Join with a browser:  http://[::1]:8081",
                "Join by WebSocket:  ws://[::1]:8081",
                "[LISTENING] Server is listening on /run/chat/web",
            ],
        )


class AddressTests(ServiceTestCase):
    """Where people are sent who may be anywhere."""

    def setUp(self) -> None:
        super().setUp()
        pair, self.pem = issue("chat.example.org"), self.mktemp()
        with open(self.pem, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)

    def factory(self, *listen: str, tls: bool = False, **settings: Any) -> ChatFactory:
        service = self.service(listen=listen, tls_cert=self.pem if tls else "", **settings)
        service.startService()
        self.addCleanup(service.factory.stop)
        return service.factory

    def files(self, *listen: str, **settings: Any) -> str:
        """How the addresses of files begin."""
        return FileHost(self.factory(*listen, **settings)).base()

    def test_a_door_for_the_world_comes_before_one_for_this_machine(self) -> None:
        near, far = r"tcp:5050:interface=\:\:1", "tcp:6697"
        for doors in ((near, far), (far, near)):
            factory = self.factory(*doors, tls=True)
            self.assertEqual(factory.tls_doors, [("chat.example.org", 6697), ("::1", 5050)])
            self.assertEqual(factory.irc_tls_doors, factory.tls_doors)
            self.assertEqual(self.files(*doors, tls=True), "https://chat.example.org:6697")
            self.assertEqual(self.files(*doors), "http://chat.example.org:6697")
        self.assertEqual(self.files(near), "http://[::1]:5050")
        self.assertEqual(self.files(near, tls=True), "https://[::1]:5050")

    def test_as_browsers_write_it(self) -> None:
        for door, tls, address in (
            ("tcp:443", True, "https://chat.example.org"), ("tcp:80", False, "http://chat.example.org"),
            (r"tcp:80:interface=2001\:db8\:\:1", True, "https://[2001:db8::1]:80"),
            ("tcp:8080", False, "http://chat.example.org:8080"),
        ):  # fmt: skip
            self.assertEqual(self.files(door, tls=tls), address)
        self.assertEqual(self.files("tcp:5050", web=("tcp:443",), tls=True), "https://chat.example.org:5050")
        self.assertEqual(self.files("tcp:5050", files_url="https://a.example"), "https://a.example")
        ssl = f"ssl:443:privateKey={self.pem}:certKey={self.pem}"
        self.assertEqual(self.files("tcp:5050", ssl), "https://chat.example.org")

    def test_files_that_nobody_would_find_are_not_taken(self) -> None:
        for door in ({"line": ("tcp:5050",)}, {"irc": ("tcp:5050",)}, {"listen": ("unix:/run/chat/socket",)}):
            service = self.service(files=self.mktemp(), **door)
            error = self.assertRaises(CannotStart, service.startService)
            service.factory.stop()
            self.assertIn("name --files-url.", str(error))


class DoorTests(ServiceTestCase):
    def refusal(self, *doors: str) -> str:
        service = self.service(listen=doors)
        refused = self.assertRaises(CannotStart, service.startService)
        service.factory.stop()
        return str(refused)

    def test_what_is_no_endpoint(self) -> None:
        for text in ("tpc:5050", "tcp", "tcp:", "tcp:http", "tcp:1:2:3:4", "tcp:1:interfaec=x", "5050", "systemd:x"):
            sentence = f'"{text}" is no endpoint. One is like this: tcp:5050:interface=127.0.0.1'
            self.assertEqual(self.refusal(text), sentence)

    def test_a_socket_that_systemd_did_not_hand_over(self) -> None:
        for text in ("systemd:domain=INET:name=chat", "systemd:domain=INET:index=0"):
            self.assertEqual(self.refusal(text), f'systemd has not handed over the socket of "{text}".')

    def test_only_the_sentence_is_printed(self) -> None:
        self.refusal("tcp")
        for error, traceback in ((CannotStart("Not today."), False), (ValueError("a bug"), True)):
            with redirect_stderr(io.StringIO()) as printed:
                sys.excepthook(type(error), error, None)
            self.assertIn(str(error), printed.getvalue())
            self.assertEqual(printed.getvalue() == f"{error}\n", not traceback)


class LifeTests(ServiceTestCase):
    def test_nothing_is_opened_before_it_starts(self) -> None:
        """Since twistd forks in between: threads, sockets and files would be those of the parent."""
        database, threads = self.mktemp(), threading.active_count()
        service = makeService(parsed("--database", database, "--listen", "tcp:1:interface=127.0.0.1"))
        self.assertEqual((os.path.exists(database), threading.active_count()), (False, threads))
        self.assertEqual((service.running, service.ports), (0, []))

    def test_settings_that_only_a_restart_changes_stay(self) -> None:
        old = Config(name="old.example", database=":memory:", listen=("tcp:1",))
        new = Config(name="new.example", database="other", listen=("tcp:2",), lobby="hall")
        service = ChatService(old, self.reactor, lambda: new)
        service.startService()
        self.addCleanup(service.factory.stop)
        with capturedLogs() as events:
            service.reload()
        self.assertEqual(service.config, replace(new, database=":memory:", listen=("tcp:1",)))
        self.assertEqual(service.factory.config, service.config)
        self.assertEqual(
            [formatEvent(event) for event in events],
            ["These change only with a restart: listen, database", "Configuration reloaded."],
        )
