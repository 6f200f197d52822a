"""The form to sign in, and what is asked when the certificate of a server cannot be believed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from chat.clients.window import palette
from chat.clients.window.card import Card
from chat.clients.window.look import Look


class SignIn(Card):
    """Server, name, and a password where one is wanted; `enter` takes the three."""

    def __init__(
        self, master: tk.Misc, look: Look, server: str, nick: str, enter: Callable[[str, str, str], None]
    ) -> None:
        super().__init__(master, look)
        self.enter = enter
        self.words("Join a chat", "Card.Large.TLabel")
        self.server = self._field("Server")
        self.nick = self._field("Your name")
        self.reveal = self.button("I have a password", self.ask_password, "QuietSide.TButton")
        self.password = self._field("Password")
        self.password.configure(show="●")
        self._password_label = self.body.grid_slaves(row=int(self.password.grid_info()["row"]) - 1)[0]
        for widget in (self.password, self._password_label):
            widget.grid_remove()
        self.trouble = self.words("", "Card.Bad.TLabel", below=0)
        self.trouble.grid_remove()
        self.go = self.button("Join", self.submit, "Bright.TButton")
        self.fill(server, nick)

    def fill(self, server: str, nick: str) -> None:
        """Have a server and a name there, and the keyboard where something is missing."""
        for field, value in ((self.server, server), (self.nick, nick)):
            field.delete(0, "end")
            field.insert(0, value)
        (self.nick if server else self.server).focus_set()

    def _field(self, name: str) -> ttk.Entry:
        self.words(name, "Card.Muted.TLabel", below=3)
        field = ttk.Entry(self.body, font="ChatBody")
        self.add(field, below=12)
        field.bind("<Return>", lambda event: self.submit())
        return field

    def ask_password(self) -> None:
        """Have a field for a password."""
        self.reveal.grid_remove()
        self._password_label.grid()
        self.password.grid()
        self.password.focus_set()

    def submit(self) -> None:
        """Go in."""
        server, nick = self.server.get().strip(), self.nick.get().strip()
        if not server:
            self.say("Which server? For example: chat.example.org")
            self.server.focus_set()
        elif not nick:
            self.say("What is your name?")
            self.nick.focus_set()
        else:
            self.say("")
            self.joining(True)
            self.enter(server, nick, self.password.get())

    def joining(self, busy: bool) -> None:
        """Whether the server is being asked just now."""
        self.go.configure(text="Joining …" if busy else "Join")
        self.go.state(["disabled"] if busy else ["!disabled"])

    def say(self, sentence: str, needs: str = "") -> None:
        """Say what is wrong, and be where it can be mended: "nick" or "password"."""
        self.trouble.configure(text=sentence)
        if sentence:
            self.joining(False)
            self.trouble.grid()
        else:
            self.trouble.grid_remove()
        if needs == "password":
            self.ask_password()
        elif needs == "nick":
            self.nick.focus_set()
            self.nick.selection_range(0, "end")


class Question(Card):
    """Whether to believe a certificate that nobody vouches for."""

    def __init__(
        self, master: tk.Misc, look: Look, sentence: str, fingerprint: str, answer: Callable[[bool], None]
    ) -> None:
        super().__init__(master, look)
        self.words("Is this the right server?", "Card.Title.TLabel")
        self.words(sentence)
        self.words("Its fingerprint (SHA-256), to compare with what whoever runs it tells you:", "Card.Muted.TLabel", 4)
        self.fingerprint = tk.Text(
            self.body, font="TkFixedFont", height=3, width=1, wrap="char", borderwidth=0, highlightthickness=0,
            background=palette.SIDE, foreground=palette.TEXT, takefocus=False,
        )  # fmt: skip
        self.fingerprint.insert("1.0", fingerprint)
        self.fingerprint.configure(state="disabled")
        self.add(self.fingerprint, below=8)
        self.refuse = self.button("Do not connect", lambda: answer(False), "Bright.TButton")
        self.trust = self.button("It is: trust it from now on", lambda: answer(True))
        for button in (self.refuse, self.trust):
            button.bind("<Escape>", lambda event: answer(False))
        self.refuse.focus_set()
