"""The model of the clients, in one place: no user interface, no sockets, no clock of its own.

    chat = Chat(Identity("alice"))
    chat.observe(lambda change: ...)            # told what changed
    chat.perform(chat.conversations[0], "hello")

`Link` in `chat.clients.link` connects it to a server.
"""

from chat.clients.chat import Chat, Identity
from chat.clients.completion import Completion
from chat.clients.conversation import FAILED, KEPT, WAITING, Conversation, Line, Member, Person
from chat.clients.state import Change, State

__all__ = [
    "FAILED",
    "KEPT",
    "WAITING",
    "Change",
    "Chat",
    "Completion",
    "Conversation",
    "Identity",
    "Line",
    "Member",
    "Person",
    "State",
]
