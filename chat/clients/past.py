"""What was said before: on joining, on scrolling back, and after the link was lost (IRCv3 draft/chathistory).

There is no gap and nothing twice: after the link was lost, whatever is behind the last line that is known is fetched
page by page, until a page is empty or meets what is heard meanwhile; a line is known by its msgid.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat.clients.batches import Batch
from chat.clients.conversation import PRIVATE, Conversation, Line
from chat.clients.moment import iso
from chat.clients.speech import replayed
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.clients.chat import Chat

#: Lines of a page; the server may give fewer.
PAGE = 50
#: Spoken lines that a page should have, and pages that are fetched by themselves to get so many.
ENOUGH, MORE_PAGES = 10, 3
#: How long (ms) the answer to a request may take.
PATIENCE = 60_000
#: Private conversations that are looked for, and how far back (ms).
MOST_PRIVATE, PRIVATE_SINCE = 20, 14 * 86_400_000


def at(ms: int) -> str:
    """A moment as CHATHISTORY takes it."""
    return f"timestamp={iso(ms)}"


@dataclass
class Request:
    """A page that was asked for: latest, after, before, or the list of private conversations (targets).

    refresh: what is known up to the line `until`, to see what has become of it.
    """

    kind: str
    conversation: Conversation | None
    label: str = ""
    pages: int = 1
    until: Line | None = None
    by_id: bool = False
    id: str = ""
    time: int = 0


class Past:
    """What a chat has asked of the history, and what it makes of the answers."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self._asked: deque[Request] = deque()

    @property
    def available(self) -> bool:
        """Whether the server has a history that can be asked."""
        return {"batch", "draft/chathistory"} <= self.chat.caps

    @property
    def by_id(self) -> bool:
        """Whether it knows lines by their ids."""
        kinds = self.chat.support.tokens.get("MSGREFTYPES", "msgid,timestamp").split(",")
        return "msgid" in kinds and "message-tags" in self.chat.caps

    @property
    def limit(self) -> int:
        return min(PAGE, self.chat.support.number("CHATHISTORY", PAGE) or PAGE)

    # -- asking

    def fetch(self, conversation: Conversation) -> None:
        """The link is there: get what was said, or what was missed."""
        if not self.available:
            conversation.caught_up()
            self.chat.outbox.flush()
            return
        conversation.catching_up = True
        anchor = conversation.anchor
        if anchor is None:
            conversation.begin_anew()
            self._ask(Request("latest", conversation), "LATEST", conversation.name, "*")
        else:
            self._ask_after(conversation, anchor)
            known = Request("refresh", conversation, until=anchor)
            self._ask(known, "BEFORE", conversation.name, at(anchor.time + 1))

    def older(self, conversation: Conversation, pages: int = 1) -> bool:
        """Get what was said before the oldest line that is known; whether there may be such lines."""
        waits = any(request.conversation is conversation for request in self._asked)
        oldest = next((line for line in conversation.past if line.id), None)
        known = (self.by_id and conversation.reached) or oldest
        if conversation.complete or not self.available or not known:
            return False
        if not waits:
            request = Request("before", conversation, pages=pages)
            id = conversation.reached or (oldest.id if oldest else "")
            reference = f"msgid={id}" if self.by_id else at(oldest.time + 1 if oldest else 0)
            self._ask(request, "BEFORE", conversation.name, reference)
        return True

    def find_private(self) -> None:
        """Get which private conversations there were, and what was said in private while we were away."""
        if self.available:
            now = self.chat.now()
            times = at(now + 60_000), at(now - PRIVATE_SINCE)
            self._ask(Request("targets", None), "TARGETS", *times, limit=MOST_PRIVATE)

    def _ask_after(self, conversation: Conversation, line: Line, by_id: bool = True, id: str = "") -> None:
        """Get what is behind a line, or what has this id.

        By its time, what is of the same time comes once more, and is known then.
        """
        by_id = by_id and self.by_id
        id = id or line.id or ""
        reference = f"msgid={id}" if by_id else at(line.time - 1)
        self._ask(Request("after", conversation, by_id=by_id, id=id), "AFTER", conversation.name, reference)

    def _ask(self, request: Request, *params: str, limit: int = 0) -> None:
        request.label = self.chat.new_label() if "labeled-response" in self.chat.caps else ""
        tags = {"label": request.label} if request.label else {}
        request.time = self.chat.now()
        self._asked.append(request)
        self.chat.send("CHATHISTORY", *params, str(limit or self.limit), tags=tags)

    def tick(self) -> None:
        """A server that does not answer is not waited for: what we want to say is to be said."""
        for request in [asked for asked in self._asked if self.chat.now() - asked.time > PATIENCE]:
            self._asked.remove(request)
            if request.conversation is not None and request.conversation.catching_up:
                self._done(request.conversation)
                self.chat.changed("lines", request.conversation)

    def cut(self) -> None:
        """The link is gone: nothing that was asked is answered any more."""
        self._asked.clear()

    # -- hearing

    def answered(self, batch: Batch) -> None:
        """A page has come, or the list of conversations."""
        request = self._request(batch)
        if batch.kind.endswith("chathistory-targets"):
            self._targets(batch)
        elif request is None or request.conversation is None:
            for message in batch.messages:
                self.chat.dispatch(message)
        else:
            self._page(request, request.conversation, batch.messages)

    def failed(self, message: Message) -> None:
        """The server cannot answer what was asked: go on with what there is."""
        label = message.tags.get("label", "")
        request = next((asked for asked in self._asked if not label or asked.label == label), None)
        if request is None:
            return
        self._asked.remove(request)
        conversation = request.conversation
        if conversation is None:
            return
        anchor = conversation.anchor
        if request.kind == "after" and anchor and request.by_id and message.params[1:2] != ["INVALID_TARGET"]:
            self._ask_after(conversation, anchor, by_id=False)
            return
        if request.kind == "before":
            conversation.complete = True
        else:
            self._done(conversation)
        self.chat.changed("lines", conversation)

    def _request(self, batch: Batch) -> Request | None:
        label = batch.tags.get("label", "")
        target = self.chat.support.fold(batch.params[0]) if batch.params else ""
        for request in self._asked:
            name = self.chat.support.fold(request.conversation.name) if request.conversation else ""
            if request.label == label if label else name == target or not request.conversation:
                self._asked.remove(request)
                return request
        return None

    def _page(self, request: Request, conversation: Conversation, messages: list[Message]) -> None:
        lines = replayed(self.chat, conversation, messages)
        ids = [id for message in messages if (id := message.tags.get("msgid"))]
        if request.kind in ("before", "latest"):
            conversation.reached = ids[0] if ids else conversation.reached
        if request.kind == "before":
            self._put_before(request, conversation, lines, bool(ids))
        elif request.kind == "refresh":
            self._compare(conversation, lines, request.until)
        elif request.kind == "latest":
            self._latest(conversation, lines, bool(ids))
        else:
            self._after(request, conversation, lines, bool(messages), ids[-1] if ids else "")
        self.chat.changed("lines", conversation)

    def _latest(self, conversation: Conversation, lines: list[Line], more: bool) -> None:
        for line in lines:
            if not conversation.has(line):
                conversation.put(self.chat.outbox.recognise(conversation, line) or line)
        conversation.complete = not (lines or more)
        self._done(conversation)
        if conversation.read_until or conversation.kind == PRIVATE:
            self.chat.recount(conversation)
        self._fill(conversation, lines, MORE_PAGES)

    def _after(self, request: Request, conversation: Conversation, lines: list[Line], more: bool, last: str) -> None:
        """A page of what was missed, to the one with the id `last`.

        Once it meets what was heard since the link is there, nothing is missing.
        """
        before = len(conversation.past)
        met = False
        for line in lines:
            if any(line.id == live.id for live in conversation.live if line.id):
                met = True
            elif not conversation.has(line):
                conversation.put(self.chat.outbox.recognise(conversation, line) or line)
                self.chat.count(conversation, line)
        anchor = conversation.anchor
        moved = len(conversation.past) > before or (request.by_id and last not in ("", request.id))
        if more and moved and not met and anchor:
            self._ask_after(conversation, anchor, request.by_id, last)
        else:
            self._done(conversation)

    def _done(self, conversation: Conversation) -> None:
        conversation.caught_up()
        self.chat.outbox.flush()

    def _compare(self, conversation: Conversation, lines: list[Line], until: Line | None) -> None:
        """Lines that were known before may have been edited or removed while we were away.

        The page has all lines from its first one up to `until`: what we know in between, and it has not, is removed.
        """
        found: dict[str | None, Line] = {line.id: line for line in lines if line.id and line.spoken}
        past = conversation.past
        first = next((at for at, line in enumerate(past) if line.id in found), len(past))
        last = past.index(until) if until in past else -1
        for line in past[first : last + 1]:
            now = found.get(line.id)
            if now is not None:
                line.edited = line.edited or now.edited or line.text != now.text
                line.text = now.text
            elif line.id and line.kind in ("message", "action"):
                line.remove()

    def _put_before(self, request: Request, conversation: Conversation, lines: list[Line], more: bool) -> None:
        recognise = self.chat.outbox.recognise
        new = [recognise(conversation, line) or line for line in lines if not conversation.has(line)]
        conversation.complete = not (new or (more and self.by_id))
        conversation.put_before(new)
        self._fill(conversation, new, request.pages - 1)

    def _fill(self, conversation: Conversation, lines: list[Line], pages: int) -> None:
        """A page of comings and goings alone says little: get another one."""
        if pages > 0 and sum(line.spoken for line in lines) < min(ENOUGH, self.limit):
            self.older(conversation, pages)

    def _targets(self, batch: Batch) -> None:
        self._asked = deque(request for request in self._asked if request.kind != "targets")
        for message in batch.messages:
            if message.command == "CHATHISTORY" and len(message.params) >= 2 and message.params[0] == "TARGETS":
                name = message.params[1]
                if not self.chat.support.is_room(name):
                    self.chat.private(name)
        for conversation in self.chat.conversations:
            if conversation.kind == PRIVATE and not conversation.joined:
                self.chat.begin(conversation)

    def __contains__(self, conversation: Conversation) -> bool:
        """Whether something is asked about that conversation."""
        return any(request.conversation is conversation for request in self._asked)
