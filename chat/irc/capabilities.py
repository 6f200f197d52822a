"""The capabilities, one table: what a client may ask for (IRCv3 capability negotiation)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from chat.irc.batch import MOST_BYTES, MOST_LINES
from chat.irc.sasl import mechanisms

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Each capability with its value.
CAPABILITIES: dict[str, str] = {
    "account-notify": "",
    "account-tag": "",
    "away-notify": "",
    "batch": "",
    "cap-notify": "",
    "chghost": "",
    "draft/chathistory": "",
    "draft/event-playback": "",
    "draft/message-edit": "",
    "draft/message-redaction": "",
    "draft/channel-rename": "",
    "draft/extended-isupport": "",
    "draft/account-registration": "",
    "draft/metadata-3": "before-connect,max-subs=50,max-keys=20,max-key-bytes=64,max-value-bytes=300",
    "draft/multiline": f"max-bytes={MOST_BYTES},max-lines={MOST_LINES}",
    "draft/no-implicit-names": "",
    "draft/pre-away": "",
    "draft/read-marker": "",
    "draft/relaymsg": "/",
    "echo-message": "",
    "extended-join": "",
    "extended-monitor": "",
    "invite-notify": "",
    "labeled-response": "",
    "message-tags": "",
    "multi-prefix": "",
    "no-implicit-names": "",
    "sasl": "",
    "server-time": "",
    "setname": "",
    "standard-replies": "",
    "sts": "",
    "twisted-chat/nonce": "",
    "userhost-in-names": "",
    "znc.in/playback": "",
}


def offered(client: IRCProtocol) -> dict[str, str]:
    """What a client is told of at the moment, with its value: all but what the configuration withholds."""
    config = client.factory.config
    keys = {"before-connect": config.register_early, "email-required": config.register_email}
    registration = ",".join(key for key, holds in keys.items() if holds)
    return _offer(registration, ",".join(mechanisms(client)), policy(client), config.without)


@lru_cache(16)
def _offer(registration: str, sasl: str, sts: str, without: tuple[str, ...]) -> dict[str, str]:
    """One for all clients that are told the same, which is most of them."""
    values = CAPABILITIES | {"draft/account-registration": registration, "sasl": sasl, "sts": sts}
    withheld = {*without, *(() if sts else ("sts",))}
    return {name: value for name, value in values.items() if name not in withheld}


@lru_cache(1024)
def shared(caps: frozenset[str]) -> frozenset[str]:
    """The one set for all clients that have negotiated the same."""
    return caps


def policy(client: IRCProtocol) -> str:
    """Where this client finds TLS, or for how long it shall use nothing else; nothing where that is not asked for.

    Who comes by a gateway has no link to us that TLS could be demanded of.
    """
    config = client.factory.config
    if config.sts is None or client.gateway:
        return ""
    if client.encrypted:
        return f"duration={config.sts}" + (",preload" if config.sts_preload else "")
    return f"port={config.sts_port}" if config.sts else ""


#: What is told of and cannot be asked for, nor taken away (IRCv3 sts): the value is all there is to it.
TOLD = frozenset(("sts",))
#: The specification version of CAP LS that shows values.
VALUES_SINCE = 302
