"""Permits to send files (IRCv3 draft/FILEHOST): where they are sent to is in ISUPPORT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.refusals import Refused
from chat.irc.message import Message
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


@command("FILEHOST")
def filehost(client: IRCProtocol, verb: str, target: str = "") -> None:
    """FILEHOST TOKEN [<target>] -- a permit to send one file, as a Bearer token
    With a channel or a nickname it is said there that it was sent."""
    files = client.factory.files
    if verb.upper() != "TOKEN":
        client.fail("FILEHOST", "INVALID_PARAMS", verb, "Like this: FILEHOST TOKEN")
    elif files is None:
        client.fail("FILEHOST", "TEMPORARILY_UNAVAILABLE", "This server takes no files")
    else:
        try:
            room = client.registry.room(target[1:]) if target.startswith("#") else None
            to = client.registry.addressee(target) if target and room is None else None
            permit = files.permit(client, room, to)
        except Refused as refusal:
            client.fail("FILEHOST", "FORBIDDEN", *([target] if target else []), str(refusal))
        else:
            client.send(Message("FILEHOST", ["TOKEN", permit.secret], client.server))
