"""A file on its way out: what HTTP says of it, and which part of it is asked for (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import base64
import re
from email.utils import formatdate
from typing import NamedTuple

from chat.files.directory import About
from chat.files.names import disposition
from chat.web.http import Refusal, Request

RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
#: How a picture or a page that got here as a file is kept from being anything else; seconds that it may be kept.
SAFE = (
    "X-Content-Type-Options: nosniff",
    "Content-Security-Policy: default-src 'none'; sandbox",
    "Cache-Control: private, max-age=86400, immutable",
)


class Answer(NamedTuple):
    """What a request for a file gets: a status, fields, and the bytes from `start` to before `end`."""

    status: int
    fields: tuple[str, ...]
    start: int
    end: int


def answer(about: About, request: Request) -> Answer:
    """What a GET or HEAD of a file gets; Refusal for a part that it does not have."""
    fields = described(about)
    if tag(about) in request.listed("if-none-match") or request.fields.get("if-none-match") == "*":
        return Answer(304, fields, 0, 0)
    part = asked_part(about, request)
    if part is None:
        return Answer(200, (*fields, f"Content-Length: {about.size}"), 0, about.size)
    start, end = part
    span = f"Content-Range: bytes {start}-{end - 1}/{about.size}", f"Content-Length: {end - start}"
    return Answer(206, (*fields, *span), start, end)


def described(about: About) -> tuple[str, ...]:
    """The fields of a file, whichever part of it goes out; its checksum is that of all of it (RFC 9530)."""
    return (
        f"Content-Type: {about.kind}",
        f"Content-Disposition: {disposition(about.name)}",
        *SAFE,
        "Accept-Ranges: bytes",
        f"ETag: {tag(about)}",
        f"Last-Modified: {modified(about)}",
        f"Repr-Digest: sha-256=:{base64.b64encode(bytes.fromhex(about.sha256)).decode()}:",
    )


def tag(about: About) -> str:
    """Its entity tag."""
    return f'"{about.sha256}"'


def modified(about: About) -> str:
    """When it came, as HTTP says it."""
    return formatdate(about.time / 1000, usegmt=True)


def asked_part(about: About, request: Request) -> tuple[int, int] | None:
    """The first byte that is asked for and the one behind the last; None: all, also where several parts are asked for.

    Only a GET asks for a part (section 14.2).  Who has one of another file than this gets all of this (If-Range).
    """
    asked = request.fields.get("range", "") if request.method == "GET" else ""
    found = RANGE.fullmatch(asked.strip().lower())
    if found is None or request.fields.get("if-range", tag(about)) not in (tag(about), modified(about)):
        return None
    first, last = found.groups()
    if not (first or last) or (first and last and int(first) > int(last)):
        return None
    start = int(first) if first else max(0, about.size - int(last))
    end = min(int(last) + 1, about.size) if first and last else about.size
    if start >= about.size:
        sentence = "The file has no such part."
        raise Refusal(416, sentence, [f"Content-Range: bytes */{about.size}"])
    return start, end
