"""Everything that can happen in the chat.  Each event is one small class: who may, what changes, who hears.

A new feature begins here, with a new event.
"""

from chat.core.events.base import EVERYONE, KINDS, NOBODY, Durability, Event, Quote, pair, revive
from chat.core.events.people import AwayChanged, Connected, Left, RealnameChanged, Renamed, UserModeChanged
from chat.core.events.rooms import Invited, Joined, Kicked, ModeChanged, Parted, TopicChanged
from chat.core.events.speech import Announced, Edited, Reacted, Removed, Said, Tagged, Told

__all__ = [
    "EVERYONE",
    "KINDS",
    "NOBODY",
    "Announced",
    "AwayChanged",
    "Connected",
    "Durability",
    "Edited",
    "Event",
    "Invited",
    "Joined",
    "Kicked",
    "Left",
    "ModeChanged",
    "Parted",
    "Quote",
    "Reacted",
    "RealnameChanged",
    "Removed",
    "Renamed",
    "Said",
    "Tagged",
    "Told",
    "TopicChanged",
    "UserModeChanged",
    "pair",
    "revive",
]
