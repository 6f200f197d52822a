"""One person's chat: what a client believes about it, and what the person can ask of it.

No user interface, no sockets, no clock: what is heard comes in as lines, what is to be said goes out by `write`, and
`now` says what time it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from chat.clients import presence, replies, speech  # noqa: F401 - they register what they understand
from chat.clients.batches import Batch, Batches
from chat.clients.beliefs import Beliefs
from chat.clients.commands import perform
from chat.clients.completion import Completion, complete
from chat.clients.conversation import FAILED, PRIVATE, ROOM, SERVER, Conversation, Line
from chat.clients.files import Files
from chat.clients.moment import iso
from chat.clients.negotiation import Negotiation
from chat.clients.outbox import Outbox, is_refusal
from chat.clients.past import Past
from chat.clients.state import CONNECTING, OFFLINE, ONLINE, REFUSED, State
from chat.clients.table import HEARD
from chat.clients.text import parts
from chat.irc.message import Message, NoMessage

#: Milliseconds between two words to others that we are typing (IRCv3 typing: at most one in three seconds).
TYPING_EVERY = 3_000

#: Milliseconds between two words to the server that we have read what we look at.
MARKED_EVERY = 5_000


@dataclass
class Identity:
    """Who wants to come in.  A `password` is that of the account, which is called like the nick if not otherwise."""

    nick: str
    password: str = ""
    account: str = ""
    realname: str = ""
    server_password: str = ""
    username: str = "chat"


@dataclass
class _Typed:
    """When we told others last that we are typing, and where."""

    conversation: Conversation | None = None
    time: int = 0


class Chat(Beliefs):
    """One person's chat.  `now` gives the time in ms since 1970, `nonce` a word that nobody can guess."""

    def __init__(
        self,
        identity: Identity,
        now: Callable[[], int],
        rooms: tuple[str, ...] = ("#lobby",),
        nonce: Callable[[], str] = lambda: secrets.token_hex(12),
    ) -> None:
        super().__init__(identity.nick, now)
        self.identity = identity
        self.negotiation: Negotiation | None = None
        #: What the server said when it closed the link.
        self.farewell = ""
        self._write: Callable[[bytes], None] | None = None
        self._labels = count(1)
        #: The label of the answer that is being understood.
        self.answering = ""
        self._batches = Batches()
        self._barriers: dict[str, Callable[[], None]] = {}
        self._typed = _Typed()
        self._marked = 0
        self.outbox = Outbox(self, nonce)
        self.past = Past(self)
        self.files = Files(self)
        for name in rooms:
            self.room(name)

    # -- what a person can ask for

    def say(self, conversation: Conversation, text: str, reply_to: Line | None = None, kind: str = "message") -> None:
        """Say something, perhaps of several lines; kind: message, action or notice."""
        for part in parts(text, self.multiline or not self.online, self._limits()):
            self._typed = _Typed()  # what is said ends the typing, without another word
            line = self.outbox.say(conversation, part, kind, (reply_to.id or "") if reply_to else "")
            self.changed("line", conversation, line)

    def _limits(self) -> tuple[int, int]:
        """How many lines and bytes one message may have."""
        words = self.offered.get("draft/multiline", "").split(",")
        values = {key: int(value) for key, _, value in (word.partition("=") for word in words) if value.isdigit()}
        return values.get("max-lines", 24), values.get("max-bytes", 4096)

    def resend(self, conversation: Conversation, line: Line) -> None:
        """Say a line of ours again that has failed."""
        if line.state == FAILED:
            self.outbox.again(conversation, line)
            self.changed("lines", conversation, line)

    def discard(self, conversation: Conversation, line: Line) -> None:
        """Forget a line of ours that has failed."""
        if line.state == FAILED and line in conversation.past:
            conversation.past.remove(line)
            self.changed("lines", conversation, line)

    def edit(self, conversation: Conversation, line: Line, text: str) -> None:
        """Give a line of ours other words."""
        if not line.mine or not line.id:
            self.tell("Only what you said yourself, and what has arrived, can be changed.", conversation)
        elif not self.can_edit:
            self.tell("This server has no way to change what was said.", conversation)
        elif not text.strip():
            self.tell("Nothing would be left of it; /delete takes it back.", conversation)
        elif len(parts(text, self.multiline, self._limits())) > 1:
            self.tell("That is too long for a change of what was said.", conversation)
        elif text != line.text:
            self.outbox.reword(conversation, line, text)

    def react(self, conversation: Conversation, line: Line, emoji: str) -> None:
        """React to a line with an emoji, or no longer if we do so already."""
        if not self.can_react or not line.id:
            self.tell("One cannot react to that here.", conversation)
        else:
            on = self.me not in line.reactions.get(emoji, ())
            self.outbox.react(conversation, line, emoji, on)

    def remove(self, conversation: Conversation, line: Line) -> None:
        """Take back a line."""
        if not self.can_remove or not line.id:
            self.tell("This server has no way to take back what was said.", conversation)
        else:
            self.outbox.remove(conversation, line)

    def join(self, room: str, key: str = "") -> Conversation:
        """Go into a room, now or once there is a link."""
        name = room if self.support.is_room(room) else "#" + room
        conversation = self.room(name)
        if self.online and not conversation.joined:
            self.send("JOIN", name, *([key] if key else []))
        return conversation

    def leave(self, conversation: Conversation) -> None:
        """Leave a room, or put a private conversation away."""
        if conversation.kind == ROOM and conversation.joined and self.online:
            self.send("PART", conversation.name)
        else:
            self.outbox.abandon(conversation, "You have left.")
            self.forget(conversation)

    def open(self, nick: str) -> Conversation:
        """A private conversation with somebody."""
        conversation = self.private(nick)
        if self.online and not conversation.joined:
            self.begin(conversation)
        return conversation

    def look(self, conversation: Conversation | None) -> None:
        """The person looks at this conversation now, or at none: what is seen is read."""
        self.looked_at = conversation
        if conversation is not None:
            self.read(conversation)

    def read(self, conversation: Conversation) -> None:
        """Everything in the conversation was read."""
        last = max((line.time for line in conversation.past if line.spoken), default=0)
        if "draft/read-marker" in self.caps and self.online and last > conversation.read_until:
            conversation.read_until = last
            self.send("MARKREAD", conversation.name, f"timestamp={iso(last)}")
        if conversation.unread or conversation.mentions:
            conversation.unread = conversation.mentions = 0
            self.changed("conversations", conversation)

    def older(self, conversation: Conversation) -> bool:
        """Get older lines; whether there may be any."""
        return self.past.older(conversation)

    def typing(self, conversation: Conversation, on: bool) -> None:
        """The person is typing there, or no longer; others are told now and then."""
        typed, here = self._typed, self._typed.conversation is conversation
        if not self.online or "message-tags" not in self.caps or conversation.kind == SERVER:
            return
        if on and (not here or self.now() >= typed.time + TYPING_EVERY):
            self._typed = _Typed(conversation, self.now())
            self.send("TAGMSG", conversation.name, tags={"+typing": "active"})
        elif not on and here:
            self._typed = _Typed()
            self.send("TAGMSG", conversation.name, tags={"+typing": "done"})

    def perform(self, conversation: Conversation, text: str, reply_to: Line | None = None) -> None:
        """Do what a typed line says: a /command, or something to say."""
        perform(self, conversation, text, reply_to)

    def complete(self, conversation: Conversation, text: str, position: int) -> Completion | None:
        """What the word at `position` may be going to be: a name, an :emoji:, a /command, a #room."""
        return complete(self, conversation, text, position)

    # -- the link

    def connected(self, write: Callable[[bytes], None]) -> None:
        """There is a link: come in."""
        self._write, self._batches = write, Batches()
        self.caps, self.offered, self.farewell, self.account = set(), {}, "", ""
        self.me = self.identity.nick
        self.set_state(State(CONNECTING, "Coming in."))
        self.negotiation = Negotiation(self)
        self.negotiation.begin()

    def disconnected(self) -> None:
        """The link is gone.  `set_state` says what comes of it."""
        self._write, self.negotiation, self.answering = None, None, ""
        self._barriers.clear()
        self.past.cut()
        self.outbox.cut()
        self.files.cut()
        self.everyone.clear()
        self._typed = _Typed()
        for conversation in self._conversations.values():
            conversation.cut()
            self.changed("people", conversation)

    def received(self, data: bytes) -> None:
        """A line from the server, without its end."""
        try:
            message = Message.parse(data.decode("utf-8", "replace").strip("\r\n"))
        except NoMessage:
            return
        whole = self._batches.take(message)
        if isinstance(whole, Batch):
            self._unpack(whole)
        elif whole is not None:
            self._answer(whole.tags.get("label", ""), [whole])

    def _unpack(self, batch: Batch) -> None:
        if "chathistory" in batch.kind or batch.kind.endswith("/playback"):
            self.past.answered(batch)
        else:
            self._answer(batch.tags.get("label", ""), batch.messages)

    def _answer(self, label: str, messages: list[Message]) -> None:
        """What came under a label, or none.  What refuses something that waits is told of with that."""
        deed = self.outbox.labelled(label)
        self.answering = label if deed else ""
        for message in messages:
            if not (deed and is_refusal(message)):
                self.dispatch(message)
        self.answering = ""
        if deed:
            self.outbox.answered(deed, messages)

    def dispatch(self, message: Message) -> None:
        """Understand a message."""
        heard = HEARD.get(message.command)
        if heard is not None:
            if message.params or message.command in ("AWAY", "QUIT", "ERROR", "PING"):
                heard(self, message)
        elif message.command.isdigit():
            replies.numeric(self, message)

    def send(self, command: str, *params: str, tags: dict[str, str] | None = None) -> None:
        """Send a message, if there is a link."""
        self.write(Message(command, params, tags=tags or {}))

    def send_raw(self, line: str) -> None:
        """Send a line as it is typed."""
        try:
            self.write(Message.parse(line))
        except NoMessage:
            self.tell("That is no line of IRC.")

    def quit(self) -> None:
        """The person leaves."""
        self.set_state(State(OFFLINE, "You have left."))
        self.send("QUIT")

    def write(self, message: Message) -> None:
        if self._write is not None:
            self._write(message.encode())

    def barrier(self, passed: Callable[[], None]) -> None:
        """Have `passed` called when the server has taken everything that was sent before."""
        token = self.new_label()
        self._barriers[token] = passed
        self.send("PING", token)

    def pass_barrier(self, token: str) -> None:
        """The server has taken everything that was sent before the barrier of that name."""
        self._barriers.pop(token, lambda: None)()

    def new_label(self) -> str:
        return f"c{next(self._labels)}"

    def refuse(self, why: str, needs: str = "") -> None:
        """The server does not let us in; the person has to do something."""
        self.set_state(State(REFUSED, why, needs=needs))
        self.send("QUIT")

    def _online(self) -> State:
        return State(ONLINE, f"Connected to {self.support.network or self.server.name} as {self.me}.")

    def come_in(self) -> None:
        """We are in: go where we were, and get what was missed."""
        if self.online:
            return
        self.set_state(self._online())
        for conversation in list(self._conversations.values()):
            if conversation.kind == ROOM and not conversation.joined:
                self.send("JOIN", conversation.name)
            elif conversation.kind == PRIVATE:
                self.begin(conversation)
        if self.account:
            self.past.find_private()
        if not self.is_me(self.identity.nick):
            self.tell(f"{self.identity.nick} is in use; you are {self.me} as long as it is.")
            if "MONITOR" in self.support:
                self.send("MONITOR", "+", self.identity.nick)

    def begin(self, conversation: Conversation) -> None:
        """We are in a room, or talk to somebody: see who is there, and what was said."""
        conversation.joined, conversation.barred = True, ""
        if conversation.kind == ROOM:
            whox = ["%cuhnfar"] if "WHOX" in self.support else []
            self.send("WHO", conversation.name, *whox)
        else:
            if "MONITOR" in self.support:
                self.send("MONITOR", "+", conversation.name)
            if "draft/read-marker" in self.caps:
                self.send("MARKREAD", conversation.name)
        self.past.fetch(conversation)
        self.changed("conversations", conversation)
        self.changed("people", conversation)

    def rename(self, old: str, new: str) -> Conversation | None:
        """A conversation is called otherwise; what waits to be said there goes with it."""
        was, now = self.find(old), super().rename(old, new)
        if was is not None and now is not None and was is not now:
            self.outbox.move(was, now)
        return now

    def renamed(self, nick: str) -> None:
        """We are called otherwise now."""
        self.me = nick
        if self.online:
            self.set_state(self._online())

    def regain(self, nick: str) -> None:
        """Somebody is no longer called so: take the name back, if it is the one that we wanted."""
        if self.online and not self.is_me(nick) and self.support.fold(nick) == self.support.fold(self.identity.nick):
            self.send("NICK", self.identity.nick)

    def tick(self) -> None:
        """Time has passed."""
        self.past.tick()
        for conversation in self._conversations.values():
            if conversation.stop_typing(self.now()):
                self.changed("typing", conversation)
        if self.looked_at is not None and self.now() >= self._marked + MARKED_EVERY:
            self._marked = self.now()
            self.read(self.looked_at)
