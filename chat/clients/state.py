"""How it is with the link, and what observers of a chat are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from chat.clients.conversation import Conversation, Line

#: There is no link, and nobody is making one.
OFFLINE = "offline"
#: A link is being made, or we are not let in yet.
CONNECTING = "connecting"
#: We are in.
ONLINE = "online"
#: The link is lost; it is tried again at `State.until`.
WAITING = "waiting"
#: The certificate of the server is not to be believed; the person may look at it and decide.
UNTRUSTED = "untrusted"
#: The server does not let us in until the person does something (`State.needs`); it is not tried again by itself.
REFUSED = "refused"


class State(NamedTuple):
    """How it is with the link: a kind, and a sentence for people.

    `until` is when it is tried again, in seconds as the clock of the link has them.  `needs` is what to ask the person
    for: "nick", "password" or nothing.  `fingerprint` is that of the certificate that cannot be believed.
    """

    kind: str
    sentence: str = ""
    until: float = 0.0
    needs: str = ""
    fingerprint: str = ""


class Change(NamedTuple):
    """What has changed, in coarse grains.

    state          how it is with the link, or one's own name
    conversations  which there are, their names, topics, counts of what is unread
    people         who is in the conversation, away or not, in which role
    line           this line is new, or different in place
    lines          anything about the lines of the conversation: draw them anew
    typing         who is typing in the conversation
    notification   this line names us or is for us alone, and nobody was looking
    files          one of the files that were to be sent is there, or will not be
    """

    what: str
    conversation: Conversation | None = None
    line: Line | None = None
