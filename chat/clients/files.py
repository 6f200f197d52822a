"""Sending files: `/upload FILE` asks the server for a permit (IRCv3 draft/FILEHOST), and then the file goes by HTTP.

The server may say itself that a file was sent, to whom the permit is for (twisted-chat/FILEHOST-TARGET); another one
leaves it to us to say where it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from twisted.internet.defer import Deferred

from chat.clients.commands import command
from chat.clients.conversation import SERVER, Conversation
from chat.clients.table import hears
from chat.clients.text import clean
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.clients.chat import Chat

#: What takes a file somewhere: to an address, by a permit, from a path.  It gives where the file is, or CannotSend.
Carry = Callable[[str, str, str], "Deferred[str]"]
FILEHOST, TARGET = "draft/FILEHOST", "twisted-chat/FILEHOST-TARGET"


class CannotSend(Exception):
    """A file was not sent; str() says why, in words for people."""


class Errand(NamedTuple):
    """A file that is to go to a conversation."""

    conversation: Conversation
    path: str


class Files:
    """The files that one person sends.  `carry` takes them; the link brings it."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self.carry: Carry | None = None
        self._asked: deque[Errand] = deque()
        self._under_way = 0

    @property
    def busy(self) -> bool:
        """Whether a file is not there yet."""
        return bool(self._asked or self._under_way)

    def send(self, conversation: Conversation, path: str) -> None:
        """Send a file to a conversation."""
        chat = self._chat
        if not chat.online:
            chat.tell("There is no link to the server at the moment.", conversation)
        elif FILEHOST not in chat.support or self.carry is None:
            chat.tell("This server takes no files.", conversation)
        elif conversation.kind == SERVER:
            chat.tell("Nobody is here to get it. /join #room takes you to a room.", conversation)
        else:
            self._asked.append(Errand(conversation, path))
            chat.send("FILEHOST", "TOKEN", conversation.name)

    def permitted(self, permit: str) -> None:
        """The server lets us send the file that we have asked for first."""
        if not self._asked or self.carry is None:
            return
        errand = self._asked.popleft()
        self._under_way += 1
        self._chat.tell(f"Sending {errand.path} ...", errand.conversation)
        done = self.carry(self._chat.support.tokens[FILEHOST], permit, errand.path)
        done.addCallback(self._sent, errand).addErrback(self._failed, errand).addBoth(self._finish)

    def refused(self, why: str) -> None:
        """The server does not let us send it."""
        if self._asked:
            self._chat.tell(why, self._asked.popleft().conversation)
            self._chat.changed("files")

    def cut(self) -> None:
        """The link is gone: what was asked for will not be answered."""
        while self._asked:
            self.refused("The link was lost before the file could be sent. /upload sends it again.")

    def _sent(self, where: str, errand: Errand) -> None:
        if TARGET not in self._chat.support:
            self._chat.say(errand.conversation, clean(where))

    def _failed(self, why: object, errand: Errand) -> None:
        error = getattr(why, "value", why)
        sentence = str(error) if isinstance(error, CannotSend) else f"The file was not sent: {error}."
        self._chat.tell(clean(sentence), errand.conversation)

    def _finish(self, _: object) -> None:
        self._under_way -= 1
        self._chat.changed("files")


@command("upload", "send")
def upload(chat: Chat, here: Conversation, file: str) -> None:
    """/upload FILE -- send a file to the people here"""
    chat.files.send(here, file.strip())


@hears("FILEHOST")
def filehost(chat: Chat, message: Message) -> None:
    """FILEHOST TOKEN <permit>"""
    if len(message.params) > 1 and message.params[0].upper() == "TOKEN":
        chat.files.permitted(message.params[1])
