"""The words of the first and the last row: what a conversation is about, and how it is with the link."""

from __future__ import annotations

import re

from textual.content import Content
from textual.style import Style

from chat.clients.model import WAITING as UNSENT
from chat.clients.model import Chat, Conversation
from chat.clients.terminal.bars import buttons
from chat.clients.terminal.themes import Ink

BOLD = Style(bold=True)
#: The sign and the colour of each kind of state; the sentence behind it says the same in words.
SIGNS = {
    "online": ("●", "success"),
    "connecting": ("◌", "warning"),
    "waiting": ("○", "warning"),
    "offline": ("○", "error"),
    "refused": ("✗", "error"),
    "untrusted": ("✗", "error"),
}
#: What the sentence of a lost link ends with.
COUNTDOWN = re.compile(r"Trying again in \d+ seconds?\.")
#: Kinds in which a person may want to do something: there the whole sentence is shown.
TROUBLES = ("waiting", "offline", "refused", "untrusted")


def topic(conversation: Conversation, ink: Ink) -> Content:
    """`#lobby  what it is about`"""
    if conversation.kind == "private":
        about = f"in private{' · not here at the moment' if conversation.present is False else ''}"
    elif conversation.kind == "room":
        about = conversation.topic or "no topic"
    else:
        about = "what the server says"
    return Content.assemble((conversation.name, ink.primary + BOLD), "  ", (about, ink.muted))


def status(chat: Chat, now: float, ink: Ink) -> tuple[Content, Content]:
    """`● Connected to kettle as alice.` and what else there is to know; at the right what can be pressed.

    `now` is in seconds, by the clock of the link: those that are left until it tries again are counted down.
    """
    sign, colour = SIGNS.get(chat.state.kind, ("·", "muted"))
    left = max(round(chat.state.until - now), 0)
    sentence = COUNTDOWN.sub(f"Trying again in {left} s.", chat.state.sentence)
    text = Content.assemble((sign, getattr(ink, colour) + BOLD), " ", (sentence, ink.foreground))
    unsent = sum(line.state == UNSENT for each in chat.conversations for line in each.waiting)
    if unsent:
        text = Content.assemble((f"… {unsent} not sent yet  ", ink.warning + BOLD), text)
    if chat.state.kind in TROUBLES:
        return text, buttons(ink, [("Ctrl+R", "try now", "retry")])
    return text, buttons(ink, [("F1", "help", "help"), ("Ctrl+P", "commands", "palette")])
