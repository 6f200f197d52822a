"""What a client is told when it is in: what the server supports, how many people are here, the message of the day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chat import __version__
from chat.core.events.metadata import MOST_KEYS
from chat.core.names import NICKNAME_LENGTH, ROOM_NAME_LENGTH
from chat.core.room import FLAGS, MOST_MASKS, ROLES
from chat.irc import numerics as n
from chat.irc.alike import Reply, tell_alike
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

TEXT_LENGTH = 390
ISUPPORT = {
    "AWAYLEN": str(TEXT_LENGTH),
    "BOT": "B",
    "CASEMAPPING": "ascii",
    "CHANLIMIT": "#:100",
    "CHANMODES": f"Ibe,k,fl,{FLAGS}",
    "CHANNELLEN": str(ROOM_NAME_LENGTH),
    "CHANTYPES": "#",
    "ELIST": "CMNTU",
    "EXCEPTS": "e",
    "EXTBAN": ",am",
    "ACCOUNTEXTBAN": "a",
    "INVEX": "I",
    "KICKLEN": str(TEXT_LENGTH),
    "MAXLIST": f"Ibe:{MOST_MASKS}",
    "METADATA": str(MOST_KEYS),
    "MODES": "20",
    "MSGREFTYPES": "msgid,timestamp",
    "MONITOR": "100",
    "NICKLEN": str(NICKNAME_LENGTH),
    "PREFIX": "(qov)~@+",
    "SAFELIST": "",
    "STATUSMSG": "~@+",
    "TARGMAX": "NAMES:,LIST:1,KICK:,WHOIS:1,PRIVMSG:4,NOTICE:4,ACCEPT:,MONITOR:100",
    "TOPICLEN": str(TEXT_LENGTH),
    "UTF8ONLY": "",
    "WHOX": "",
}
#: Tokens of one 005 line.
A_LINE = 13


def welcome(client: IRCProtocol) -> None:
    """The burst after registration."""
    network = client.factory.config.network
    client.numeric(n.RPL_WELCOME, f"Welcome to the {network} Network, {client.me.author.full}")
    tell_alike(client, greeting, client.server, client.factory.started)
    isupport(client)
    lusers(client)
    client.burst()
    motd(client)


def greeting(server: str, started: str) -> Iterable[Reply]:
    """Which server this is, and since when."""
    modes = "".join(sorted(f"Ibefkl{ROLES}{FLAGS}"))
    yield n.RPL_YOURHOST, [f"Your host is {server}, running version chat-{__version__}"]
    yield n.RPL_CREATED, [f"This server was started {started}"]
    yield n.RPL_MYINFO, [server, f"chat-{__version__}", "BRTiow", modes, f"Ibefkl{ROLES}"]


def isupport(client: IRCProtocol) -> None:
    config = client.factory.config
    facts = config.history_lines, config.network, filehost(client)
    if not {"batch", "draft/extended-isupport"} <= client.caps:
        tell_alike(client, supported, *facts)
        return
    batch = client.new_batch()
    client.send(Message("BATCH", [f"+{batch}", "draft/isupport"], client.server))
    for numeric, tokens in supported(*facts):
        text = [client.nick, *tokens, numeric.text]
        client.send(Message(numeric.code, text, client.server, {"batch": batch}))
    client.send(Message("BATCH", [f"-{batch}"], client.server))


def supported(history_lines: int, network: str, filehost: str) -> Iterable[Reply]:
    """What this server supports, and its limits, on as many lines as that needs.

    FILEHOST-TARGET is ours: FILEHOST TOKEN takes to whom it is to be said that a file was sent.
    """
    files = {"draft/FILEHOST": filehost, "soju.im/FILEHOST": filehost, "twisted-chat/FILEHOST-TARGET": ""}
    tokens = {**ISUPPORT, "CHATHISTORY": str(history_lines), "NETWORK": network, **(files if filehost else {})}
    shown = [f"{key}={value}" if value else key for key, value in sorted(tokens.items())]
    for start in range(0, len(shown), A_LINE):
        yield n.RPL_ISUPPORT, shown[start : start + A_LINE]


def filehost(client: IRCProtocol) -> str:
    """Where this client can send files (IRCv3 draft/FILEHOST; soju.im/FILEHOST knows accounts only), if it can."""
    files = client.factory.files
    base = files.base(client) if files is not None else ""
    return f"{base}/upload" if base else ""


def lusers(client: IRCProtocol) -> None:
    """How many people are here."""
    registry = client.registry
    users = len(registry.ids)
    most = client.factory.most_users = max(client.factory.most_users, users)
    tell_alike(client, population, users, registry.modes["i"], registry.modes["o"])
    client.numeric(n.RPL_LUSERUNKNOWN, str(len(client.factory.strangers)))
    tell_alike(client, sizes, users, most, len(registry.rooms))


def population(users: int, invisible: int, operators: int) -> Iterable[Reply]:
    """Those who come in together are told the same numbers, but of how many are still to come in."""
    yield n.RPL_LUSERCLIENT, [f"There are {users - invisible} users and {invisible} invisible on 1 server(s)"]
    yield n.RPL_LUSEROP, [str(operators)]


def sizes(users: int, most: int, rooms: int) -> Iterable[Reply]:
    """How large the server and its network are, and were."""
    yield n.RPL_LUSERCHANNELS, [str(rooms)]
    yield n.RPL_LUSERME, [f"I have {users} clients and 0 servers"]
    yield n.RPL_LOCALUSERS, [str(users), str(most), f"Current local users {users}, max {most}"]
    yield n.RPL_GLOBALUSERS, [str(users), str(most), f"Current global users {users}, max {most}"]


def motd(client: IRCProtocol) -> None:
    """The message of the day."""
    tell_alike(client, message_of_the_day, client.server, client.factory.config.motd)


def message_of_the_day(server: str, text: str) -> Iterable[Reply]:
    if not text:
        yield n.ERR_NOMOTD, ()
        return
    yield n.RPL_MOTDSTART, [f"- {server} Message of the day - "]
    for line in text.splitlines():
        yield n.RPL_MOTD, [f"- {line}"]
    yield n.RPL_ENDOFMOTD, ()
