"""SASL: how an IRC client proves that it owns an account (IRCv3 sasl 3.2; RFC 4616, 5802, 7677).

A mechanism is a coroutine that is given what the client sends, step by step, and returns the account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from chat.certificates import opened
from chat.core.accounts import ITERATIONS, Account
from chat.core.names import fold
from chat.core.refusals import SASLFailed, WrongPassword

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Bytes of one AUTHENTICATE line, and of a whole answer in base64.
CHUNK, LONGEST = 400, 4096

#: Why a certificate may not be good enough.
NONE_SHOWN = "Your client showed no certificate when it connected."
STRANGE = "Your certificate opens no account. Log in once with your password, and tell NickServ: CERT ADD"

Challenge = Callable[[bytes], Coroutine[Any, Any, bytes]]


class Decoder:
    """Puts the pieces of an answer together."""

    def __init__(self) -> None:
        self._pieces = ""

    def receive(self, piece: str) -> bytes | None:
        """The answer, when it is whole; SASLFailed if it is no base64."""
        if piece != "+":
            self._pieces += piece
        if len(piece) == CHUNK:
            return None
        whole, self._pieces = self._pieces, ""
        try:
            return base64.b64decode(whole, validate=True)
        except (binascii.Error, ValueError):
            raise SASLFailed from None

    @property
    def length(self) -> int:
        return len(self._pieces)


def pieces(answer: bytes) -> list[str]:
    """An answer of the server's, in base64, as AUTHENTICATE lines carry it."""
    text = base64.b64encode(answer).decode()
    found = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    return [*found, "+"] if not found or len(found[-1]) == CHUNK else found


async def plain(client: IRCProtocol, challenge: Challenge) -> Account:
    """A name and a password (RFC 4616)."""
    parts = (await challenge(b"")).split(b"\0")
    if len(parts) != 3:
        raise SASLFailed
    try:
        acting, name, password = (part.decode() for part in parts)
    except UnicodeDecodeError:
        raise SASLFailed from None
    if not name or not password or (acting and fold(acting) != fold(name)):
        raise SASLFailed
    return await client.factory.accounts.prove(client, name, password)


async def external(client: IRCProtocol, challenge: Challenge) -> Account:
    """The certificate that the client showed when the link was made (RFC 4422, appendix A).

    A client may say which account it means to open by it; it opens one only.
    """
    try:
        asked = (await challenge(b"")).decode()
    except UnicodeDecodeError:
        raise SASLFailed from None
    account = opened(client)
    if account is None:
        raise SASLFailed(STRANGE)
    if asked and fold(asked) != account.key:
        raise SASLFailed(f"Your certificate opens {account.name}, not {asked.split()[0]}.")
    return account


async def scram(client: IRCProtocol, challenge: Challenge) -> Account:
    """A proof that one knows the password, without sending it (RFC 5802, 7677)."""
    header, name, nonce, bare = _client_first(await challenge(b""))
    client.factory.accounts.guesses.spend(name, client.address)
    account = client.registry.accounts.get(fold(name))
    verifier = account.scram if account else None
    salt = bytes.fromhex(verifier.salt) if verifier else _salt_of_nobody(client, name)
    iterations = verifier.iterations if verifier else ITERATIONS
    nonce += base64.b64encode(os.urandom(18)).decode()
    first = f"r={nonce},s={base64.b64encode(salt).decode()},i={iterations}"
    final = _fields(await challenge(first.encode()))
    binding = base64.b64encode(header.encode()).decode()
    message = f"{bare},{first},c={binding},r={nonce}".encode()
    proof = _decoded(final.get("p", ""))
    if account is None or verifier is None or final.get("r") != nonce or final.get("c") != binding:
        raise WrongPassword
    if not verifier.proves(message, proof):
        raise WrongPassword
    client.factory.accounts.guesses.right(name, client.address)
    await challenge(b"v=" + base64.b64encode(verifier.signature(message)))
    return account


def _client_first(answer: bytes) -> tuple[str, str, str, str]:
    """The header, the name, the nonce, and the message without its header."""
    try:
        text = answer.decode()
    except UnicodeDecodeError:
        raise SASLFailed from None
    flag, _, rest = text.partition(",")
    acting, _, bare = rest.partition(",")
    fields = _fields(bare.encode())
    name = fields.get("n", "").replace("=2C", ",").replace("=3D", "=")
    if flag not in ("n", "y") or not name or not fields.get("r") or (acting and fold(acting[2:]) != fold(name)):
        raise SASLFailed
    return f"{flag},{acting},", name, fields["r"], bare


def _fields(message: bytes) -> dict[str, str]:
    return {part[:1]: part[2:] for part in message.decode("utf-8", "replace").split(",") if part[1:2] == "="}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SASLFailed from None


def _salt_of_nobody(client: IRCProtocol, name: str) -> bytes:
    """The same salt each time, so that an account that does not exist cannot be told from one that does."""
    return hmac.digest(client.factory.secret, fold(name).encode(), hashlib.sha256)[:16]


MECHANISMS = {"PLAIN": plain, "SCRAM-SHA-256": scram, "EXTERNAL": external}


def mechanisms(client: IRCProtocol) -> list[str]:
    """What this client may use: a certificate only if it showed one."""
    return [name for name in MECHANISMS if name != "EXTERNAL" or client.fingerprint]
