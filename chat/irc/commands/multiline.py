"""Messages of several lines from a client: BATCH (IRCv3 draft/multiline)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from chat.core.names import fold
from chat.irc.batch import CONCAT, MOST_BYTES, MOST_LINES, MULTILINE
from chat.irc.commands import messages
from chat.irc.message import Message
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

REFERENCE = re.compile(r"[A-Za-z0-9-]+")


@dataclass
class Collected:
    """What a client has sent of a message of several lines.  Once it `failed`, the rest is only waited for."""

    reference: str
    target: str
    opening: Message
    command: str = ""
    text: str = ""
    lines: int = 0
    joints: list[int] = field(default_factory=list)
    failed: bool = False


def belongs(client: IRCProtocol, message: Message) -> bool:
    """Whether a line is part of what a client sends as a batch."""
    if message.command == "BATCH":
        return True
    collected = client.collected
    if collected is None or message.command not in ("PRIVMSG", "NOTICE"):
        return False
    return not collected.failed or message.tags.get("batch") == collected.reference


def opening(client: IRCProtocol, message: Message) -> Message | None:
    """The beginning of the batch, if this line is the end of one that is to be carried out."""
    collected = client.collected
    if collected is None or collected.failed or message.params[:1] != [f"-{collected.reference}"]:
        return None
    return collected.opening


@command("BATCH", speech=True)
def batch(client: IRCProtocol, reference: str, kind: str = "", target: str = "") -> Any:
    """BATCH +<reference> draft/multiline <target>, lines with that batch tag, BATCH -<reference> -- several lines"""
    collected = client.collected
    if reference.startswith("-"):
        if collected is None or reference[1:] != collected.reference:
            fail(client, client.message, "MULTILINE_INVALID", "No such batch is open")
            return None
        client.collected = None
        return None if collected.failed else finish(client, collected)
    name = reference[1:]
    if not reference.startswith("+") or not REFERENCE.fullmatch(name):
        fail(client, client.message, "INVALID_REFTAG", reference, "That is no reference tag")
    elif kind != MULTILINE or MULTILINE not in client.caps:
        fail(client, client.message, "UNKNOWN_TYPE", name, kind or "*", "That type of batch is not known here")
    elif not target or (collected is not None and not collected.failed):
        fail(client, client.message, "MULTILINE_INVALID", "One batch at a time, with a target")
        client.collected = None
    else:
        client.collected = Collected(name, target, client.message)
    return None


def take(client: IRCProtocol, message: Message) -> None:
    """Take a line of the batch that is open, or say what is wrong with it; once."""
    collected = client.collected
    if collected is None or collected.failed:
        return
    wrong = why_not(collected, message)
    if wrong:
        collected.failed = True
        fail(client, collected.opening, *wrong)
        return
    text = message.params[1]
    collected.command = message.command
    if CONCAT in message.tags and collected.lines:
        collected.joints.append(len(collected.text))
    elif collected.lines:
        collected.text += "\n"
    collected.text += text
    collected.lines += 1


def why_not(collected: Collected, message: Message) -> tuple[str, ...]:
    """What is wrong with a line: a code and its details; empty if nothing is."""
    target, text = (*message.params, "", "")[:2]
    concat = CONCAT in message.tags
    size = len(collected.text.encode()) + len(text.encode()) + (not concat and collected.lines > 0)
    if message.tags.get("batch") != collected.reference:
        return "MULTILINE_INVALID", "That line is not part of the open batch"
    if fold(target) != fold(collected.target):
        return "MULTILINE_INVALID_TARGET", collected.target, target or "*", "Invalid multiline target"
    if collected.command not in ("", message.command) or len(message.params) < 2:
        return "MULTILINE_INVALID", "All lines of a batch are PRIVMSG, or all are NOTICE"
    if concat and not text:
        return "MULTILINE_INVALID", "A blank line cannot continue the one before"
    if collected.lines >= MOST_LINES:
        return "MULTILINE_MAX_LINES", str(MOST_LINES), f"More than {MOST_LINES} lines. Not sent."
    if size > MOST_BYTES:
        return "MULTILINE_MAX_BYTES", str(MOST_BYTES), f"More than {MOST_BYTES:,} bytes. Not sent."
    return ()


def finish(client: IRCProtocol, collected: Collected) -> Any:
    """Say what was collected, with the tags and the label of the line that began it."""
    client.message = collected.opening
    if not collected.text.strip("\n"):
        client.in_turn(partial(client.fail, "BATCH", "MULTILINE_INVALID", "There is nothing but blank lines"))
        return None
    notice = collected.command == "NOTICE"
    return messages.send(client, collected.target, collected.text, notice, tuple(collected.joints))


def fail(client: IRCProtocol, opening: Message, code: str, *details: str) -> None:
    """Refuse a batch, under the label it was opened with."""
    label = opening.tags.get("label", "") if "labeled-response" in client.caps and not client.label else ""
    answer = Message("FAIL", ["BATCH", code, *details], client.server, {"label": label} if label else {})
    client.in_turn(partial(client.send, answer))
