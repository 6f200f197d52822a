"""Batches: lines that belong together (IRCv3 batch), and texts that took several of them (draft/multiline)."""

from __future__ import annotations

from dataclasses import dataclass, field

from chat.irc.message import Message

CONCAT = "draft/multiline-concat"
#: Batches that are open at a time, and messages in one: more than any server that is well sends.
MOST_OPEN, MOST_MESSAGES = 64, 20_000


@dataclass
class Batch:
    """A batch: its kind with what stands behind it, the tags of its beginning, and what is in it."""

    kind: str
    params: list[str]
    source: str
    tags: dict[str, str]
    messages: list[Message] = field(default_factory=list)


class Batches:
    """Those that are open.  Inner ones that are no text of several lines are poured into what is around them."""

    def __init__(self) -> None:
        self._open: dict[str, Batch] = {}

    def take(self, message: Message) -> Message | Batch | None:
        """What is whole now: a message, a batch; None while something goes on."""
        if message.command == "BATCH" and message.params:
            name = message.params[0]
            if name[:1] != "+":
                return self._end(name[1:])
            self._begin(name[1:], message)
            return None
        batch = self._open.get(message.tags.get("batch", ""))
        if batch is None:
            return message
        if len(batch.messages) < MOST_MESSAGES:
            batch.messages.append(message)
        return None

    def _begin(self, name: str, message: Message) -> None:
        if len(self._open) < MOST_OPEN:
            params = list(message.params[1:]) or [""]
            self._open[name] = Batch(params[0], params[1:], message.source, dict(message.tags))

    def _end(self, name: str) -> Message | Batch | None:
        batch = self._open.pop(name, None)
        if batch is None:
            return None
        text = whole(batch) if batch.kind.endswith("multiline") else None
        around = self._open.get(batch.tags.get("batch", ""))
        if around is not None:
            around.messages += [text] if text else batch.messages
            return None
        return text or batch


def whole(batch: Batch) -> Message | None:
    """The message that was sent as several lines."""
    lines = [message for message in batch.messages if message.command in ("PRIVMSG", "NOTICE")]
    if not lines:
        return None
    text = ""
    for at, line in enumerate(lines):
        text += ("\n" if at and CONCAT not in line.tags else "") + line.params[-1]
    target = (batch.params or lines[0].params)[0]
    tags = {key: value for key, value in {**lines[0].tags, **batch.tags}.items() if key not in ("batch", CONCAT)}
    return Message(lines[0].command, [target, text], batch.source or lines[0].source, tags)
