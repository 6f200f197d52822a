"""The programs that people come with: nc, telnet and openssl; and what they pipe into them."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import threading
from urllib.request import urlopen

from twisted.trial.unittest import SkipTest

from tests.daemon.running import PATIENCE, DaemonTestCase
from tests.test_tls import issue

RECEIPT = r"\+ {} lobby \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z"


def program(name: str) -> str:
    """Where a program is; skip if it is not installed."""
    path = shutil.which(name)
    if path is None:
        raise SkipTest(f"{name} is not installed")
    return path


def nc() -> str:
    """The nc of OpenBSD, which with -N says that its input has ended; skip if it is not installed."""
    path = program("nc")
    usage = subprocess.run([path, "-h"], capture_output=True, timeout=PATIENCE, check=False)
    if b"OpenBSD" not in usage.stderr + usage.stdout:
        raise SkipTest("this nc is not that of OpenBSD, which has -N")
    return path


class Program:
    """A client that is running: what is typed into it and what it shows."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
        )
        self._watch = threading.Timer(PATIENCE, self.process.kill)
        self._watch.start()

    def types(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode())

    def shows(self, text: str) -> str:
        """Everything up to `text`; AssertionError if it ends before."""
        assert self.process.stdout is not None
        seen = b""
        while not seen.endswith(text.encode()):
            byte = self.process.stdout.read(1)
            if not byte:
                raise AssertionError(f"{text!r} never came, but {seen!r}")
            seen += byte
        return seen.decode()

    def ends(self) -> None:
        """End the input, which nc waits for even when the server has closed the connection; then it must end."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.read()
        if self.process.wait() < 0:
            raise AssertionError(f"{self.process.args} did not end")

    def close(self) -> None:
        self._watch.cancel()
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


class ClientTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        root = issue("Root CA")
        pair = issue("chat.example.org", root)
        self.root = self.write("root.pem", root.cert_pem)
        self.write("both.pem", pair.cert_pem + pair.key_pem)
        self.running = self.daemon("--tls-cert", "both.pem")
        self.host, self.port = self.running.addresses[0].split(":")
        self.alice = self.running.person("alice")

    def client(self, *command: str) -> Program:
        client = Program(*command)
        self.addCleanup(client.close)
        return client

    def pipe(self, command: list[str], text: str) -> str:
        """What a client shows that is given all its input at once."""
        done = subprocess.run(
            command, input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=True
        )
        return done.stdout.decode()

    def talks(self, client: Program) -> None:
        """Sign in, say something, get a receipt, hear something, leave."""
        client.shows("Your name? ")
        client.types("bob\n")
        client.shows("* You are in lobby")
        client.types("/ack on\nQuite nice\n")
        client.shows("+ 1 lobby ")
        self.alice.hears("bob: Quite nice\n")
        self.alice.says("Really")
        client.shows("alice: Really")
        client.types("exit\n")
        client.shows("* Bye bob.")
        client.ends()

    # -- nc

    def nc(self) -> list[str]:
        return [nc(), "-N", self.host, self.port]

    def test_nc(self) -> None:
        self.talks(self.client(*self.nc()))

    def test_piped_into_nc(self) -> None:
        shown = self.pipe(self.nc(), "bot\nbuild ok\n")
        self.assertRegex(shown, RECEIPT.format(1))
        self.assertTrue(shown.endswith("* Bye bot.\n"), shown)
        self.alice.hears("bot: build ok\n")

    def test_a_long_file_piped_into_nc(self) -> None:
        shown = self.pipe(self.nc(), "bot\n" + "".join(f"line {number}\n" for number in range(2000)))
        self.assertEqual(shown.count("\n+ "), 2000)
        self.assertEqual([line.text for line in self.history()], [f"line {number}" for number in range(2000)])

    def test_nothing_piped_into_nc(self) -> None:
        self.assertIn("Your name? ", self.pipe(self.nc(), ""))

    # -- telnet

    def test_telnet(self) -> None:
        client = self.client(program("telnet"), self.host, self.port)
        client.shows("Escape character is '^]'.")
        self.talks(client)

    # -- openssl

    def openssl(self) -> list[str]:
        command = [program("openssl"), "s_client", "-quiet", "-verify_return_error", "-CAfile", self.root]
        return [*command, "-connect", f"{self.host}:{self.port}"]

    def test_openssl(self) -> None:
        self.talks(self.client(*self.openssl()))

    def test_piped_into_openssl(self) -> None:
        shown = self.pipe(self.openssl(), "bot\nbuild ok\nexit\n")
        self.assertRegex(shown, RECEIPT.format(1))
        self.assertIn("* Bye bot.\n", shown)
        self.alice.hears("bot: build ok\n")

    def test_the_commands_that_the_log_shows_work(self) -> None:
        hints = [line.partition(":  ")[2].split() for line in self.running.log.splitlines() if ":  " in line]
        (page,) = hints.pop(2)
        self.assertEqual([hint[0] for hint in hints], ["nc", "/server", "openssl"])
        self.assertEqual(hints[1][1:], hints[0][1:])  # what one types in an IRC client
        trust = ssl.create_default_context(cafile=self.root)
        trust.check_hostname = False  # it names no address
        with urlopen(page, context=trust, timeout=PATIENCE) as answer:
            self.assertIn(b"<!doctype html>", answer.read())
        for hint in (hints[0], hints[2]):
            client = self.client(program(hint[0]), *hint[1:])
            client.shows("Your name? ")
            client.types("exit\n")
            client.shows("* Bye.")
            client.ends()


class UnixSocketClientTests(DaemonTestCase):
    def test_nc(self) -> None:
        path = os.path.join(self.directory, "socket")
        daemon = self.daemon("--listen", f"unix:{path}")
        alice = daemon.person("alice")
        command = [nc(), "-N", "-U", path]
        done = subprocess.run(command, input=b"bot\nhi\n", capture_output=True, timeout=PATIENCE, check=True)
        self.assertIn(b"+ 1 lobby ", done.stdout)
        alice.hears("bot: hi\n")
