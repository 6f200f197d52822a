"""Once, however often it is sent: what a client says or does with a nonce in a tag (vendor extension).

    @+twisted-chat/nonce=7f3a9c1e7b444c0f PRIVMSG #tea :hello

A client that lost its link cannot know whether what it sent last has arrived.  With the capability `twisted-chat/nonce`
it sends that again with the same nonce, over whatever connection and under whatever name: if it has arrived, the answer
is `FAIL PRIVMSG DUPLICATE`, and nobody sees it twice.  A nonce is 16 to 64 letters, digits and hyphens that nobody can
guess; it holds for one target, and for ever.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from chat.core.events import Event
from chat.core.events.base import Durability
from chat.core.names import fold

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

CAPABILITY, TAG = "twisted-chat/nonce", "+twisted-chat/nonce"
FORM = re.compile(r"[A-Za-z0-9-]{16,64}")


def nonce_of(client: IRCProtocol) -> str:
    """The nonce of the message that a client has sent, if it wants that done once; else nothing."""
    nonce = client.message.tags.get(TAG, "") if {CAPABILITY, "message-tags"} <= client.caps else ""
    return nonce if FORM.fullmatch(nonce) else ""


def mark(event: Event, target: str, nonce: str) -> None:
    """Give an event the id that is kept only once."""
    if nonce and event.durability is Durability.KEPT:
        event.id = "once-" + hashlib.sha256(f"{fold(target)}\0{nonce}".encode()).hexdigest()[:32]


def duplicate(client: IRCProtocol, target: str) -> None:
    """Say that something was said before."""
    client.fail(client.message.command, "DUPLICATE", target, "That has arrived before; it was not done again")
