"""The terminal client: signing in, the help, the palette, the themes, and all sizes."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache

from chat.clients.commands import commands
from chat.clients.remembered import Remembered
from tests.clients.terminal import MISSING, Screen, TerminalTestCase
from tests.talk import Person

if not MISSING:
    from rich.color import Color
    from rich.segment import Segment

    from chat.clients.terminal.app import NAMES
    from chat.clients.terminal.composer import ACTIONS
    from chat.clients.terminal.keys import SECTIONS, TYPING, Key
    from chat.clients.terminal.palette import choices
    from chat.clients.terminal.question import CertificateScreen

#: From the smallest to the largest that has to do.
SIZES = ((60, 16), (80, 24), (120, 40), (200, 60))
FINGERPRINT = ":".join(["AB", "CD"] * 16)


class SignInTests(TerminalTestCase):
    def test_without_a_nick_it_asks_and_remembers_server_and_nick(self) -> None:
        remembered = Remembered(os.path.join(self.mktemp(), "remembered.json"))

        async def first(at: Screen) -> None:
            at.sees("Join a chat", "127.0.0.1:5050")
            await at.types("alice", "enter")
            at.sees("Connected", "#lobby ›")

        async def then(at: Screen) -> None:
            at.sees("127.0.0.1:5050", "alice")
            await at.presses("enter")
            at.sees("Connected", "#lobby ›")

        self.sits("", first, server=False, remembered=remembered)
        self.sits("", then, server=False, remembered=Remembered(remembered.path))

    def test_what_is_wrong_is_said_and_can_be_mended(self) -> None:
        async def alice(at: Screen) -> None:
            await at.presses("enter")
            at.sees("What shall others call you?")
            await at.types("al ice", "enter")
            at.sees("A name has no blanks.")
            await at.presses("backspace", "backspace", "backspace", "backspace", "enter")
            at.sees("Connected", "#lobby ›")

        self.sits("", alice, server=False)

    def test_a_server_that_is_none_is_asked_for_again(self) -> None:
        async def alice(at: Screen) -> None:
            await at.presses("up")
            await at.types(":x")
            await at.presses("down")
            await at.types("alice", "enter")
            at.sees("Join a chat", "is no address")

        self.sits("", alice, server=False)

    def test_a_password_is_asked_for_where_one_is_needed_and_is_not_shown(self) -> None:
        carol = self.irc("carol", caps="sasl")
        carol.says("PRIVMSG NickServ :REGISTER correct-horse")
        carol.hangs_up()

        async def alice(at: Screen) -> None:
            at.sees("Join a chat", "carol")
            self.assertEqual(at.app.focused.id, "password")
            await at.types("correct-horse")
            at.sees("Join a chat", "•••")
            at.sees_no("correct", "horse")
            await at.presses("enter")
            at.sees("Connected", "carol")
            self.assertEqual(at.talk.chat.me, "carol")

        self.sits("carol", alice, asks_password=True)

        async def again(at: Screen) -> None:
            at.sees("Connected", "#lobby ›")
            self.assertEqual((at.talk.chat.me, at.talk.chat.identity.account), ("carl", "carol"))
            self.assertIn("carol", [member.person.account for member in at.talk.current.people])

        self.sits("carl", again, account="carol", password="correct-horse")

    def test_who_is_not_let_in_is_told_why_and_asked_again(self) -> None:
        self.factory.reconfigure(replace(self.config, guests="deny"))

        async def alice(at: Screen) -> None:
            at.sees("Join a chat", "account")

        self.sits("alice", alice)

    def test_the_fingerprint_of_a_certificate_can_be_read_out(self) -> None:
        async def alice(at: Screen) -> None:
            answers: list[bool | None] = []
            why = f"It is signed by nobody but itself. Its fingerprint is {FINGERPRINT}. Trust it only if you know it."
            at.app.push_screen(CertificateScreen("chat.example.org:6697", why, FINGERPRINT), answers.append)
            await at.rests()
            at.sees("Is this really chat.example.org:6697?", "abcd abcd abcd", "Trust it only if you know it")
            await at.presses("enter")
            self.assertEqual(answers, [False])

        for size in SIZES:
            self.sits("alice", alice, size=size)


class HelpTests(TerminalTestCase):
    def test_every_key_of_the_help_does_something(self) -> None:
        async def alice(at: Screen) -> None:
            for key in (key for _, keys in SECTIONS for key in keys if key.action):
                where, _, action = key.action.partition(".")
                name = action.partition("(")[0]
                owner = at.app if where == "app" else at.talk
                self.assertTrue(hasattr(owner, f"action_{name}"), key)
            for action in ACTIONS.values():
                owner = {"app": at.app, "screen": at.talk}.get(action.rpartition(".")[0], at.talk.composer)
                name = action.rpartition(".")[2].partition("(")[0]
                self.assertTrue(hasattr(owner, f"action_{name}"), action)
            self.assertEqual([key.shown for key in TYPING if isinstance(key, Key) and key.action], [])

        self.sits("alice", alice)

    def test_the_help_shows_every_key_and_goes_away(self) -> None:
        async def alice(at: Screen) -> None:
            await at.presses("f1")
            for key in (key for _, keys in SECTIONS for key in keys if key.shown):
                at.sees(key.shown)
            await at.presses("escape")
            at.sees_no("Keys")

        self.sits("alice", alice, size=(120, 60))

    def test_the_palette_has_every_command_and_runs_one(self) -> None:
        async def alice(at: Screen) -> None:
            names = {choice.name for choice in choices(at.app)}
            self.assertEqual([each.syntax for each in commands() if each.syntax not in names], [])
            self.assertLessEqual({f"Theme {name}" for name in NAMES}, names)
            await at.presses("ctrl+p")
            await at.types("away")
            await at.arrives("say that you are away")
            await at.presses("enter")
            await at.types("lunch", "enter")
            at.sees("You are away.")
            self.assertRegex(at.aside("alice"), "alice +away")

        self.sits("alice", alice)


class BellTests(TerminalTestCase):
    def test_it_is_off_until_it_is_switched_on_and_that_is_remembered(self) -> None:
        remembered = Remembered(os.path.join(self.mktemp(), "remembered.json"))

        async def alice(at: Screen) -> None:
            self.assertFalse(at.app.rings)
            await at.types("/bell", "enter")
            self.assertTrue(at.app.rings)
            at.sees("The bell is on.")

        async def again(at: Screen) -> None:
            self.assertTrue(at.app.rings)

        self.sits("alice", alice, remembered=remembered)
        self.sits("alice", again, remembered=remembered)


def luminance(red: int, green: int, blue: int) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = (part / 255 for part in (red, green, blue))
    red_, green_, blue_ = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red_ + 0.7152 * green_ + 0.0722 * blue_


@cache
def contrast(one: Color, other: Color) -> float:
    """How many to one (WCAG 2.1)."""
    low, high = sorted(luminance(*each.get_truecolor()) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def faint(segment: Segment) -> str:
    """What is wrong with the contrast of a piece of text, if something is.  Lines and bars are no text."""
    style = segment.style
    letters = [letter for letter in segment.text if letter.isalnum()]
    if not letters or style is None or style.color is None or style.bgcolor is None:
        return ""
    found = contrast(style.color, style.bgcolor)
    faded = " and is dimmed" if style.dim else ""
    return f"{segment.text!r} has {found:.1f} to 1{faded}" if found < 4.5 or faded else ""


class LookTests(TerminalTestCase):
    def conversation(self) -> Person:
        """Something of everything."""
        bob, carol = self.person("bob"), self.irc("carol", "#lobby", "#tea", caps="message-tags")
        bob.says("see https://example.org/", "/me waves", "@all hello", "/topic tea time", "/away lunch")
        carol.says("PRIVMSG #lobby :alice: look", "NOTICE #lobby :a notice", "@+typing=active TAGMSG #lobby")
        bob.says("/reply 1 yes", "/react 1 :tea:")
        return bob

    def test_every_letter_of_every_theme_can_be_read(self) -> None:
        self.conversation()

        async def alice(at: Screen) -> None:
            await at.types("oops", "enter")
            await at.types("b", "tab")
            await self.reads(at, "the conversation")
            for keys in (["up"], ["escape", "f6"], ["escape", "f1"], ["escape", "f2"]):
                await at.presses(*keys)
                await self.reads(at, f"after {keys}")
            await at.presses("escape", "ctrl+p")
            await at.arrives("say that you are away")
            await self.reads(at, "the palette")
            await at.presses("escape")
            at.app.push_screen(CertificateScreen("example.org", f"Why {FINGERPRINT}. So.", FINGERPRINT))
            await at.rests()
            await self.reads(at, "the certificate")
            await at.presses("escape")
            at.app.ask("Somebody else is called so.", "nick")
            await at.rests()
            await self.reads(at, "the questions")

        self.sits("alice", alice, size=(80, 22))

    async def reads(self, at: Screen, what: str) -> None:
        """All of it can be read, in every theme."""
        for name in NAMES:
            at.app.theme = name
            await at.pilot.pause(0)
            await at.pilot.pause(0)
            self.reads_in(at, name, what)

    def reads_in(self, at: Screen, theme: str, what: str) -> None:
        top = at.app.screen
        rows = list(top._compositor.render_strips())
        strips, own = [], set(top.query("*").exclude("ToastRack"))
        for widget, (place, clip) in top._compositor.visible_widgets.items():
            if widget in own and not widget.children:
                box = place.intersection(clip)
                strips += [row.crop(box.x, box.right) for row in rows[box.y : box.bottom]]
        found = {faint(segment) for strip in strips for segment in strip} - {""}
        self.assertEqual(found, set(), f"{theme}, {what}")
        self.assertGreater(sum(letter.isalnum() for strip in strips for letter in strip.text), 10, f"{theme}, {what}")

    def test_nothing_is_cut_off_whatever_the_size(self) -> None:
        bob = self.conversation()

        async def alice(at: Screen) -> None:
            width, height = at.app.size
            bob.says("a rather long line, " * 20)
            await at.types("what is typed " * 12)
            self.fits(at, width, height)
            for keys in (["up"], ["r"], ["escape", "f1"], ["escape", "f2"], ["escape", "ctrl+p"]):
                await at.presses(*keys)
                self.fits(at, width, height)
            await at.presses("escape")
            at.closed = True
            at.wires[-1].cut()
            await at.rests()
            at.sees("what is typed", "Trying again")
            at.app.ask("Somebody else is called so.", "nick")
            await at.rests()
            self.fits(at, width, height)
            at.sees("Join", "Password", "Server", "Somebody else")

        for size in SIZES:
            self.sits("alice", alice, size=size)

    def fits(self, at: Screen, width: int, height: int) -> None:
        """Everything that is there is on the screen, and has a place."""
        for widget in at.app.screen.query("*"):
            region = widget.region
            if widget.display and all(parent.display for parent in widget.ancestors if hasattr(parent, "display")):
                if widget.parent is not None and getattr(widget.parent, "is_scrollable", False):
                    continue
                self.assertTrue(
                    region.x >= 0 and region.y >= 0 and region.right <= width and region.bottom <= height,
                    f"{widget} is at {region} of {width}x{height}:\n{at}",
                )

    def test_the_sidebar_can_be_put_away(self) -> None:
        async def alice(at: Screen) -> None:
            at.sees("People")
            await at.presses("f4")
            at.sees_no("People")
            await at.presses("f4")
            at.sees("People")

        self.sits("alice", alice, size=SIZES[0])
