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

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat.clients.conversation import FAILED, KEPT, ROOM, WAITING, Conversation, Line
from chat.clients.speech import ACTION, CTCP, EDIT, NONCE, REACT, REPLY, UNREACT
from chat.clients.table import nick_of
from chat.clients.text import clean, parts, pieces
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.clients.chat import Chat

#: Deeds that are on their way at a time: a server that takes its time is not flooded.
IN_FLIGHT = 8
UNKNOWN = "The link was lost before the server said whether it has this."
#: Answers to a deed that was done before.
DONE_BEFORE = frozenset(("DUPLICATE",))
#: To one that cannot be done twice, and was sent twice.
TAKEN_BACK = frozenset(("UNKNOWN_MSGID",))


@dataclass(eq=False)
class Deed:
    """Something that we say or do in a conversation: the text and the tags it is sent with.

    `line` is what is shown of it, if it is a line of its own; else `then` shows what comes of it, and `notice` says
    what did not.  `sent`: it is on its way over the link that is there; `uncertain`: it was so over one that is lost.
    """

    conversation: Conversation
    command: str
    text: str
    tags: dict[str, str] = field(default_factory=dict)
    line: Line | None = None
    action: bool = False
    then: Callable[[], None] | None = None
    notice: str = ""
    sent: bool = False
    uncertain: bool = False
    label: str = ""


class Outbox:
    """What was said and done and is not acknowledged yet, oldest first."""

    def __init__(self, chat: Chat, nonce: Callable[[], str]) -> None:
        self.chat = chat
        self._nonce = nonce
        self.deeds: list[Deed] = []

    def __len__(self) -> int:
        return len(self.deeds)

    # -- in

    def say(self, conversation: Conversation, text: str, kind: str = "message", reply: str = "") -> Line:
        """Say something: it is shown at once, as waiting."""
        line = self._new_line(conversation, text, kind, reply)
        self.add(self._deed(line, conversation, text))
        return line

    def _new_line(self, conversation: Conversation, text: str, kind: str, reply: str) -> Line:
        chat = self.chat
        line = Line(chat.me, clean(text), chat.now(), kind, None, WAITING, mine=True, reply=reply, nonce=self._nonce())
        conversation.waiting.append(line)
        return line

    def _deed(self, line: Line, conversation: Conversation, text: str) -> Deed:
        command = "NOTICE" if line.kind == "notice" else "PRIVMSG"
        tags = {NONCE: line.nonce} | ({REPLY: line.reply} if line.reply else {})
        return Deed(conversation, command, text, tags, line, line.kind == "action")

    def again(self, conversation: Conversation, line: Line) -> None:
        """Say what has failed once more.  It keeps its nonce: should it have arrived after all, it is not doubled."""
        conversation.take_out(line)
        line.state, line.why = WAITING, ""
        conversation.waiting.append(line)
        self.add(self._deed(line, conversation, line.text))

    def reword(self, conversation: Conversation, line: Line, text: str) -> None:
        """Give a line of ours other words."""

        def then() -> None:
            line.text, line.edited = clean(text), True

        tags = {EDIT: line.id or "", NONCE: self._nonce()}
        self.add(Deed(conversation, "PRIVMSG", text, tags, None, line.kind == "action", then, "Not changed"))

    def react(self, conversation: Conversation, line: Line, emoji: str, on: bool) -> None:
        """React to a line, or no longer."""
        tags = {REACT if on else UNREACT: emoji, REPLY: line.id or "", NONCE: self._nonce()}
        me = self.chat.me
        self.add(Deed(conversation, "TAGMSG", "", tags, None, False, lambda: line.react(me, emoji, on), "No reaction"))

    def remove(self, conversation: Conversation, line: Line) -> None:
        """Take a line back."""
        self.add(Deed(conversation, "REDACT", line.id or "", {}, None, False, line.remove, "Not taken back"))

    def add(self, deed: Deed) -> None:
        """Send something as soon as that can be done."""
        self.deeds.append(deed)
        if self.chat.online and deed.conversation.barred:
            self._fail(deed, deed.conversation.barred)
        self.flush()

    # -- out

    def flush(self) -> None:
        """Send what may be sent now."""
        flying = sum(deed.sent for deed in self.deeds)
        for deed in list(self.deeds):
            if flying >= IN_FLIGHT or not self.chat.online:
                return
            if not deed.sent and deed in self.deeds and self._may_go(deed):
                self._send(deed)
                flying += deed.sent

    def _may_go(self, deed: Deed) -> bool:
        """Not before we are in the room again, and know what of it has arrived before."""
        where = deed.conversation
        return not where.catching_up and (where.joined or where.kind != ROOM)

    def _send(self, deed: Deed) -> None:
        chat, caps = self.chat, self.chat.caps
        if deed.uncertain and not self._safe(deed):
            self._fail(deed, UNKNOWN)
            return
        if deed.line is not None and not chat.multiline and len(lines := parts(deed.text, False, (1, 0))) > 1:
            deed = self._split(deed, lines)
        deed.sent = True
        deed.label = chat.new_label() if "labeled-response" in caps else ""
        tags = dict(deed.tags) if "message-tags" in caps else {}
        if deed.label:
            tags["label"] = deed.label
        for message in self._messages(deed, tags):
            chat.write(message)
        if not deed.label and "echo-message" not in caps:
            chat.barrier(lambda: self._passed(deed))

    def _safe(self, deed: Deed) -> bool:
        """Whether something may be sent again: it is known not to have arrived, or is not done twice."""
        known = self.chat.past.available and deed.line is not None
        return "twisted-chat/nonce" in self.chat.caps or known or deed.command == "REDACT"

    def _split(self, deed: Deed, texts: Sequence[str]) -> Deed:
        """The server knows no text of several lines: each is a line of its own.  The deed of the first one."""
        conversation, line = deed.conversation, deed.line
        assert line is not None
        place, at = conversation.waiting.index(line), self.deeds.index(deed)
        new = [self._new_line(conversation, text, line.kind, line.reply) for text in texts]
        del conversation.waiting[-len(new) :]
        conversation.waiting[place : place + 1] = new
        self.deeds[at : at + 1] = [
            self._deed(each, conversation, text) for each, text in zip(new, texts, strict=True)
        ]
        self.chat.changed("lines", conversation)
        return self.deeds[at]

    def _messages(self, deed: Deed, tags: dict[str, str]) -> list[Message]:
        name = deed.conversation.name
        if deed.command in ("TAGMSG", "REDACT"):
            return [Message(deed.command, [name, *filter(None, [deed.text])], tags=tags)]
        lines = [(part, at > 0) for line in deed.text.split("\n") for at, part in enumerate(pieces(line))]
        if deed.action:
            lines[0] = ACTION + lines[0][0], lines[0][1]
            lines[-1] = lines[-1][0] + CTCP, lines[-1][1]
        if len(lines) == 1:
            return [Message(deed.command, [name, lines[0][0]], tags=tags)]
        reference = self.chat.new_label()
        inner: list[Message] = []
        for part, goes_on in lines:
            concat = {"draft/multiline-concat": ""} if goes_on else {}
            inner.append(Message(deed.command, [name, part], tags={"batch": reference, **concat}))
        start = Message("BATCH", [f"+{reference}", "draft/multiline", name], tags=tags)
        return [start, *inner, Message("BATCH", [f"-{reference}"])]

    # -- acknowledged

    def labelled(self, label: str) -> Deed | None:
        """What was sent under a label and is not acknowledged."""
        return next((deed for deed in self.deeds if deed.sent and label and deed.label == label), None)

    def answered(self, deed: Deed, messages: Sequence[Message]) -> None:
        """The answer to what was sent under a label."""
        if deed not in self.deeds:
            return
        wrong = next((message for message in messages if is_refusal(message)), None)
        again = DONE_BEFORE | (TAKEN_BACK if deed.command == "REDACT" and deed.uncertain else frozenset())
        if wrong is None or not again.isdisjoint(wrong.params):
            self._done(deed)
        else:
            self._fail(deed, reason(wrong))

    def recognise(self, conversation: Conversation, line: Line) -> Line | None:
        """The line of ours that one that was heard, or read in the history, is.  It waits no longer, and has no place
        until it is given one."""
        if not (line.mine or line.nonce):
            return None
        deed = self._same(conversation, line)
        own = deed.line if deed is not None else conversation.without_id(line.nonce)
        if own is None:
            return None
        conversation.take_out(own)
        own.id, own.time, own.text, own.who, own.account = line.id, line.time, line.text, line.who, line.account
        own.edited, own.state, own.why = line.edited, KEPT, ""
        if deed is not None:
            self._finish(deed)
        return own

    def _same(self, conversation: Conversation, line: Line) -> Deed | None:
        mine = [deed for deed in self.deeds if deed.line and deed.conversation is conversation]
        mine = [deed for deed in mine if deed.sent or deed.uncertain]
        if line.nonce:
            return next((deed for deed in mine if deed.line and deed.line.nonce == line.nonce), None)
        label = self.chat.answering
        return next((deed for deed in mine if deed.label == label != "" or clean(deed.text) == line.text), None)

    def done(self, message: Message) -> None:
        """Something without a line of its own has come back: an edit, a reaction."""
        nonce = message.tags.get(NONCE, "")
        deed = next((deed for deed in self.deeds if nonce and deed.tags.get(NONCE) == nonce), None)
        if deed is not None and deed.line is None and self.chat.is_me(nick_of(message)):
            self._finish(deed)

    def _passed(self, deed: Deed) -> None:
        """The server has answered what was sent behind something, and has not refused that."""
        if deed in self.deeds:
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
        """The server has it; it has not shown it to us."""
        self._show(deed, KEPT, "")
        if deed.then is not None:
            deed.then()
        self._finish(deed)

    def _fail(self, deed: Deed, why: str) -> None:
        self._show(deed, FAILED, why)
        if deed.line is None:
            self.chat.tell(f"{deed.notice}: {why}", deed.conversation)
        self._finish(deed)

    def _show(self, deed: Deed, state: str, why: str) -> None:
        """A line waits no longer: its place is behind what was heard until now."""
        line, conversation = deed.line, deed.conversation
        if line is not None:
            line.state, line.why = state, why
            conversation.take_out(line)
            conversation.add(line)

    def _finish(self, deed: Deed) -> None:
        self.deeds.remove(deed)
        self.chat.changed("lines", deed.conversation, deed.line)
        self.flush()

    # -- the link

    def cut(self) -> None:
        """The link is gone."""
        for deed in self.deeds:
            deed.uncertain = deed.uncertain or deed.sent
            deed.sent, deed.label = False, ""

    def move(self, old: Conversation, new: Conversation) -> None:
        """What waits for one conversation waits for another one, which it has become a part of."""
        for deed in self.deeds:
            if deed.conversation is old:
                deed.conversation = new

    def bar(self, conversation: Conversation, why: str) -> None:
        """We may not speak there, neither what waits nor what is to come, until we are in."""
        conversation.barred = why
        self.abandon(conversation, why)

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
