"""Sending files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.refusals import NoFiles
from chat.line.table import command

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol


@command("upload")
def upload(client: LineProtocol, name: str | None = None) -> None:
    """/upload [NAME] -- send a file to the room, or to one person

    You get an address that takes one file, from another terminal: curl -T FILE ADDRESS.  When it is there, the
    others see what you sent and where they get it.  /delete N takes the line back, and the file with it.
    """
    files = client.factory.files
    if files is None:
        raise NoFiles
    if name is None:
        room, to = client.require_room(), None
    else:
        room, to = None, client.registry.addressee(name)
    permit = files.permit(client, room, to)
    where = f"to {to.name}" if to else f"to {room.name}" if room else ""
    client.notice(f"From another terminal, within {files.minutes} minutes; the file goes {where}:")
    client.notice(f"curl -T FILE {files.invitation(client, permit)}")
