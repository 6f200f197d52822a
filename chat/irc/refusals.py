"""From a refusal to the numeric that says it: one table."""

from __future__ import annotations

from collections.abc import Callable

from chat.core import refusals as core
from chat.core.refusals import Refused
from chat.irc import numerics as n
from chat.irc.numerics import Numeric


def channel(position: int) -> Callable[[Refused], tuple[str, ...]]:
    return lambda refusal: (f"#{refusal.args[position]}",)


def words(*positions: int) -> Callable[[Refused], tuple[str, ...]]:
    return lambda refusal: tuple(str(refusal.args[position]) for position in positions)


TABLE: dict[type[Refused], tuple[Numeric, Callable[[Refused], tuple[str, ...]]]] = {
    core.BadName: (n.ERR_ERRONEUSNICKNAME, words()),
    core.NameReserved: (n.ERR_ERRONEUSNICKNAME, words(0)),
    core.NameInUse: (n.ERR_NICKNAMEINUSE, words(0)),
    core.NameHasAccount: (n.ERR_NICKNAMEINUSE, words(0)),
    core.NoSuchPerson: (n.ERR_NOSUCHNICK, words(0)),
    core.NoSuchRoom: (n.ERR_NOSUCHCHANNEL, channel(0)),
    core.BadRoomName: (n.ERR_NOSUCHCHANNEL, words()),
    core.NotInRoom: (n.ERR_NOTONCHANNEL, channel(0)),
    core.NotOperator: (n.ERR_CHANOPRIVSNEEDED, channel(0)),
    core.BannedFromServer: (n.ERR_YOUREBANNEDCREEP, words()),
    core.NotFounder: (n.ERR_CHANOPRIVSNEEDED, channel(0)),
    core.NobodysRoom: (n.ERR_CHANOPRIVSNEEDED, channel(0)),
    core.Silenced: (n.ERR_BANONCHAN, channel(0)),
    core.Banned: (n.ERR_BANNEDFROMCHAN, channel(0)),
    core.RoomInviteOnly: (n.ERR_INVITEONLYCHAN, channel(0)),
    core.WrongKey: (n.ERR_BADCHANNELKEY, channel(0)),
    core.RoomFull: (n.ERR_CHANNELISFULL, channel(0)),
    core.AccountNeeded: (n.ERR_NEEDREGGEDNICK, channel(0)),
    core.ListFull: (n.ERR_BANLISTFULL, lambda r: (f"#{r.args[0]}", str(r.args[1]))),
    core.RoomTakesNoCTCP: (n.ERR_CANNOTSENDTOCHAN, channel(0)),
    core.PersonTakesNoCTCP: (n.ERR_CANTSENDTOUSER, words(0)),
    core.TooLong: (n.ERR_INPUTTOOLONG, words()),
    core.NotAllowedToSpeak: (n.ERR_CANNOTSENDTOCHAN, channel(0)),
    core.NoRoleplay: (n.ERR_CANNOTSENDRP, channel(0)),
    core.NotServerOperator: (n.ERR_NOPRIVILEGES, words()),
    core.OnlyAccounts: (n.ERR_NEEDREGGEDNICK, words(0)),
    core.PersonInRoom: (n.ERR_USERONCHANNEL, lambda r: (str(r.args[0]), f"#{r.args[1]}")),
    core.PersonNotInRoom: (n.ERR_USERNOTINCHANNEL, lambda r: (str(r.args[0]), f"#{r.args[1]}")),
}


def numeric_of(refusal: Refused) -> tuple[Numeric | None, tuple[str, ...]]:
    """The numeric for a refusal with its parameters; None: it has none, its sentence is sent."""
    numeric, params = TABLE.get(type(refusal), (None, lambda refusal: ()))
    return numeric, params(refusal)
