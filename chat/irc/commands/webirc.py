"""Gateways: they say where their users come from (IRCv3 WEBIRC)."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from chat.irc import secret
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

HOST = re.compile(r"[0-9A-Za-z._-][0-9A-Za-z:._-]{0,62}")


@command("WEBIRC")
async def webirc(
    client: IRCProtocol, password: str, gateway: str, host: str, address: str, options: str = ""
) -> None:
    """WEBIRC <password> <gateway> <host> <address> [<options>] -- where the user of this gateway comes from"""
    registration = client.registration
    if registration is None or registration.begun or client.gateway:
        client.part("WEBIRC comes first")
        return
    if not await secret.matches(client, secret_of(client), password):
        client.part("Invalid WebIRC password")
        return
    try:
        client.address = str(ip_address(address.partition("%")[0]))
    except ValueError:
        client.part("Invalid WebIRC address")
        return
    client.factory.admit_from(client, client.address)
    client.gateway = gateway
    client.through_tls = any(option.partition("=")[0] == "secure" for option in options.split())
    client.host = host if HOST.fullmatch(host) else client.address
    if client.host.startswith(":"):
        client.host = f"0{client.host}"


def secret_of(client: IRCProtocol) -> str | None:
    """The secret that a gateway at this address has to know; None: there may be none at it."""
    gateways = client.factory.config.webirc
    if not gateways:
        return None
    try:
        peer = ip_address(str(getattr(client.transport.getPeer(), "host", "")))
    except ValueError:
        return None
    return next((wanted for network, wanted in gateways if peer in ip_network(network)), None)
