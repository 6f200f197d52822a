"""The page: the files that a browser is given, and what it may do with them.

The laws of this file:

- A browser runs what came from here and nothing else, and asks nobody else for anything (Content Security Policy 3).
  Scripts cannot even make HTML out of text (Trusted Types): whatever people say stays text.
- Files are read when the first is asked for, and only those that are there then can be had: a path is looked up, and
  never opened.
- A browser asks each time whether what it has is still right, and is told so in a few bytes (RFC 9110, section 13).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import resources
from typing import NamedTuple

#: The kinds of files there are, by how their names end.
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "webmanifest": "application/manifest+json; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
}
#: What the page may load and do: its own files, its own server, and one script that makes it work without a network.
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' blob:",
        "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types worker",
    )
)  # fmt: skip
GUARDED = (
    f"Content-Security-Policy: {POLICY}",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
    "Cross-Origin-Opener-Policy: same-origin",
    "Cross-Origin-Resource-Policy: same-origin",
    "Permissions-Policy: camera=(), geolocation=(), microphone=()",
)
#: What the page asks for first, to know where it is; and the script that keeps its files.
ABOUT, WORKER = "/about.json", "/worker.js"
NOTHING_HERE = "There is nothing here. The chat is at the top: /"

#: An answer: its status, its body, and its fields.
Answer = tuple[int, bytes, tuple[str, ...]]


class File(NamedTuple):
    """A file as it is sent: whole, and packed if that makes it smaller."""

    type: str
    etag: str
    body: bytes
    packed: bytes

    @classmethod
    def of(cls, name: str, body: bytes) -> File:
        """A file by its name and what is in it."""
        ending = name.rpartition(".")[2]
        packed = b"" if ending == "png" else gzip.compress(body, mtime=0)
        return cls(TYPES[ending], f'"{digest(body)}"', body, packed if len(packed) < len(body) else b"")

    def answer(self, fields: Mapping[str, str]) -> Answer:
        """For a request with these fields."""
        common = (*GUARDED, f"ETag: {self.etag}", "Cache-Control: no-cache", "Vary: Accept-Encoding")
        if named(fields.get("if-none-match", ""), self.etag):
            return 304, b"", common
        packed = self.packed and "gzip" in accepted(fields.get("accept-encoding", ""))
        encoding = ("Content-Encoding: gzip",) if packed else ()
        return 200, self.packed if packed else self.body, (f"Content-Type: {self.type}", *encoding, *common)


def named(field: str, etag: str) -> bool:
    """Whether a list of entity tags has this one, or is a star (RFC 9110, sections 8.8.3.2 and 13.1.2)."""
    return any(each.strip().removeprefix("W/") in (etag, "*") for each in field.split(","))


def accepted(field: str) -> Iterator[str]:
    """The codings that a browser takes (RFC 9110, section 12.5.3)."""
    for each in field.lower().split(","):
        coding, _, weight = each.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            yield coding.strip()


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:20]


class Page:
    """Answers with the files in `static`, and with what `about` says of this server."""

    def __init__(self, about: Callable[[], Mapping[str, object]]) -> None:
        self._about = about

    @cached_property
    def files(self) -> dict[str, File]:
        """The files by their paths."""
        folder = resources.files("chat.web") / "static"
        bodies = {each.name: each.read_bytes() for each in folder.iterdir() if "." in each.name}
        shell = sorted(name for name in bodies if f"/{name}" != WORKER)
        version = digest(b"".join(bodies[name] for name in shell))
        head = f"const VERSION = {json.dumps(version)};\nconst SHELL = {json.dumps(['./', *shell])};\n"
        bodies[WORKER[1:]] = head.encode() + bodies[WORKER[1:]]
        found = {f"/{name}": File.of(name, body) for name, body in bodies.items()}
        return {**found, "/": found["/index.html"]}

    def answer(self, path: str, fields: Mapping[str, str]) -> Answer:
        """What there is at a path, for a request with these fields."""
        if path == ABOUT:
            body = json.dumps(self._about()).encode()
            return 200, body, (f"Content-Type: {TYPES['json']}", *GUARDED, "Cache-Control: no-store")
        file = self.files.get(path)
        if file is None:
            return 404, f"{NOTHING_HERE}\n".encode(), ("Content-Type: text/plain; charset=utf-8", *GUARDED)
        return file.answer(fields)
