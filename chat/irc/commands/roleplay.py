"""Speaking as somebody else: characters of a play (NPC, SCENE), and people of another network (RELAYMSG)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat.core.events import Said
from chat.core.names import nickname
from chat.core.refusals import BadName, NameReserved, NotOperator
from chat.irc import numerics as n
from chat.irc.commands.channels import room_of
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: `name/network`: it cannot be taken for a nickname here.
#: What such a name has none of: what a mask is made of, controls, and what cannot be seen or turns the direction.
UNFIT = r"\s!@*?,/\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
FOREIGN = re.compile(rf"[^{UNFIT}:#&+%~$][^{UNFIT}]*/[^{UNFIT}]+")
LONGEST = 64


@command("NPC")
async def npc(client: IRCProtocol, channel: str, name: str, *text: str) -> None:
    """NPC <channel> <name> <text> -- say something as a character, in a channel with the mode E"""
    await play(client, "NPC", channel, name, text)


@command("NPCA")
async def npca(client: IRCProtocol, channel: str, name: str, *text: str) -> None:
    """NPCA <channel> <name> <text> -- do something as a character, in a channel with the mode E"""
    await play(client, "NPCA", channel, name, text, emote=True)


@command("SCENE")
async def scene(client: IRCProtocol, channel: str, *text: str) -> None:
    """SCENE <channel> <text> -- say what the scene is, in a channel with the mode E"""
    await say(client, "SCENE", channel, "=Scene=", text)


async def play(
    client: IRCProtocol, verb: str, channel: str, name: str, text: tuple[str, ...], emote: bool = False
) -> None:
    try:
        await say(client, verb, channel, f"*{nickname(name)}*", text, emote)
    except (BadName, NameReserved):
        client.numeric(n.ERR_ERRONEUSNICKNAME, name)


async def say(
    client: IRCProtocol, verb: str, channel: str, alias: str, text: tuple[str, ...], emote: bool = False
) -> None:
    if not any(text):
        client.numeric(n.ERR_NEEDMOREPARAMS, verb)
        return
    room = room_of(client, channel)
    await client.act(Said(client.me.author, room.name, " ".join(text), emote, alias=alias))


@command("RELAYMSG")
async def relaymsg(client: IRCProtocol, channel: str, name: str, *text: str) -> None:
    """RELAYMSG <channel> <name/network> :<text> -- pass on what somebody of another network said"""
    if len(name) > LONGEST or not FOREIGN.fullmatch(name):
        client.fail("RELAYMSG", "INVALID_NICK", "The name must be like name/network")
        return
    try:
        await say(client, "RELAYMSG", channel, name, text)
    except NotOperator:
        client.fail("RELAYMSG", "PRIVS_NEEDED", "Only an operator of the channel may pass messages on")
