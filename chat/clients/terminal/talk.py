"""The screen on which one talks: the conversations at the left, the log, and where one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, TextArea

from chat.clients.model import Change, Chat, Conversation
from chat.clients.terminal.afterthoughts import Afterthoughts
from chat.clients.terminal.bars import Bar
from chat.clients.terminal.composer import Composer
from chat.clients.terminal.context import EDIT, Context, Intent, Tab
from chat.clients.terminal.emojis import EmojiScreen
from chat.clients.terminal.keys import HERE, LOOK, bindings
from chat.clients.terminal.listing import Listing
from chat.clients.terminal.log import Log
from chat.clients.terminal.sidebar import Sidebar
from chat.clients.terminal.status import TROUBLES, status, topic
from chat.clients.terminal.themes import Ink

if TYPE_CHECKING:
    from chat.clients.terminal.app import ChatApp


class TalkScreen(Afterthoughts):
    """One person's chat, as it is looked at."""

    CSS = """
    TalkScreen { background: $background; color: $foreground; }
    #topic { background: $panel; }
    #status { background: $surface; }
    #main { height: 1fr; }
    #middle { width: 1fr; height: 1fr; }
    #log { height: 1fr; }
    #typing { height: auto; background: $surface; }
    #prompt { width: auto; max-width: 40%; height: 1; padding: 0 1; color: $primary; text-style: bold; }
    TalkScreen.-narrow Sidebar { width: 16; }
    TalkScreen.-wide Sidebar { width: 26; }
    TalkScreen.-bare Sidebar { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(HERE),
        *bindings(LOOK),
        Binding("escape", "back", show=False),
    ]

    def __init__(self, chat: Chat) -> None:
        super().__init__()
        self.chat = chat
        self.current = chat.conversations[0]
        self.intent: Intent | None = None
        self.removing = False
        self.tab: Tab | None = None
        self._changed: set[str] = set()

    @property
    def client(self) -> ChatApp:
        """The app."""
        return cast("ChatApp", self.app)

    def compose(self) -> ComposeResult:
        yield Bar("topic")
        with Horizontal(id="main"):
            yield Sidebar()
            with Vertical(id="middle"):
                yield Log()
                yield Context("context")
                with Horizontal(id="typing"):
                    yield Static(id="prompt", markup=False)
                    yield Composer()
        yield Bar("status")

    def on_mount(self) -> None:
        self.log_ = self.query_one(Log)
        self.composer = self.query_one(Composer)
        self.turn_to(self.current)
        self.composer.focus()
        self._forget = self.chat.observe(self._observe)
        self.set_interval(1, self._count_down)
        self.app.theme_changed_signal.subscribe(self, lambda _: self.draw_around())

    def on_unmount(self) -> None:
        self._forget()

    # -- what has changed

    def _observe(self, change: Change) -> None:
        """Gather what changes in one go, and draw it once."""
        if not self._changed:
            self.call_later(self._draw_changed)
        self._changed.add(change.what)

    def _draw_changed(self) -> None:
        changed, self._changed = self._changed, set()
        self._follow()
        if changed & {"line", "lines"}:
            self.log_.draw_anew()
        self.draw_around()

    def _follow(self) -> None:
        """Look where a command has led, and not at what is gone."""
        there = self.chat.conversations
        if self.current not in there:
            self.turn_to(there[0] if there else self.chat.server)
        elif self.chat.looked_at not in (None, self.current):
            self.turn_to(self.chat.looked_at)

    def draw_around(self) -> None:
        """Draw all but the log."""
        ink = Ink.of(self.app.theme_variables)
        self.query_one("#topic", Bar).show(topic(self.current, ink))
        self.query_one(Sidebar).show_conversations(self.chat, self.current)
        self.query_one(Sidebar).show_people(self.chat, self.current)
        self.draw_status()
        self.draw_context()

    def draw_status(self) -> None:
        """Draw how it is with the link."""
        self.query_one("#status", Bar).show(
            *status(self.chat, self.client.reactor.seconds(), Ink.of(self.app.theme_variables)),
            wraps=self.chat.state.kind in TROUBLES,
        )

    def _count_down(self) -> None:
        if self.chat.state.kind == "waiting":
            self.draw_status()

    def draw_context(self) -> None:
        """Draw the row above what is typed."""
        self.query_one(Context).draw(
            self.chat, self.current, self.log_.selected, self.intent, self.tab,
            removing=self.removing, below=not self.log_.at_end,
        )  # fmt: skip

    # -- conversations

    def turn_to(self, conversation: Conversation) -> None:
        """Look at another conversation; what is typed in this one is kept for later."""
        self.cancel_intent()
        self.current.draft = self.composer.text
        self.current = conversation
        marker = first_unread(conversation)
        self.chat.look(conversation)
        self.log_.show(conversation, self.chat.me, marker)
        self.query_one("#prompt", Static).update(f"{conversation.name} ›")
        self.composer.put(conversation.draft)
        self.draw_around()
        self.client.draw_title()
        if not conversation.past:
            self.chat.older(conversation)

    def look_away(self) -> None:
        """The person looks at another window."""
        self.chat.look(None)

    def look_again(self) -> None:
        """The person is back: what has come in between is new."""
        marker = first_unread(self.current)
        if marker is not None:
            self.log_.marker = marker
            self.log_.draw_anew()
        self.chat.look(self.current)
        self.draw_around()

    def action_turn(self, steps: int) -> None:
        """Look at the next or the previous conversation."""
        all_ = self.chat.conversations
        self.turn_to(all_[(all_.index(self.current) + steps) % len(all_)])

    def action_turn_to(self, number: int) -> None:
        """Look at the conversation with this number."""
        if number <= len(self.chat.conversations):
            self.turn_to(self.chat.conversations[number - 1])

    def action_turn_to_unread(self) -> None:
        """Look at the next one with something unread: first where somebody calls."""
        unread = [each for each in self.chat.conversations if each.unread and each is not self.current]
        if unread:
            self.turn_to(max(unread, key=lambda each: bool(each.mentions or each.kind == "private")))

    @on(Listing.Chosen, "#rooms")
    def _room_chosen(self, event: Listing.Chosen) -> None:
        found = next((each for each in self.chat.conversations if each.name == event.key), None)
        if found:
            self.turn_to(found)
        self.composer.focus()

    @on(Listing.Chosen, "#people")
    def _person_chosen(self, event: Listing.Chosen) -> None:
        self.talk_to(event.key)

    @on(Log.Named)
    def _name_clicked(self, event: Log.Named) -> None:
        self.talk_to(event.nick)

    def talk_to(self, nick: str) -> None:
        """Look at the private conversation with somebody."""
        if not self.chat.is_me(nick):
            self.turn_to(self.chat.open(nick))
        self.composer.focus()

    # -- typing

    @on(TextArea.Changed)
    def _typed(self) -> None:
        text = self.composer.text
        if self.tab and self.tab.text != text:
            self.tab = None
            self.draw_context()
        self.current.draft = self.intent.draft if self.intent and self.intent.what == EDIT else text
        self.chat.typing(self.current, bool(text) and not text.startswith("/"))

    def action_send(self) -> None:
        """Say, or do, what is typed."""
        text, intent = self.composer.text.strip("\n"), self.intent
        if not text.strip():
            return
        if intent and intent.what == EDIT:
            self.chat.edit(self.current, intent.line, text)
            self.cancel_intent()
        else:
            self.intent = None
            self.composer.put("")
            self.current.draft = ""
            self.client.perform(self.current, text, intent.line if intent else None)
            self._follow()
        self.log_.scroll_end(animate=False)
        self.draw_context()

    def action_complete(self) -> None:
        """Complete, or, right after that, put the next candidate in the place of this one."""
        text = self.composer.text
        if self.tab is None or self.tab.text != text:
            found = self.chat.complete(self.current, text, self.composer.position)
            self.tab = Tab.first(text, found) if found else None
        else:
            self.tab = self.tab.next()
        if self.tab:
            self.composer.put(self.tab.text, self.tab.position)
        self.draw_context()

    def action_look(self, pages: int) -> None:
        """Look at older or newer lines."""
        self.log_.look(pages)
        self.draw_context()

    def action_emoji(self) -> None:
        """Pick an emoji for what is typed."""
        self.app.push_screen(EmojiScreen("Insert an emoji"), self._insert)

    def _insert(self, emoji: str | None) -> None:
        if emoji:
            self.composer.insert(emoji)

    def action_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self.toggle_class("-bare")

    # -- the selected line

    @on(Log.Selected)
    def _line_selected(self, event: Log.Selected) -> None:
        self.removing = False
        self.set_focus(self.composer if event.line is None else self.log_)
        self.draw_context()

    @on(Log.Reacted)
    def _reaction_clicked(self, event: Log.Reacted) -> None:
        self.chat.react(self.current, event.line, event.emoji)

    @on(Log.Beginning)
    def _older(self) -> None:
        self.chat.older(self.current)

    def action_into_log(self) -> None:
        """Select the newest line."""
        self.log_.action_select(-1)
        self.set_focus(self.log_ if self.log_.selected else self.composer)

    @on(Bar.Pressed)
    async def _pressed(self, event: Bar.Pressed) -> None:
        await self.run_action(PRESSED.get(event.action, event.action))

    def action_back(self) -> None:
        """Back, by one step: from the question, the line, the lists, the intent, the past."""
        if self.removing:
            self.removing = False
        elif self.log_.selected is not None:
            self.deselect()
        elif not self.composer.has_focus:
            self.composer.focus()
        elif self.intent is not None:
            self.cancel_intent()
        else:
            self.log_.scroll_end(animate=False, immediate=True)
        self.draw_context()

    def on_key(self, event: events.Key) -> None:
        """Whoever goes on typing while a line is selected, or a list has the focus, wants to type."""
        types = event.is_printable and event.character and event.key not in self.active_bindings
        if types and not self.composer.has_focus:
            self.deselect()
            self.composer.insert(event.character or "")

    def on_paste(self, event: events.Paste) -> None:
        """The same for what is pasted."""
        if not self.composer.has_focus:
            self.composer.focus()
            self.composer.paste(event.text)


#: What the words that can be clicked do, where the action is not the screen's own.
PRESSED = {"help": "app.help", "palette": "app.command_palette", "retry": "app.retry"}


def first_unread(conversation: Conversation) -> int | None:
    """The time (ms) behind which lines are new, or None."""
    spoken = [line for line in conversation.past + conversation.live if line.spoken and not line.mine]
    if not conversation.unread or not spoken:
        return None
    return spoken[-min(conversation.unread, len(spoken))].time - 1
