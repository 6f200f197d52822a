"""How it is with the link of a window: the form to sign in, the question of trust, the words above the log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat.clients.state import CONNECTING, ONLINE, UNTRUSTED, WAITING
from chat.clients.window.signin import Question, SignIn

if TYPE_CHECKING:
    from chat.clients.window.window import Window

#: What the sentence of a lost link ends with; the seconds are counted down.
COUNTDOWN = re.compile(r"Trying again in \d+ seconds?\.")


class Admission:
    """Shows the state of the chat of a window, whatever it is."""

    def __init__(self, window: Window) -> None:
        self.window, self.frame = window, window.frame
        self._counting: str | None = None

    def show(self) -> None:
        """The state has changed."""
        session, frame = self.window.session, self.frame
        if session is None:
            self.sign_in()
            return
        kind = session.chat.state.kind
        if kind == ONLINE:
            frame.say_state("")
            if isinstance(frame.covered, (SignIn, Question)):
                frame.cover(None)
                frame.compose.text.focus_set()
        elif kind == UNTRUSTED:
            state = session.chat.state
            frame.cover(Question(frame, self.window.look, state.sentence, state.fingerprint, self._answer))
        elif kind in (CONNECTING, WAITING) and session.was_in:
            frame.say_state(self.sentence, session.link.retry if kind == WAITING else None)
        elif kind in (CONNECTING, WAITING):
            self.sign_in(self.sentence if kind == WAITING else "", busy=kind == CONNECTING)
        else:
            self.sign_in(self.sentence if kind != "offline" else "", session.chat.state.needs)
        self._count_down()

    @property
    def sentence(self) -> str:
        """What is said of the link, with the seconds that are left."""
        if self.window.session is None:
            return ""
        state = self.window.session.chat.state
        left = max(0, round(state.until - self.window.application.reactor.seconds()))
        return COUNTDOWN.sub(f"Trying again in {left} s.", state.sentence)

    def _count_down(self) -> None:
        """Once a second, as long as there is something to wait for."""
        self.rest()
        session = self.window.session
        if session is not None and session.chat.state.kind == WAITING:
            self.frame.sentence.configure(text=self.sentence)
            if isinstance(self.frame.covered, SignIn):
                self.frame.covered.trouble.configure(text=self.sentence)
            self._counting = self.frame.after(1000, self._count_down)

    def rest(self) -> None:
        """Count down no more."""
        if self._counting is not None:
            self.frame.after_cancel(self._counting)
            self._counting = None

    # -- the form

    def sign_in(self, sentence: str = "", needs: str = "", busy: bool = False) -> None:
        """Show the form; it says what is wrong, if something is."""
        form = self.frame.covered
        if not isinstance(form, SignIn):
            server, nick = self.window.application.last(self.window.session)
            form = SignIn(self.frame, self.window.look, server, nick, self._enter)
            self.frame.cover(form)
        form.say(sentence, needs)
        form.joining(busy)

    def fill(self, server: str, nick: str, asks_password: bool = False) -> None:
        """Have a server and a name in the form."""
        if isinstance(self.frame.covered, SignIn):
            self.frame.covered.fill(server, nick)
            if asks_password:
                self.frame.covered.ask_password()

    def _enter(self, server: str, nick: str, password: str) -> None:
        trouble = self.window.application.enter(self.window, server, nick, password)
        if trouble:
            self.sign_in(trouble)

    def _answer(self, yes: bool) -> None:
        session = self.window.session
        self.frame.cover(None)
        if yes and session is not None:
            session.link.trust()
        else:
            self.sign_in("You did not connect.")
