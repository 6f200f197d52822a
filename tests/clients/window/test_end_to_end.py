"""A window on a screen and a daemon as a process: one signs in, talks, and loses nothing when the daemon is killed."""

from __future__ import annotations

from typing import Any

from chat.clients.address import parse
from chat.clients.options import Options
from chat.clients.window.row import Row
from tests.clients.window.screen import ScreenTestCase, inside, until
from tests.daemon.running import Daemon, DaemonTestCase
from tests.test_tls import issue


class WindowTestCase(DaemonTestCase, ScreenTestCase):
    """People at windows, and people with nc."""

    def setUp(self) -> None:
        DaemonTestCase.setUp(self)
        ScreenTestCase.setUp(self)

    async def signed_in(self, daemon: Daemon, name: str, window: Any = None) -> Any:
        """A window in which somebody has signed in, as one does: by the form."""
        window = window or self.window()
        form = await until(lambda: window.frame.covered, "the form")
        form.fill(daemon.addresses[0], name)
        form.go.invoke()
        await until(lambda: window.chat and window.chat.online and not window.frame.covered, "being in")
        await until(lambda: self.people(window)[:1] and self.rows(window), "the room")
        return window

    def rows(self, window: Any) -> list[Row]:
        return list(window.frame.log.rows)

    def said(self, window: Any) -> list[tuple[str, str]]:
        return [(row.who, row.text) for row in self.rows(window) if row.spoken]

    def shown(self, window: Any) -> str:
        """Everything that stands in the log, as one sees it."""
        return str(window.frame.log.text.get("1.0", "end"))

    def people(self, window: Any) -> list[str]:
        return [item.key for item in window.frame.people.list.items if not item.heading]

    def conversations(self, window: Any) -> dict[str, int]:
        return {item.key: item.count for item in window.frame.sidebar.conversations.list.items if not item.heading}

    async def says(self, window: Any, text: str) -> None:
        """Type something, send it, and see that the server has kept it."""
        window.frame.compose.write(text)
        window.frame.compose.button.invoke()
        await until(lambda: any(r.text == text and r.state == "kept" for r in self.rows(window)), f"{text!r} kept")


class TalkTests(WindowTestCase):
    async def test_talking_with_somebody_at_nc_both_ways(self) -> None:
        daemon = self.daemon()
        alice = await self.signed_in(daemon, "alice")
        bob = daemon.person("bob")
        await self.says(alice, "hello bob")
        bob.hears("] alice: hello bob\n")
        bob.says("hello alice, tea? https://tea.example")
        await until(lambda: ("bob", "hello alice, tea? https://tea.example") in self.said(alice), "the answer")
        self.assertIn("hello alice, tea? https://tea.example", self.shown(alice))
        self.assertIn("hello bob  ✓", self.shown(alice))

    async def test_in_private(self) -> None:
        daemon = self.daemon()
        alice = await self.signed_in(daemon, "alice")
        bob = daemon.person("bob")
        bob.says("@alice psst")
        await until(lambda: self.conversations(alice).get("bob") == 1, "one unread of bob")
        self.assertTrue(alice.frame.title().startswith("(1) "), alice.frame.title())
        alice.go("bob")
        await until(lambda: self.said(alice) == [("bob", "psst")], "the conversation")
        await self.says(alice, "what is it?")
        bob.hears("] alice -> you: what is it?\n")
        alice.frame.compose.text.focus_force()
        await until(lambda: self.conversations(alice)["bob"] == 0, "bob is read")

    async def test_several_lines_are_one_message(self) -> None:
        daemon = self.daemon()
        alice = await self.signed_in(daemon, "alice")
        carol = await self.signed_in(daemon, "carol")
        field = alice.frame.compose
        field.clipboard_clear()
        field.clipboard_append("one\n  two\r\nthree\n")
        field.text.event_generate("<<Paste>>")
        self.assertEqual(field.value, "one\n  two\nthree")
        field.submit()
        await until(lambda: ("alice", "one\n  two\nthree") in self.said(carol), "all of it")
        self.assertEqual(len(self.said(carol)), 1)

    async def test_an_answer_a_reaction_an_edit_and_taking_it_back(self) -> None:
        daemon = self.daemon()
        alice, bob = await self.signed_in(daemon, "alice"), daemon.person("bob")
        bob.says("tea at for?")
        await until(lambda: self.said(alice), "the question")
        log = alice.frame.log
        log.text.focus_force()
        log.move(-1)
        log.text.event_generate("<Key>", keysym="r")
        self.assertEqual(alice.frame.compose.said.cget("text"), "Replying to bob: tea at for?")
        await self.says(alice, "yess")
        bob.hears("] alice (re 1 bob \"tea at for?\"): yess\n")
        alice.frame.compose.text.focus_force()
        alice.frame.compose.text.event_generate("<Up>")
        self.assertEqual(alice.frame.compose.value, "yess")
        await self.says(alice, "yes")
        bob.hears("] alice edited 2: yes\n")
        self.assertIn("yes  (edited)", self.shown(alice))
        bob.says("/react 2 :tada:")
        await until(lambda: self.rows(alice)[-1].chips, "the reaction")
        log.react(self.rows(alice)[-1], self.rows(alice)[-1].chips[0])
        await until(lambda: self.rows(alice)[-1].chips[0].mine, "the same reaction")
        bob.hears("] alice reacts to 2: 🎉\n")
        log.text.focus_force()
        log.move(-1)
        log.text.event_generate("<Key>", keysym="Delete")
        await until(lambda: self.rows(alice)[-1].removed, "the removal")
        bob.hears("] alice removed 2\n")
        self.assertIn("This message was removed.", self.shown(alice))

    async def test_others_see_one_typing(self) -> None:
        daemon = self.daemon()
        alice = await self.signed_in(daemon, "alice")
        carol = await self.signed_in(daemon, "carol")
        carol.frame.compose.insert("h")
        await until(lambda: alice.frame.typing.full == "carol is typing …", "carol types")
        await self.says(carol, "hello")
        await until(lambda: alice.frame.typing.full == "", "carol has typed")


class LinkTests(WindowTestCase):
    async def test_nothing_is_lost_and_nothing_doubled_when_the_daemon_is_killed(self) -> None:
        daemon = self.daemon()
        address = daemon.addresses[0]
        alice, bob = await self.signed_in(daemon, "alice"), daemon.person("bob")
        await self.says(alice, "one")
        bob.says("two")
        await until(lambda: ("bob", "two") in self.said(alice), "two")
        daemon.kill()
        await until(lambda: "Trying again in" in alice.frame.sentence.cget("text"), "the bar that says so")
        self.assertTrue(alice.frame.bar.winfo_manager())
        alice.frame.compose.write("three, said meanwhile")
        alice.frame.compose.submit()
        await until(lambda: self.rows(alice)[-1].state == "waiting", "three waits")
        self.assertIn("three, said meanwhile  … sending", self.shown(alice))
        again = self.daemon("--listen", f"tcp:{address.rpartition(':')[2]}:interface=127.0.0.1")
        bob = again.person("bob")
        bob.says("four")
        alice.frame.retry.invoke()
        await until(lambda: len(self.said(alice)) == 4 and self.kept(alice), "all four")
        self.assertEqual(sorted(text for _, text in self.said(alice)), ["four", "one", "three, said meanwhile", "two"])
        self.assertEqual([event.text for event in self.history()].count("three, said meanwhile"), 1)
        await until(lambda: not alice.frame.bar.winfo_manager(), "the bar goes")
        await until(lambda: set(self.people(alice)) == {"alice", "bob"}, "who is here")

    def kept(self, window: Any) -> bool:
        return all(row.state in ("", "kept") for row in self.rows(window))

    async def test_a_server_that_is_not_there(self) -> None:
        daemon = self.daemon()
        address = daemon.addresses[0]
        daemon.kill()
        window = self.window()
        form = window.frame.covered
        form.fill(address, "alice")
        form.submit()
        await until(lambda: "cannot be reached" in form.trouble.cget("text"), "the words")
        self.assertIs(window.frame.covered, form)

    async def test_the_last_server_and_name_are_remembered_and_a_wrong_address_is_refused_with_words(self) -> None:
        daemon = self.daemon()
        first = await self.signed_in(daemon, "alice")
        self.assertEqual(self.remembered.get("tls"), "no")
        second = self.window()
        form = second.frame.covered
        self.assertEqual((form.server.get(), form.nick.get()), (daemon.addresses[0], "alice"))
        form.fill("no good:", "alice")
        form.submit()
        self.assertIn("has no port behind its colon", form.trouble.cget("text"))
        form.fill("", "")
        form.submit()
        self.assertIn("Which server?", form.trouble.cget("text"))
        first.close()
        self.assertEqual(self.dones, [])
        second.close()
        self.assertEqual(self.dones, [True])

    async def test_a_certificate_that_nobody_vouches_for_is_asked_about(self) -> None:
        pair = issue("chat.example.org", issue("Root CA"))
        self.write("both.pem", pair.cert_pem + pair.key_pem)
        daemon = self.daemon("--tls-cert", "both.pem")
        address = parse(daemon.addresses[0], tls=True)
        window = self.application.begin(Options(address, "alice", "", ("#lobby",), False, False))
        question = await until(lambda: self.question(window), "the question")
        self.assertRegex(question.fingerprint.get("1.0", "end").strip(), "^([0-9A-F]{2}:){31}[0-9A-F]{2}$")
        question.refuse.invoke()
        await until(lambda: hasattr(window.frame.covered, "nick"), "the form")
        self.assertFalse(window.chat.online)
        window.frame.covered.submit()
        question = await until(lambda: self.question(window), "the question, again")
        question.trust.invoke()
        await until(lambda: window.chat.online and not window.frame.covered, "being in")

    def question(self, window: Any) -> Any:
        return window.frame.covered if hasattr(window.frame.covered, "fingerprint") else None


class SidebarTests(WindowTestCase):
    async def test_it_is_right_within_a_second_of_somebody_coming_or_leaving(self) -> None:
        daemon = self.daemon()
        alice = await self.signed_in(daemon, "alice")
        await until(lambda: self.people(alice) == ["alice"], "alice alone")
        for name in ("bob", "carol"):
            person = daemon.person(name)
            await until(lambda name=name: name in self.people(alice), f"{name} is here", 1)  # type: ignore[misc]
            person.says("exit")
            await until(lambda name=name: name not in self.people(alice), f"{name} has left", 1)  # type: ignore[misc]

    async def test_two_windows_on_one_session(self) -> None:
        daemon = self.daemon()
        alice, bob = await self.signed_in(daemon, "alice"), daemon.person("bob")
        bob.says("@alice psst", "hello all")
        await until(lambda: self.conversations(alice).get("bob"), "bob in private")
        alice.shortcut("window")
        other = self.application.windows[-1]
        other.go("bob")
        await until(lambda: ("bob", "psst") in self.said(other), "the private conversation")
        self.assertIn(("bob", "hello all"), self.said(alice))
        await self.says(other, "in private")
        bob.hears("] alice -> you: in private\n")
        await self.says(alice, "to all")
        bob.hears("] alice: to all\n")
        self.assertEqual([text for _, text in self.said(other)], ["psst", "in private"])
        alice.close()
        bob.says("@alice still there?")
        await until(lambda: ("bob", "still there?") in self.said(other), "the session goes on")
        link = other.session.link
        other.close()
        await until(lambda: link.lines is None, "the connection is closed")
        bob.hears("* alice left")
        self.assertEqual(self.dones, [True])


class SizeTests(WindowTestCase):
    async def test_field_and_button_are_wholly_inside_at_every_width(self) -> None:
        daemon = self.daemon()
        alice, bob = await self.signed_in(daemon, "alice"), daemon.person("bob")
        bob.says("Donaudampfschifffahrt" * 20, "alice " * 100)
        await until(lambda: len(self.said(alice)) == 2, "long words")
        frame, compose = alice.frame, alice.frame.compose
        for text in ("", "a long text " * 60, "line\n" * 30):
            compose.write(text)
            for width, height in ((400, 700), (400, 300), (800, 600), (1600, 900)):
                frame.geometry(f"{width}x{height}")
                await until(lambda w=width, h=height: (frame.winfo_width(), frame.winfo_height()) == (w, h), "the size")  # type: ignore[misc]
                self.root.update_idletasks()
                for name, part in (("field", compose.text), ("Send", compose.button), ("emoji", compose.picker)):
                    self.assertTrue(inside(part, frame), f"{name} at {width} x {height} with {text[:10]!r}")
                self.assertGreaterEqual(compose.button.winfo_width(), compose.button.winfo_reqwidth())
                self.assertGreaterEqual(frame.log.text.winfo_height(), 40)

    async def test_the_sidebar_folds_where_there_is_little_room(self) -> None:
        daemon = self.daemon()
        alice = await self.signed_in(daemon, "alice")
        frame = alice.frame
        frame.geometry("400x700")
        await until(lambda: frame.folded and not frame.sidebar.winfo_viewable(), "folded")
        self.assertTrue(inside(frame.fold, frame))
        frame.fold.invoke()
        await until(lambda: inside(frame.sidebar, frame) and inside(frame.people.list, frame), "unfolded")
        frame.sidebar.conversations.list.focus_force()
        await until(lambda: frame.sidebar.conversations.list.current, "an item at the keyboard")
        frame.sidebar.conversations.list.event_generate("<Return>")
        await until(lambda: not frame.sidebar.winfo_viewable(), "folded again")
        frame.geometry("1600x800")
        await until(lambda: inside(frame.people, frame), "the people")
        self.assertGreater(frame.people.winfo_rootx(), frame.log.winfo_rootx() + frame.log.winfo_width() - 1)
