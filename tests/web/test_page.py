"""The page as a browser gets it: its files, what it may do with them, and what it need not load again."""

from __future__ import annotations

import gzip
import json
from email import message_from_string
from email.message import Message
from pathlib import Path

from chat.web.page import ABOUT, NOTHING_HERE, WORKER
from tests.web.test_http import WebTestCase

ROOT = Path(__file__).parent.parent.parent
STATIC = ROOT / "chat" / "web" / "static"


class PageTestCase(WebTestCase):
    def get(self, target: str, *fields: str) -> tuple[int, Message, bytes]:
        """The status, the fields and the body that a browser is answered with."""
        visitor = self.visitor()
        visitor.types("\r\n".join([f"GET {target} HTTP/1.1", "Host: chat.example.org", *fields, "", ""]).encode())
        head, _, body = visitor.reads().partition(b"\r\n\r\n")
        visitor.hangs_up()
        first, _, rest = head.decode("latin-1").partition("\r\n")
        return int(first.split()[1]), message_from_string(rest), body


class FileTests(PageTestCase):
    def test_every_file_comes_as_it_is_with_its_kind(self) -> None:
        for file in STATIC.iterdir():
            status, fields, body = self.get(f"/{file.name}")
            self.assertEqual(status, 200, file)
            if f"/{file.name}" == WORKER:
                self.assertTrue(body.endswith(file.read_bytes()))
            else:
                self.assertEqual(body, file.read_bytes())
            self.assertEqual(fields["Content-Length"], str(len(body)))
            self.assertNotIn("text/plain", fields["Content-Type"])
            self.assertEqual("charset=utf-8" in fields["Content-Type"], file.suffix != ".png")

    def test_the_top_is_the_page_however_it_is_asked_for(self) -> None:
        page = (STATIC / "index.html").read_bytes()
        for target in ("/", "/?x=/../../etc/passwd", "http://chat.example.org/",
                       "HTTPS://chat.example.org?x", "/index.html"):  # fmt: skip
            status, fields, body = self.get(target)
            self.assertEqual((status, fields["Content-Type"], body), (200, "text/html; charset=utf-8", page))

    def test_nothing_else_is_there(self) -> None:
        for target in ("/nothing", "/../page.py", "/static/index.html", "/%2e%2e/page.py", "//index.html",
                       "/index.html/", "/page.py", "index.html", "*", "/\\..\\page.py", "/etc/passwd",
                       "http://other/x"):  # fmt: skip
            status, _, body = self.get(target)
            self.assertEqual((status, body.decode()), (404, f"{NOTHING_HERE}\n"), target)

    def test_what_a_browser_has_already_is_not_sent_again(self) -> None:
        _, fields, _ = self.get("/")
        tag = fields["ETag"]
        self.assertEqual(fields["Cache-Control"], "no-cache")
        for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            status, again, body = self.get("/", f"If-None-Match: {known}")
            self.assertEqual((status, again["ETag"], body), (304, tag, b""))
            self.assertNotIn("Content-Length", again)
            self.assertIn("Content-Security-Policy", again)
        for unknown in ('"x"', "x", ""):
            self.assertEqual(self.get("/", f"If-None-Match: {unknown}")[0], 200)
        self.assertNotEqual(self.get(WORKER)[1]["ETag"], tag)

    def test_it_comes_packed_to_those_who_can_unpack_it(self) -> None:
        style = (STATIC / "style.css").read_bytes()
        for coding, packed in (("gzip", 1), ("br, GZIP;q=0.5", 1), ("gzip; q=0", 0), ("br", 0), ("", 0)):
            _, fields, body = self.get("/style.css", f"Accept-Encoding: {coding}")
            self.assertEqual(fields["Content-Encoding"], "gzip" if packed else None, coding)
            self.assertEqual(gzip.decompress(body) if packed else body, style)
            self.assertEqual(fields["Vary"], "Accept-Encoding")
            self.assertLess(len(body), len(style) + (not packed))

    def test_what_it_may_do_is_little(self) -> None:
        for path in ("/", "/app.js", WORKER, ABOUT, "/nothing"):
            _, fields, _ = self.get(path)
            self.assertEqual((fields["X-Content-Type-Options"], fields["Referrer-Policy"]), ("nosniff", "no-referrer"))
            policy = dict(part.split(" ", 1) for part in fields["Content-Security-Policy"].split("; "))
            for directive in ("default-src", "base-uri", "form-action", "frame-ancestors"):
                self.assertEqual(policy.pop(directive), "'none'")
            for directive in ("script-src", "style-src", "connect-src", "manifest-src", "worker-src"):
                self.assertEqual(policy.pop(directive), "'self'")
            self.assertEqual(policy.pop("require-trusted-types-for"), "'script'")
            self.assertEqual(policy, {"img-src": "'self' blob:", "trusted-types": "worker"})

    def test_what_it_is_told_of_the_server(self) -> None:
        self.configure(password="sesame", guests="deny")
        status, fields, body = self.get(ABOUT)
        self.assertEqual((status, fields["Cache-Control"]), (200, "no-store"))
        about = json.loads(body)
        self.assertEqual((about["name"], about["lobby"], about["missing"]), ("chat.example.org", "#lobby", ""))
        self.assertEqual((about["password"], about["guests"]), (True, False))
        self.assertNotIn("sesame", body.decode())

    def test_the_worker_knows_every_file_but_itself(self) -> None:
        lines = self.get(WORKER)[2].decode().splitlines()
        shell = json.loads(lines[1].removeprefix("const SHELL = ").removesuffix(";"))
        self.assertEqual(set(shell), {"./", *(file.name for file in STATIC.iterdir())} - {WORKER[1:]})
        self.assertRegex(lines[0], r'const VERSION = "[0-9a-f]{20}";')
