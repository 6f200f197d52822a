"""Other words for what was said: a message with the tag `+draft/edit`, which has the msgid of the one it replaces.

    @+draft/edit=1795180127942-... PRIVMSG #tea :hello bob, tea at four?

IRCv3 has no specification of edits yet; capability and tag are those that the drafts and the clients that know edits
have (https://github.com/ircv3/ircv3-specifications/pull/425).  Nobody sees such a tag on a message that is no edit: it
is carried out or refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat.core.events import Edited, Quote, Said, Told
from chat.core.refusals import NoSuchPerson, NoSuchRoom, NotInRoom
from chat.core.registry import Author
from chat.irc.batch import ACTION, END
from chat.irc.conversations import conversation, message

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

EDIT = "+draft/edit"


async def edit(client: IRCProtocol, target: str, msgid: str, text: str) -> Edited | None:
    """The event that gives the message of that id other words; None: it cannot be, and the client was told why."""
    verb = client.message.command
    try:
        where = await conversation(client, target)
    except (NoSuchRoom, NotInRoom, NoSuchPerson):
        client.fail(verb, "INVALID_TARGET", target, "You cannot change messages there")
        return None
    said: Any = await message(client, where.key, msgid)
    if not isinstance(said, (Said, Told)) or not said.text:
        client.fail(verb, "UNKNOWN_MSGID", target, msgid or "*", "This message does not exist or is too old")
        return None
    if text.startswith(ACTION):
        text = text[len(ACTION) :].rstrip(END)
    to = addressee(client, said) if isinstance(said, Told) else None
    about = client.me.author, getattr(said, "room", ""), said.id, said.number or 0, said.by
    return Edited(*about, text, to=to, quote=Quote.of(said))


def addressee(client: IRCProtocol, said: Told) -> Author:
    """Whom something was said to, as they are called now."""
    user = client.registry.ids.get(said.to.id)
    return user.author if user is not None else said.to


def forbidden(client: IRCProtocol, target: str, event: Edited) -> None:
    """Say that a message is somebody else's."""
    client.fail(client.message.command, "EDIT_FORBIDDEN", target, event.ref, "You can change only what you said")
