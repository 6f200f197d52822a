"""Everything that can happen in the chat.  Each event is one small class: who may, what changes, who hears.

A new feature begins here, with a new event.
"""

from chat.core.events.base import EVERYONE, KINDS, NOBODY, Durability, Event, Quote, pair, revive
from chat.core.events.people import AwayChanged, Connected, Left, Renamed
from chat.core.events.rooms import Joined, Parted, TopicChanged
from chat.core.events.speech import Announced, Edited, Reacted, Removed, Said, Told

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
    "Joined",
    "Left",
    "Parted",
    "Quote",
    "Reacted",
    "Removed",
    "Renamed",
    "Said",
    "Told",
    "TopicChanged",
    "pair",
    "revive",
]
