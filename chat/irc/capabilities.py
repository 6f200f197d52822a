"""The capabilities, one table: what a client may ask for (IRCv3 capability negotiation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.irc.batch import MOST_BYTES, MOST_LINES

if TYPE_CHECKING:
    from chat.config import Config

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
    "sasl": "PLAIN,SCRAM-SHA-256,EXTERNAL",
    "server-time": "",
    "setname": "",
    "standard-replies": "",
    "userhost-in-names": "",
    "znc.in/playback": "",
}


def offered(config: Config) -> dict[str, str]:
    """What a client may ask for at the moment, with its value: all but what the configuration withholds."""
    keys = {"before-connect": config.register_early, "email-required": config.register_email}
    values = CAPABILITIES | {"draft/account-registration": ",".join(key for key, holds in keys.items() if holds)}
    return {name: value for name, value in values.items() if name not in config.without}


#: The specification version of CAP LS that shows values.
VALUES_SINCE = 302
