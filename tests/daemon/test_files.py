"""Files to and from a real daemon: over real sockets and TLS, across a restart and a kill, on a disk that is full."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from twisted.trial.unittest import SkipTest

from tests.daemon.running import FOREGROUND, LOCAL, PATIENCE, Caller, Daemon, DaemonTestCase, trusting, until
from tests.test_tls import issue

INVITATION = re.compile(r"\* curl -T FILE (https?://\S+/upload/\S+/)\n")
TEN_MB = 10_000_000


class FilesTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.content = os.urandom(TEN_MB)

    def invitation(self, person: Caller) -> str:
        """Where somebody may send a file."""
        person.says("/upload")
        person.hears("curl -T FILE ")
        return person.reads_line()

    def asks(self, method: str, url: str, body: bytes | None = None, tls: ssl.SSLContext | None = None) -> HTTPResponse:
        """The answer to a request, at the port of an address on this machine."""
        parts = urlsplit(url)
        assert parts.port is not None
        if tls is not None:
            connection: HTTPConnection = HTTPSConnection("127.0.0.1", parts.port, timeout=PATIENCE, context=tls)
        else:
            connection = HTTPConnection("127.0.0.1", parts.port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request(method, parts.path, body)
        return connection.getresponse()

    def files(self) -> list[str]:
        return sorted(name for name in os.listdir(self.path("files")) if name != "lock")

    def test_10_mb_come_back_as_they_were_across_a_restart(self) -> None:
        daemon = self.daemon("--files", "files")
        alice, bob = daemon.person("alice"), daemon.person("bob")
        reply = self.asks("PUT", self.invitation(alice) + "holiday.mov", self.content)
        self.assertEqual(reply.status, 201, reply.read())
        bob.hears("alice sent a file: holiday.mov (10 MB) ")
        url = bob.reads_line()
        self.assertEqual(url, reply.headers["Location"])
        got = self.asks("GET", url)
        self.assertEqual(hashlib.sha256(got.read()).digest(), hashlib.sha256(self.content).digest())
        self.assertEqual(daemon.stop(), 0)
        daemon = self.daemon("--files", "files")
        port = daemon.addresses[0].rpartition(":")[2]
        again = self.asks("GET", re.sub(r":\d+/", f":{port}/", url))
        self.assertEqual(again.read(), self.content)
        carol = daemon.person("carol")
        carol.says("/history", "/search holiday")
        for _ in range(2):
            carol.hears(f"alice sent a file: holiday.mov (10 MB) {url}\n")

    def test_over_tls_through_the_same_port(self) -> None:
        root = issue("Root CA")
        pair = issue("127.0.0.1", root)
        self.write("both.pem", pair.cert_pem + pair.key_pem)
        daemon = self.daemon("--files", "files", "--tls-cert", "both.pem")
        trust = trusting(root.cert_pem.decode())
        trust.check_hostname = False
        alice = daemon.person("alice")
        url = self.invitation(alice)
        self.assertTrue(url.startswith("http://127.0.0.1:"), "nobody on this machine needs the certificate")
        reply = self.asks("PUT", url + "a.mov", self.content, trust)
        self.assertEqual(reply.status, 201, reply.read())
        self.assertTrue(reply.headers["Location"].startswith("https://127.0.0.1:"))
        self.assertEqual(self.asks("GET", reply.headers["Location"], tls=trust).read(), self.content)

    def test_with_curl_as_people_are_told(self) -> None:
        curl = shutil.which("curl")
        if curl is None:
            raise SkipTest("curl is not installed")
        daemon = self.daemon("--files", "files")
        alice = daemon.person("alice")
        self.write("my plän.mov", self.content)
        command = [curl, "-sS", "-T", "my plän.mov", self.invitation(alice)]
        said = subprocess.run(command, cwd=self.directory, capture_output=True, timeout=PATIENCE, check=True).stdout
        self.assertRegex(said.decode(), r"\Amy plän\.mov \(10 MB\) is in lobby now: http://127\.0\.0\.1:\d+/files/\S+\n\Z")
        alice.hears("alice sent a file: my plän.mov (10 MB) ")
        url = alice.reads_line()
        self.write("half", self.content[: TEN_MB // 3])
        command = [curl, "-sS", "-C", "-", "-o", "half", url]
        subprocess.run(command, cwd=self.directory, timeout=PATIENCE, check=True)
        command = [curl, "-sS", "-O", "-J", url]
        subprocess.run(command, cwd=self.directory, timeout=PATIENCE, check=True)
        for name in ("half", "my_plan.mov"):
            with open(self.path(name), "rb") as file:
                self.assertEqual(file.read(), self.content, name)

    def coming(self, daemon: Daemon, url: str, length: int) -> socket.socket:
        """Somebody sends half a file, and the daemon has it."""
        connection = daemon.connect()
        head = f"PUT {urlsplit(url).path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode() + self.content[: length // 2])
        until(lambda: os.path.isdir(self.path("files")) and self.files(), "a half of a file")
        return connection

    def test_a_kill_in_the_middle_leaves_nothing_after_the_next_start(self) -> None:
        daemon = self.daemon("--files", "files")
        self.coming(daemon, self.invitation(daemon.person("alice")), TEN_MB)
        self.assertEqual([name[-5:] for name in self.files()], [".part"])
        daemon.kill()
        self.assertEqual([name[-5:] for name in self.files()], [".part"])
        self.daemon("--files", "files")
        until(lambda: not self.files(), "the half is gone")

    def test_a_stop_in_the_middle_leaves_nothing(self) -> None:
        daemon = self.daemon("--files", "files")
        self.coming(daemon, self.invitation(daemon.person("alice")), TEN_MB)
        self.assertEqual(daemon.stop(signal.SIGTERM), 0)
        self.assertEqual(self.files(), [])

    def test_a_full_disk_is_an_answer_and_leaves_nothing(self) -> None:
        if not hasattr(resource, "prlimit"):
            raise SkipTest("only Linux can limit the size of another process's files")
        daemon = self.daemon("--files", "files")
        alice = daemon.person("alice")
        assert daemon.process is not None
        _, hard = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (1_000_000, hard))
        url = self.invitation(alice)
        with daemon.connect() as connection:
            head = f"PUT {urlsplit(url).path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
            connection.sendall(head.encode() + self.content[:3_000_000])
            answer = Caller(connection).hears("Not sent.")
        self.assertTrue(answer.startswith("HTTP/1.1 507 "), answer)
        self.assertIn("Not stored: disk full. Not sent.", answer)
        until(lambda: not self.files(), "nothing is left")
        reply = self.asks("PUT", url, b"small")
        self.assertEqual(reply.status, 201, reply.read())

    def test_what_keeps_it_from_starting(self) -> None:
        self.write("file", "")
        running = self.daemon("--files", "files")
        for options, sentence in (
            (["--files", "file", "--database", "other.sqlite"], "cannot be used: file exists."),
            (["--files", "files", "--database", "other.sqlite"], "is in use by another chat daemon."),
            (["--files", "more", "--database", "other.sqlite", "--line", LOCAL], "name --files-url."),
        ):  # fmt: skip
            listen = [] if "--line" in options else ["--listen", LOCAL]
            daemon = self.new_daemon(*options, *listen, twistd=(*FOREGROUND, "--pidfile="))
            daemon.start(output="output")
            self.assertEqual(daemon.wait(), 1, options)
            with open(self.path("output"), encoding="utf-8") as output:
                self.assertIn(sentence, output.read().replace("\n", " "))
        self.assertEqual(running.stop(), 0)
