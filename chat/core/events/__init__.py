"""Everything that can happen in the chat.  Each event is one small class: who may, what changes, who hears.

A new feature begins here, with a new event.
"""

from chat.core.events.accounts import AccountChanged, AccountRegistered, LoggedIn
from chat.core.events.administration import AccountShut, BanLifted, BanPlaced, RoomGiven
from chat.core.events.base import EVERYONE, KINDS, NOBODY, Durability, Event, Quote, identity, pair, revive
from chat.core.events.metadata import RoomMetadataChanged, UserMetadataChanged
from chat.core.events.operators import Alerted, Killed, MaskChanged
from chat.core.events.people import (
    Accepted,
    AwayChanged,
    Connected,
    Followed,
    Left,
    RealnameChanged,
    Renamed,
    UserModeChanged,
)
from chat.core.events.reading import MarkedRead
from chat.core.events.rooms import Invited, Joined, Kicked, ModeChanged, Parted, RoomRenamed, TopicChanged
from chat.core.events.speech import Announced, Edited, FileSent, Reacted, Removed, Said, Tagged, Told

__all__ = [
    "EVERYONE",
    "KINDS",
    "NOBODY",
    "Accepted",
    "Alerted",
    "AccountChanged",
    "AccountRegistered",
    "AccountShut",
    "Announced",
    "AwayChanged",
    "BanLifted",
    "BanPlaced",
    "Connected",
    "Durability",
    "Edited",
    "Event",
    "FileSent",
    "Followed",
    "Invited",
    "Joined",
    "Kicked",
    "Killed",
    "Left",
    "MarkedRead",
    "MaskChanged",
    "LoggedIn",
    "ModeChanged",
    "Parted",
    "Quote",
    "Reacted",
    "RealnameChanged",
    "Removed",
    "Renamed",
    "RoomGiven",
    "RoomMetadataChanged",
    "RoomRenamed",
    "Said",
    "Tagged",
    "Told",
    "TopicChanged",
    "UserMetadataChanged",
    "UserModeChanged",
    "identity",
    "pair",
    "revive",
]
