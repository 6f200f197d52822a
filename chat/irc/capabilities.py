"""The capabilities, one table: what a client may ask for (IRCv3 capability negotiation)."""

from __future__ import annotations

#: Each capability with its value; those that change how an event looks come first.
SEEN = ("server-time", "message-tags", "account-tag", "echo-message", "extended-join", "setname", "away-notify")
CAPABILITIES: dict[str, str] = {
    "account-tag": "",
    "away-notify": "",
    "batch": "",
    "cap-notify": "",
    "echo-message": "",
    "extended-join": "",
    "invite-notify": "",
    "labeled-response": "",
    "message-tags": "",
    "multi-prefix": "",
    "server-time": "",
    "setname": "",
    "standard-replies": "",
    "userhost-in-names": "",
}
#: The specification version of CAP LS that shows values.
VALUES_SINCE = 302
#: Implied by another (cap-notify by 302).
EVENTS = frozenset(SEEN) | {"invite-notify", "account-notify", "chghost"}
