"""A window on a chat: who is signed in, which conversation is seen, how it is with the link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chat.clients import emoji
from chat.clients.model import Change, Chat, Conversation, Line
from chat.clients.window import roster, shortcut
from chat.clients.window.admission import Admission
from chat.clients.window.card import keys
from chat.clients.window.frame import Frame
from chat.clients.window.item import Item
from chat.clients.window.jump import Jump
from chat.clients.window.menus import Menus
from chat.clients.window.picker import Picker
from chat.clients.window.reading import Reading
from chat.clients.window.words import described, folded, title, typing
from chat.clients.window.writing import Writing

if TYPE_CHECKING:
    from chat.clients.window.application import Application, Session


class Window:
    """One of the windows of the application, with a session or with the form to sign in."""

    def __init__(self, application: Application) -> None:
        self.application, self.look = application, application.look
        self.frame = Frame(application.root, self.look)
        self.session: Session | None = None
        self.conversation: Conversation | None = None
        self.reading: Reading | None = None
        self.writing: Writing | None = None
        self.picker: Picker | None = None
        self._forget = lambda: None
        self._dirty: set[str] = set()
        self._refreshing: str | None = None
        self.admission, self.menus = Admission(self), Menus(self)
        frame = self.frame
        frame.protocol("WM_DELETE_WINDOW", self.close)
        frame.choose, frame.choose_person = self._choose, self._choose_person
        frame.join, frame.menu = self.jump, self.menus.show_main
        frame.compose.picker.configure(command=self.pick_emoji)
        frame.sidebar.conversations.list.menu = self.menus.show_conversation
        frame.people.list.menu = self.menus.show_person
        frame.log.leave = frame.compose.text.focus_set
        frame.compose.text.bind("<FocusIn>", lambda event: frame.log.choose(None), add=True)
        for event, name in shortcut.bound():
            for part in (frame, frame.compose.text, frame.log.text):  # Tk has other ideas of Ctrl-K in a text
                part.bind(event, lambda event, name=name: self.shortcut(name))  # type: ignore[misc]
        frame.bind("<FocusIn>", lambda event: self._look())
        frame.bind("<FocusOut>", lambda event: self._look())
        frame.title("Chat")
        self.admission.show()

    # -- which session

    def attach(self, session: Session, conversation: Conversation | None = None) -> None:
        """Show this session from now on."""
        self.detach()
        self.session = session
        chat, frame = session.chat, self.frame
        self._forget = chat.observe(self._changed)
        self.reading = Reading(chat, frame.log, self._begin, self.menus.new)
        self.writing = Writing(chat, frame.compose, self.look)
        self.writing.went = self.show
        frame.compose.claims |= {
            "Escape": self._escape,
            "Ctrl-Up": self._into_log,
            "Prior": lambda: bool(frame.log.page(-1)),
            "Next": lambda: bool(frame.log.page(1)),
        }
        first = conversation or next(iter(chat.conversations), None)
        if first is not None:
            self.show(first)
        self.admission.show()
        self._changed(Change("conversations"))

    def detach(self) -> None:
        """Show this session no longer."""
        self._forget()
        self._forget = lambda: None
        if self.reading is not None:
            self.reading.looking = False
            self.reading.look()
        if self.writing is not None:
            self.writing.suggestions.destroy()
        self.session = self.conversation = self.reading = self.writing = None
        if self._refreshing is not None:
            self.frame.after_cancel(self._refreshing)
            self._refreshing = None
        self.admission.rest()

    def close(self) -> None:
        """Close the window."""
        session = self.session
        if self.writing is not None:
            self.writing.keep_draft()
        self.detach()
        self.frame.destroy()
        self.application.closed(self, session)

    @property
    def chat(self) -> Chat | None:
        """The chat that is seen here."""
        return self.session.chat if self.session else None

    # -- what is seen

    def show(self, conversation: Conversation) -> None:
        """Show another conversation."""
        if self.reading is None or self.writing is None:
            return
        if conversation is not self.conversation:
            self.conversation = conversation
            self.reading.go_to(conversation)
            self.writing.go_to(conversation)
            self._changed(Change("people"))
            self._changed(Change("typing"))
            self._changed(Change("conversations"))
        self._look()
        self.frame.compose.text.focus_set()

    def _look(self) -> None:
        """See whether the person looks here."""
        if self.reading is not None:
            focused = str(self.frame.tk.call("focus"))
            self.reading.looking = f"{focused}.".startswith(f"{self.frame}.")
            self.reading.look()

    def _changed(self, change: Change) -> None:
        """The chat says that something has changed: it is shown when this turn is over."""
        if change.what == "state":
            self.admission.show()
        elif change.line is not None and change.line.mine and self.reading and change.conversation is self.conversation:
            self.reading.forget_unread()
            self._dirty.add("lines")
        elif change.what in ("conversations", "people") or change.conversation in (None, self.conversation):
            self._dirty.add({"line": "lines"}.get(change.what, change.what))
        if self._dirty and self._refreshing is None:
            self._refreshing = self.frame.after_idle(self.refresh)

    def refresh(self) -> None:
        """Show what has changed."""
        self._refreshing = None
        dirty, self._dirty = self._dirty, set()
        chat, frame = self.chat, self.frame
        if chat is None or self.reading is None:
            return
        if self.conversation not in (*chat.conversations, chat.server):
            self.show(next(iter(chat.conversations), chat.server))
        here = self.conversation
        if "lines" in dirty:
            self.reading.refresh()
        if dirty & {"conversations", "people"}:
            self._show_sidebar(chat)
        if "typing" in dirty and here is not None:
            frame.typing.show(typing(here.typing))

    def _show_sidebar(self, chat: Chat) -> None:
        frame, here = self.frame, self.conversation
        frame.sidebar.show_you(chat.me, self.session.place if self.session else "")
        frame.sidebar.show(roster.conversations(chat), here.name if here else "")
        frame.people.list.show(roster.people(roster.present(chat, here), chat.me))
        if here is not None:
            frame.title_line.show(here.name)
            frame.topic.show(here.topic or described(here))
        frame.title(title(chat, here))
        frame.fold.configure(text=folded(chat, here))
        frame.badge(chat.unread)

    # -- what one does

    def _choose(self, item: Item) -> None:
        chat = self.chat
        found = chat.find(item.key) if chat else None
        if chat and found is None and item.key == chat.server.name:
            found = chat.server
        if found is not None:
            self.show(found)

    def _choose_person(self, item: Item) -> None:
        if self.chat is not None and not self.chat.is_me(item.key):
            self.frame.fold_away()
            self.show(self.chat.open(item.key))

    def go(self, name: str) -> None:
        """Go to a room, or to a person."""
        chat = self.chat
        if chat is not None and name:
            self.show(chat.find(name) or (chat.join(name) if chat.support.is_room(name) else chat.open(name)))

    def _step(self, step: int, unread: bool = False) -> None:
        """Go to the next conversation, or the next with something unread."""
        if self.chat is None:
            return
        known = [item.key for item in self.frame.sidebar.conversations.list.items if not item.heading]
        here = known.index(self.conversation.name) if self.conversation and self.conversation.name in known else -1
        for distance in range(1, len(known) + 1):
            found = self.chat.find(known[(here + step * distance) % len(known)]) or self.chat.server
            if not unread or found.unread:
                self.show(found)
                return

    def _begin(self, name: str, line: Line) -> None:
        """Something is to be done with a line that takes more than a key."""
        if self.writing is None or self.chat is None:
            return
        if name == "reply":
            self.writing.reply(line)
        elif name == "edit":
            self.writing.edit(line)
        elif name == "write":
            self.show(self.chat.open(line.who))
        elif name == "react":
            self.pick_emoji(line)

    def pick_emoji(self, line: Line | None = None) -> None:
        """Choose an emoji, for the text or as a reaction."""
        chat, here, frame = self.chat, self.conversation, self.frame
        if self.picker is not None or chat is None or here is None:
            self._close_picker()
            return

        def chosen(found: str) -> None:
            if line is None:
                frame.compose.insert(found)
            else:
                chat.react(here, line, found)

        self.picker = Picker(frame, self.look, emoji_named, chosen, self._close_picker)
        self.picker.place(relx=1.0, rely=1.0, x=-self.look.px(14), y=-frame.compose.winfo_height(), anchor="se")
        if frame.wide:
            self.picker.place(in_=frame.main)
        self.picker.lift()
        self.picker.field.focus_set()

    def _close_picker(self) -> None:
        if self.picker is not None:
            self.picker.destroy()
            self.picker = None
            self.frame.compose.text.focus_set()

    def jump(self) -> None:
        """Ask where to go."""
        if self.chat is not None and not self.frame.covered:
            self.frame.fold_away()
            self.frame.cover(Jump(self.frame, self.look, self.chat, self._jumped))

    def _jumped(self, name: str) -> None:
        self.frame.cover(None)
        self.frame.compose.text.focus_set()
        self.go(name)

    def leave(self, conversation: Conversation) -> None:
        """Leave a room, or put a private conversation away."""
        if self.chat is not None:
            self.chat.leave(conversation)

    def _escape(self) -> bool:
        """Close what is open, else go to the newest message."""
        cancelled = self.writing is not None and self.writing.cancel()
        return cancelled or self.frame.fold_away() or bool(self.frame.log.to_end())

    def _into_log(self) -> bool:
        self.frame.log.text.focus_set()
        self.frame.log.move(-1)
        return True

    def shortcut(self, name: str) -> str:
        """Do what a key is for."""
        look, frame, application = self.look, self.frame, self.application
        does = {
            "help": self._help,
            "next": lambda: self._step(1),
            "previous": lambda: self._step(-1),
            "unread": lambda: self._step(1, unread=True),
            "join": self.jump,
            "emoji": self.pick_emoji,
            "sidebar": self._to_sidebar,
            "window": lambda: application.open(self.session, self.conversation),
            "server": lambda: application.open(None),
            "close": self.close,
            "larger": lambda: look.zoom(1),
            "smaller": lambda: look.zoom(-1),
            "usual": lambda: look.zoom(0),
        }
        if not frame.covered or name in ("close", "larger", "smaller", "usual", "server"):
            does[name]()
        return "break"

    def _to_sidebar(self) -> None:
        if self.frame.folded:
            self.frame.toggle()
        else:
            self.frame.sidebar.conversations.list.focus_set()

    def _help(self) -> None:
        self.frame.cover(keys(self.frame, self.look, self._uncover))

    def _uncover(self) -> None:
        self.frame.cover(None)
        self.frame.compose.text.focus_set()


def emoji_named(word: str) -> Sequence[tuple[str, str]]:
    """Emoji for a picker, each with its name: all of the usual ones, or those whose name has the word in it."""
    pairs = emoji.named(word) if word else [pair for group in emoji.groups().values() for pair in group]
    return [(found, name) for name, found in pairs]
