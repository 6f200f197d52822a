"""Taking back what was said: REDACT (IRCv3 draft/message-redaction)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat.core.events import Reacted, Removed, Said, Told
from chat.core.refusals import NoSuchPerson, NoSuchRoom, NotInRoom, NotYours
from chat.irc.conversations import conversation, message
from chat.irc.table import command
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


@command("REDACT")
async def redact(client: IRCProtocol, target: str, msgid: str, why: str = "") -> None:
    """REDACT <target> <msgid> [<reason>] -- take back a message of yours, or, as an operator, anyone's"""
    try:
        where = await conversation(client, target)
    except (NoSuchRoom, NotInRoom, NoSuchPerson):
        client.fail("REDACT", "INVALID_TARGET", target, "You cannot delete messages there")
        return
    said: Any = await message(client, where.key, msgid)
    if not isinstance(said, (Said, Told, Reacted)) or not said.text:
        client.fail("REDACT", "UNKNOWN_MSGID", target, msgid, "This message does not exist or is too old")
        return
    number = said.line if isinstance(said, Reacted) else said.number or 0
    about = client.me.author, getattr(said, "room", ""), said.id, number, said.by
    to, reaction = getattr(said, "to", None), isinstance(said, Reacted)
    event = Removed(*about, why[:TEXT_LENGTH], said.time, reaction, to=to)
    try:
        await client.act(event)
    except NotYours:
        client.fail("REDACT", "REDACT_FORBIDDEN", target, msgid, "You are not authorised to delete this message")
