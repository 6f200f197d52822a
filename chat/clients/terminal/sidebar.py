"""The sidebar: rooms and private conversations with what is unread, and below who is here."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from chat.clients.model import Chat, Conversation, Member
from chat.clients.terminal.listing import Item, Listing
from chat.clients.terminal.themes import Ink

BOLD = Style(bold=True)
#: A number that is greater is shown as `99+`.
MOST = 99


class Sidebar(Vertical):
    """Which conversations there are, and who is in the one that is looked at."""

    DEFAULT_CSS = """
    Sidebar {
        width: 20; height: 1fr; background: $surface; border-right: vkey $rule;
        & > .heading { height: 1; padding: 0 1; color: $muted; text-style: bold; }
        & > #rooms { height: auto; max-height: 50%; }
        & > #people { height: 1fr; }
        & > #headcount { margin: 1 0 0 0; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static("Conversations", classes="heading")
        yield Listing("rooms")
        yield Static("People", classes="heading", id="headcount")
        yield Listing("people")

    def show_conversations(self, chat: Chat, current: Conversation) -> None:
        """Show which conversations there are."""
        ink = Ink.of(self.app.theme_variables)
        items = [_conversation(each, ink) for each in chat.conversations]
        self.query_one("#rooms", Listing).show(items, current.name)

    def show_people(self, chat: Chat, current: Conversation) -> None:
        """Show who is in a conversation."""
        ink = Ink.of(self.app.theme_variables)
        items = list(_people(chat, current, ink))
        self.query_one("#people", Listing).show(items)
        self.query_one("#headcount", Static).update(f"People  {len(items)}" if items else "People")


def _conversation(conversation: Conversation, ink: Ink) -> Item:
    """`#lobby        3`, or `#lobby       @1` when somebody calls us; what is unread stands out."""
    private = conversation.kind == "private"
    style = ink.name(conversation.name) if private else ink.foreground
    if conversation.unread:
        style += BOLD
    tail = Content()
    if conversation.mentions or (private and conversation.unread):
        tail = Content(f"@{_count(conversation.mentions or conversation.unread)}").stylize(ink.warning + BOLD)
    elif conversation.unread:
        tail = Content(_count(conversation.unread)).stylize(ink.primary + BOLD)
    elif private and conversation.present is False:
        tail = Content("gone").stylize(ink.muted)
    return Item(conversation.name, Content(conversation.name).stylize(style), tail)


def _count(number: int) -> str:
    return f"{MOST}+" if number > MOST else str(number)


def _people(chat: Chat, conversation: Conversation, ink: Ink) -> Iterator[Item]:
    """`@alice`, ` bob   away`: those who run the room first."""
    for member in conversation.people:
        yield _person(chat, member, ink)


def _person(chat: Chat, member: Member, ink: Ink) -> Item:
    me = chat.is_me(member.nick)
    style = ink.muted if member.away else ink.foreground if me else ink.name(member.nick)
    words = "away" if member.away else "you" if me else "bot" if member.person.bot else ""
    text = Content.assemble((member.prefix or " ", ink.warning + BOLD), (member.nick, style))
    return Item(member.nick, text, Content(words).stylize(ink.muted))
