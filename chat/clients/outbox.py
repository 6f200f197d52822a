"""What we say: sent in order, acknowledged by the server, and said once, also when the link is lost meanwhile.

A deed waits until the server has acknowledged it: by its echo with the label we gave it (IRCv3 echo-message and
labeled-response), else by an echo that is the same, else by the answer to a PING that was sent behind it.

When the link is lost nobody knows whether what is in flight has arrived.  It bears a nonce in a tag:

- a server with the capability `twisted-chat/nonce` does a deed with a given nonce once, so it is sent again;
- from another one, the history is read first; a line in it that has our nonce or, where tags are not kept, our name and
  our words, is ours, and the rest is sent again;
- with a server that has neither, the person is asked: the line has failed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat.clients.conversation import FAILED, KEPT, ROOM, WAITING, Conversation, Line
from chat.clients.speech import EDIT, NONCE, REACT, REPLY, UNREACT
from chat.clients.table import nick_of
from chat.clients.text import clean, pieces
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.clients.chat import Chat

#: Deeds that are on their way at a time: a server that takes its time is not flooded.
IN_FLIGHT = 8
UNKNOWN = "The link was lost before the server said whether it has this."
#: The answer to a deed whose nonce the server knows already.
DUPLICATE = "DUPLICATE"


@dataclass(eq=False)
class Deed:
    """Something that we say or do in a conversation: the text and the tags it is sent with.

    `line` is what is shown of it, if it is a line of its own.  `sent`: it is on its way over the link that is there;
    `uncertain`: it was on its way over one that is lost.
    """

    conversation: Conversation
    command: str
    text: str
    tags: dict[str, str] = field(default_factory=dict)
    line: Line | None = None
    sent: bool = False
    uncertain: bool = False
    label: str = ""
    barrier: str = ""
    action: bool = False
    notice: str = ""


class Outbox:
    """What was said and done and is not acknowledged yet, oldest first."""

    def __init__(self, chat: Chat, nonce: Callable[[], str]) -> None:
        self.chat = chat
        self._nonce = nonce
        self.deeds: list[Deed] = []

    def __bool__(self) -> bool:
        return bool(self.deeds)

    # -- in

    def say(self, conversation: Conversation, text: str, kind: str = "message", reply: str = "") -> Line:
        """Say something: it is shown at once, as waiting."""
        chat = self.chat
        line = Line(chat.me, clean(text), chat.now(), kind, None, WAITING, mine=True, reply=reply, nonce=self._nonce())
        conversation.waiting.append(line)
        self._put(line, conversation, text)
        return line

    def again(self, conversation: Conversation, line: Line) -> None:
        """Say what has failed once more.  It keeps its nonce: should it have arrived after all, it is not doubled."""
        for place in (conversation.past, conversation.live):
            if line in place:
                place.remove(line)
        line.state, line.why = WAITING, ""
        conversation.waiting.append(line)
        self._put(line, conversation, line.text, uncertain=bool(line.nonce))

    def _put(self, line: Line, conversation: Conversation, text: str, uncertain: bool = False) -> None:
        command = "NOTICE" if line.kind == "notice" else "PRIVMSG"
        tags = {NONCE: line.nonce} | ({REPLY: line.reply} if line.reply else {})
        self.deeds.append(Deed(conversation, command, text, tags, line, action=line.kind == "action"))
        self.deeds[-1].uncertain = uncertain and "twisted-chat/nonce" in self.chat.caps
        self.flush()

    def reword(self, conversation: Conversation, line: Line, text: str) -> None:
        """Give a line of ours other words."""
        deed = Deed(conversation, "PRIVMSG", text, {EDIT: line.id or "", NONCE: self._nonce()}, notice="Not changed")
        deed.action = line.kind == "action"
        self._add(deed)

    def react(self, conversation: Conversation, line: Line, emoji: str, on: bool) -> None:
        """React to a line, or no longer."""
        tags = {REACT if on else UNREACT: emoji, REPLY: line.id or "", NONCE: self._nonce()}
        self._add(Deed(conversation, "TAGMSG", "", tags, notice="No reaction"))

    def _add(self, deed: Deed) -> None:
        self.deeds.append(deed)
        self.flush()

    # -- out

    def flush(self) -> None:
        """Send what may be sent now."""
        if not self.chat.online:
            return
        for deed in list(self.deeds):
            if sum(deed.sent for deed in self.deeds) >= IN_FLIGHT:
                return
            if not deed.sent and self._may_go(deed):
                self._send(deed)

    def _may_go(self, deed: Deed) -> bool:
        """Not before we are in the room again, and know what of it has arrived before."""
        where = deed.conversation
        return not where.catching_up and (where.joined or where.kind != ROOM)

    def _send(self, deed: Deed) -> None:
        chat, caps = self.chat, self.chat.caps
        if deed.uncertain and not self._safe(deed):
            self._fail(deed, UNKNOWN)
            return
        deed.sent = True
        deed.label = chat.new_label() if "labeled-response" in caps else ""
        tags = dict(deed.tags) if "message-tags" in caps else {}
        if deed.label:
            tags["label"] = deed.label
        for message in self._messages(deed, tags):
            chat.write(message)
        if not self._echoed(deed):
            deed.barrier = chat.new_label()
            chat.send("PING", deed.barrier)

    def _safe(self, deed: Deed) -> bool:
        """Whether something may be sent again: it is known not to have arrived, or is not done twice."""
        return "twisted-chat/nonce" in self.chat.caps or (self.chat.past.available and deed.line is not None)

    def _echoed(self, deed: Deed) -> bool:
        """Whether the server lets us know by itself that it has this."""
        return bool(deed.label) or "echo-message" in self.chat.caps

    def _messages(self, deed: Deed, tags: dict[str, str]) -> list[Message]:
        if deed.command == "TAGMSG":
            return [Message("TAGMSG", [deed.conversation.name], tags=tags)]
        lines = [(part, at > 0) for line in deed.text.split("\n") for at, part in enumerate(pieces(line))]
        if deed.action:
            lines = [(f"\x01ACTION {part}\x01", goes_on) for part, goes_on in lines]
        name = deed.conversation.name
        if len(lines) == 1 or not self.chat.multiline:
            return [Message(deed.command, [name, part], tags=tags if not at else {}) for at, (part, _) in
                    enumerate(lines)]  # fmt: skip
        reference = self.chat.new_label()
        inner: list[Message] = []
        for part, goes_on in lines:
            concat = {"draft/multiline-concat": ""} if goes_on else {}
            inner.append(Message(deed.command, [name, part], tags={"batch": reference, **concat}))
        start = Message("BATCH", [f"+{reference}", "draft/multiline", name], tags=tags)
        return [start, *inner, Message("BATCH", [f"-{reference}"])]

    # -- acknowledged

    def labelled(self, label: str, messages: list[Message]) -> None:
        """The answer to what was sent under a label."""
        deed = next((deed for deed in self.deeds if deed.sent and label and deed.label == label), None)
        if deed is None:
            return
        wrong = next((message for message in messages if is_refusal(message)), None)
        if wrong is not None and DUPLICATE not in wrong.params:
            self._fail(deed, reason(wrong))
        else:
            self._done(deed)

    def recognise(self, conversation: Conversation, line: Line) -> bool:
        """Whether a line that was heard, or read in the history, is one of those that wait."""
        deed = self._same(conversation, line) if line.mine or line.nonce else None
        if deed is None or deed.line is None:
            return False
        own = deed.line
        own.id, own.time, own.text, own.who, own.account = line.id, line.time, line.text, line.who, line.account
        own.edited, own.state, own.why = line.edited, KEPT, ""
        self._finish(deed)
        return True

    def _same(self, conversation: Conversation, line: Line) -> Deed | None:
        mine = [deed for deed in self.deeds if deed.line and deed.conversation is conversation]
        mine = [deed for deed in mine if deed.sent or deed.uncertain]
        if line.nonce:
            return next((deed for deed in mine if deed.line and deed.line.nonce == line.nonce), None)
        return next((deed for deed in mine if deed.line and clean(deed.text) == line.text), None)

    def done(self, message: Message) -> None:
        """Something without a line of its own has come back: an edit, a reaction."""
        nonce = message.tags.get(NONCE, "")
        deed = next((deed for deed in self.deeds if nonce and deed.tags.get(NONCE) == nonce), None)
        if deed is not None and (self.chat.is_me(nick_of(message)) or deed.sent):
            self._done(deed)

    def passed(self, token: str) -> None:
        """A PING that was sent behind something is answered: the server has taken that."""
        for deed in [deed for deed in self.deeds if deed.barrier and deed.barrier == token]:
            self._done(deed)

    def refused(self, target: str, why: str) -> bool:
        """The server says, without a label, that something for `target` may not be; whether that was ours."""
        fold = self.chat.support.fold
        for deed in self.deeds:
            if deed.sent and not deed.label and fold(deed.conversation.name) == fold(target):
                self._fail(deed, why)
                return True
        return False

    def _done(self, deed: Deed) -> None:
        if deed.line is not None:
            deed.line.state, deed.line.why = KEPT, ""
        self._finish(deed)

    def _fail(self, deed: Deed, why: str) -> None:
        if deed.line is not None:
            deed.line.state, deed.line.why = FAILED, why
        else:
            self.chat.tell(f"{deed.notice}: {why}", deed.conversation)
        self._finish(deed)

    def _finish(self, deed: Deed) -> None:
        self.deeds.remove(deed)
        if deed.line is not None:
            deed.conversation.settle(deed.line)
            self.chat.changed("lines", deed.conversation, deed.line)
        self.flush()

    # -- the link

    def cut(self) -> None:
        """The link is gone."""
        for deed in self.deeds:
            deed.uncertain = deed.uncertain or deed.sent
            deed.sent, deed.label, deed.barrier = False, "", ""

    def abandon(self, conversation: Conversation, why: str) -> None:
        """Nothing that waits can be said there any more."""
        for deed in [deed for deed in self.deeds if deed.conversation is conversation]:
            self._fail(deed, why)


def is_refusal(message: Message) -> bool:
    """Whether a message says that something may not be: a numeric of an error, or a FAIL."""
    return message.command == "FAIL" or (len(message.command) == 3 and message.command[0] in "45")


def reason(message: Message) -> str:
    """Why not, in words."""
    return clean(message.params[-1]) if message.params else "The server does not say why."
