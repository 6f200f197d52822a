"""The secrets of operators and gateways: whether what was given is the one that the configuration means."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import TYPE_CHECKING

from twisted.logger import Logger

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

log = Logger(namespace="chat")

HASH = "$argon2id$"
FILE = "file:"


async def matches(client: IRCProtocol, secret: str | None, given: str) -> bool:
    """Whether `given` is right: `secret` is an argon2id hash in the PHC form, or names a file with one or the other.

    Without a secret nothing is right, and it takes as long to find out.
    """
    if secret is not None and secret.startswith(FILE):
        secret = content(secret[len(FILE) :])
    if not secret or secret.startswith(HASH):
        return await client.factory.passwords.fits(given, secret or "")
    return hmac.compare_digest(secret.encode(), given.encode())


def content(path: str) -> str:
    """The secret in a file; nothing if it cannot be read, which the log says."""
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        log.error("A secret cannot be read: {error}", error=str(error))
        return ""
