"""Certificates that open accounts, for every wire: added, dropped, listed by their owner; see `chat.tls`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat.core.accounts import Account
from chat.core.events import AccountChanged
from chat.core.refusals import BadValue

if TYPE_CHECKING:
    from chat.protocol import ChatProtocol

#: The SHA-256 of a certificate, as it is kept; how many may open one account.
FINGERPRINT, MOST = re.compile("[0-9a-f]{64}"), 10


def opened(client: ChatProtocol) -> Account | None:
    """The account that the certificate of a connection opens, if it showed one that does."""
    key = client.registry.certificates.get(client.fingerprint)
    return client.registry.accounts[key] if key is not None else None


async def change(client: ChatProtocol, account: str, verb: str, fingerprint: str) -> list[str]:
    """Do what the owner of an account says, and give the answer; BadValue, CertificateTaken."""
    known = client.registry.account(account).certificates
    fingerprint = fingerprint.replace(":", "").lower()
    if verb.lower() == "add":
        fingerprint = fingerprint or client.fingerprint
        _require_new(known, fingerprint)
        known, answer = (*known, fingerprint), f"It opens your account from now on: {fingerprint}"
    elif verb.lower() == "del":
        if fingerprint not in known:
            raise BadValue("No such certificate opens your account. Name the fingerprint of one that does.")
        known = tuple(each for each in known if each != fingerprint)
        answer = f"It opens your account no more: {fingerprint}"
    elif verb.lower() == "list":
        return [_shown(client, each) for each in known] or ["No certificate opens your account."]
    else:
        raise BadValue("That is add, del or list.")
    await client.publish(AccountChanged(client.me.author, account, certificates=known))
    return [answer]


def _require_new(known: tuple[str, ...], fingerprint: str) -> None:
    if not fingerprint:
        raise BadValue("You showed no certificate when you connected. Come over TLS with one, or name its fingerprint.")
    if not FINGERPRINT.fullmatch(fingerprint):
        raise BadValue("A fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits.")
    if fingerprint in known:
        raise BadValue("That certificate opens your account already.")
    if len(known) >= MOST:
        raise BadValue(f"{MOST} certificates open your account, which is as many as may.")


def _shown(client: ChatProtocol, fingerprint: str) -> str:
    return fingerprint + (" (shown by this connection)" if fingerprint == client.fingerprint else "")
