"""Windows on a screen, on conversations in memory: what one sees, and what keys and the pointer do."""

from __future__ import annotations

import tkinter
from collections.abc import Iterator
from typing import Any

from chat.clients.address import Address
from chat.clients.window import palette, shortcut
from tests.clients.sitting import ClientTestCase, Sitter
from tests.clients.window.screen import ScreenTestCase, inside, until


class SeenTestCase(ClientTestCase, ScreenTestCase):
    """Somebody at a window, whose link is in memory."""

    def setUp(self) -> None:
        ClientTestCase.setUp(self)
        ScreenTestCase.setUp(self)

    def seen(self, sitter: Sitter, width: int = 980, height: int = 700) -> Any:
        """The window of somebody who is signed in, with the keyboard in the field."""
        window = self.window(width, height)
        session = self.application.session("chat.example.org", sitter.chat, sitter.link)
        session.was_in = True
        window.attach(session)
        window.frame.compose.text.focus_force()
        self.settle()
        return window

    def settle(self) -> None:
        """Have everything happen, on the wires and on the screen."""
        for _ in range(5):
            self.pass_time(0)
            self.root.update()

    def press(self, widget: Any, *keys: str) -> None:
        """Press keys, of the widget that has the keyboard."""
        for key in keys:
            widget.event_generate(key)
            self.settle()

    def types(self, window: Any, text: str) -> None:
        """Type letters."""
        for letter in text:
            window.frame.compose.text.insert("insert", letter)
            self.settle()


def all_below(widget: Any) -> Iterator[Any]:
    yield widget
    for child in widget.winfo_children():
        yield from all_below(child)


class ScrollTests(SeenTestCase):
    def top(self, window: Any) -> tuple[str, int]:
        """The first row that one sees the beginning of, and how far down it is."""
        row, down = window.frame.log._anchor()
        return row.text, down

    async def test_it_follows_the_newest_line(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        window = self.seen(alice)
        bob.says(*(f"line {n}" for n in range(60)))
        self.settle()
        self.assertIsNotNone(window.frame.log.text.bbox("end - 2 lines"))
        self.assertFalse(window.frame.log.jump.winfo_manager())

    async def test_scrolled_up_it_stays_and_offers_a_way_to_what_is_new(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        window = self.seen(alice)
        bob.says(*(f"line {n}" for n in range(60)))
        self.settle()
        log = window.frame.log
        log.page(-1)
        self.settle()
        before = self.top(window)
        self.assertEqual(log.jump.cget("text"), "Newest ↓")
        bob.says(*(f"more {n}" for n in range(50)))
        self.settle()
        self.assertEqual(self.top(window), before)
        self.assertEqual(log.jump.cget("text"), "New messages ↓")
        self.assertTrue(inside(log.jump, window.frame))
        log.jump.invoke()
        self.settle()
        self.assertEqual(log.rows[-1].text, "more 49")
        self.assertTrue(log.at_end)
        self.assertFalse(log.jump.winfo_manager())

    async def test_what_is_not_seen_is_not_read(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        window = self.seen(alice)
        bob.says(*(f"line {n}" for n in range(60)))
        self.settle()
        self.assertEqual(alice.room.unread, 0)
        window.frame.log.page(-1)
        self.pass_time(1)
        bob.says("unseen")
        self.settle()
        self.assertEqual(alice.room.unread, 1)
        window.frame.log.to_end()
        self.settle()
        self.assertEqual(alice.room.unread, 0)

    async def test_scrolling_back_brings_older_lines_and_keeps_the_place(self) -> None:
        bob = self.person("bob")
        bob.says(*(f"line {n}" for n in range(180)))
        alice = self.client("alice")
        window = self.seen(alice)
        log = window.frame.log
        count = len(log.rows)
        self.assertLess(count, 100)
        log.text.focus_force()
        log.text.event_generate("<Home>")
        self.root.update()
        first = self.top(window)
        self.settle()
        self.assertGreater(len(log.rows), count)
        place = next(n for n, row in enumerate(log.rows) if row.text == first[0])
        self.assertEqual(log.text.dlineinfo(f"{log._starts[place]}.0")[1], first[1])
        for _ in range(6):
            log.text.event_generate("<Home>")
            self.settle()
        self.assertEqual([row.text for row in log.rows if row.spoken], [f"line {n}" for n in range(180)])
        self.assertIn("beginning of #lobby", log.rows[0].text)

    async def test_of_a_long_conversation_only_the_end_is_drawn_until_one_scrolls_back(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        window = self.seen(alice)
        for start in range(0, 1500, 100):
            bob.says(*(f"line {n}" for n in range(start, start + 100)))
            self.settle()
        from chat.clients.window import reading

        log = window.frame.log
        shown = [row.text for row in log.rows if row.spoken]
        self.assertLessEqual(len(shown), 2 * reading.SHOWN)
        self.assertEqual(shown, [f"line {n}" for n in range(1500 - len(shown), 1500)])
        log.text.focus_force()
        for _ in range(6):
            log.text.event_generate("<Home>")
            self.settle()
        self.assertEqual([row.text for row in log.rows if row.spoken], [f"line {n}" for n in range(1500)])
        log.to_end()
        bob.says("one more")
        self.settle()
        self.assertLessEqual(len(log.rows), reading.SHOWN + 1)

    async def test_what_is_drawn_no_more_is_gone(self) -> None:
        alice, bob = self.client("alice", "#lobby", "#tea"), self.person("bob")
        bob.says(*(f"/me {n}" for n in range(40)))
        window = self.seen(alice)
        widgets = len(window.frame.log.text.children)
        self.assertGreater(widgets, 10)
        for _ in range(3):
            window.go("#tea")
            self.settle()
            window.go("#lobby")
            self.settle()
        self.assertLessEqual(len(window.frame.log.text.children), widgets)


class WritingTests(SeenTestCase):
    async def test_half_typed_text_survives_what_comes_in(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        window = self.seen(alice)
        self.types(window, "half a sen")
        bob.says(*(f"line {n}" for n in range(50)))
        self.settle()
        self.assertEqual(window.frame.compose.value, "half a sen")

    async def test_each_conversation_has_its_own_draft(self) -> None:
        alice = self.client("alice", "#lobby", "#tea")
        window = self.seen(alice)
        self.types(window, "for the lobby")
        self.press(window.frame.compose.text, "<Alt-Down>")
        self.assertEqual((window.conversation.name, window.frame.compose.value), ("#tea", ""))
        self.types(window, "for tea")
        self.press(window.frame.compose.text, "<Alt-Up>")
        self.assertEqual(window.frame.compose.value, "for the lobby")

    async def test_return_sends_and_shift_return_breaks_the_line(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        window = self.seen(alice)
        self.types(window, "one")
        self.press(window.frame.compose.text, "<Shift-Return>")
        self.types(window, "two")
        self.assertEqual(bob.hears(), [])
        self.press(window.frame.compose.text, "<Return>")
        self.assertIn("[12:00] alice: one", bob.hears())
        self.assertEqual([row.text for row in window.frame.log.rows if row.spoken], ["one\ntwo"])
        self.assertEqual(window.frame.compose.value, "")

    async def test_tab_completes_a_name_and_then_the_next(self) -> None:
        alice, field = self.client("alice"), None
        for name in ("bob", "bonnie", "carol"):
            self.person(name)
        window = self.seen(alice)
        field = window.frame.compose
        self.types(window, "bo")
        self.press(field.text, "<Tab>")
        self.assertEqual(field.value, "bob: ")
        self.assertTrue(window.writing.suggestions.open)
        self.press(field.text, "<Tab>")
        self.assertEqual(field.value, "bonnie: ")
        self.types(window, "tea?")
        self.assertFalse(window.writing.suggestions.open)
        field.write("hi @ca")
        self.press(field.text, "<Tab>")
        self.assertEqual(field.value, "hi @carol ")

    async def test_tab_goes_on_where_there_is_nothing_to_complete(self) -> None:
        window = self.seen(self.client("alice"))
        self.press(window.frame.compose.text, "<Tab>")
        self.assertIs(window.frame.focus_get(), window.frame.compose.picker)

    async def test_emoji_are_offered_while_one_types_their_name(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        window = self.seen(alice)
        field = window.frame.compose
        self.types(window, "yes :smil")
        listed = window.writing.suggestions.list
        self.assertTrue(window.writing.suggestions.open and inside(listed, window.frame))
        self.assertEqual(listed.items[0].text, ":smile:")
        self.press(field.text, *["<Down>"] * 12)
        place = listed.items.index(listed.current)
        self.assertEqual(place, 12)
        self.assertLessEqual((place + 1) * listed.row_height, listed._top + listed.winfo_height())
        self.press(field.text, *["<Up>"] * 12, "<Return>")
        self.assertEqual(field.value, "yes 😄")
        self.assertEqual(bob.hears(), [])
        self.types(window, " :tada:")
        self.press(field.text, "<Escape>", "<Return>")
        self.assertEqual(bob.hears(), ["[12:00] alice: yes 😄 🎉"])

    async def test_commands_are_offered_and_do_what_they_say(self) -> None:
        alice = self.client("alice")
        window = self.seen(alice)
        self.types(window, "/jo")
        self.assertEqual([item.text for item in window.writing.suggestions.list.items], ["/join"])
        self.press(window.frame.compose.text, "<Tab>")
        self.types(window, "#tea")
        self.press(window.frame.compose.text, "<Return>")
        self.assertEqual(window.conversation.name, "#tea")

    async def test_up_edits_what_one_said_last_and_escape_leaves_it(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        alice.types("helo")
        window = self.seen(alice)
        field = window.frame.compose
        self.press(field.text, "<Up>")
        self.assertEqual((field.value, field.said.cget("text")), ("helo", "Editing: helo"))
        self.assertTrue(inside(field.banner, window.frame))
        self.press(field.text, "<Escape>")
        self.assertEqual((field.value, bool(field.banner.winfo_manager())), ("", False))
        bob.hears()
        self.press(field.text, "<Up>")
        field.write("hello")
        self.press(field.text, "<Return>")
        self.assertEqual(bob.hears(), ["[12:00] alice edited 1: hello"])

    async def test_the_picker_writes_an_emoji_and_reacts_with_one(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("tea?")
        window = self.seen(alice)
        self.press(window.frame.compose.text, "<Control-e>")
        picker = window.picker
        self.assertTrue(inside(picker, window.frame))
        picker.field.insert(0, "teacup")
        picker.seek()
        self.press(picker.field, "<Return>")
        self.assertEqual((window.frame.compose.value, window.picker), ("🍵", None))
        log = window.frame.log
        self.press(window.frame.compose.text, "<Control-Up>")
        self.assertEqual(log.chosen.text, "tea?")
        self.press(log.text, "<plus>")
        window.picker.field.insert(0, "+1")
        window.picker.seek()
        self.press(window.picker.field, "<Return>")
        self.assertEqual([(chip.emoji, chip.mine) for chip in log.rows[-1].chips], [("👍", True)])
        self.assertEqual(bob.hears()[-1], "[12:00] alice reacts to 1: 👍")


class ManyWaysTests(SeenTestCase):
    async def test_everything_can_be_reached_with_tab(self) -> None:
        window = self.seen(self.client("alice"))
        frame, reached = window.frame, set()
        at: Any = frame.compose.text
        for _ in range(30):
            reached.add(str(at))
            at = at.tk_focusNext()
        for part in (
            frame.compose.text, frame.compose.picker, frame.compose.button, frame.log.text, frame.more,
            frame.sidebar.conversations.list, frame.sidebar.add, frame.people.list,
        ):  # fmt: skip
            self.assertIn(str(part), reached)

    async def test_every_key_of_the_list_does_something_without_a_mistake(self) -> None:
        alice = self.client("alice", "#lobby", "#tea")
        window = self.seen(alice)
        names = {name for _, name in shortcut.bound()}
        self.assertEqual(len(names), 13)
        for event, name in shortcut.bound():
            if name not in ("close", "window", "server"):
                self.press(window.frame, event)
                window.frame.cover(None)
                window._close_picker()
        self.press(window.frame, "<Control-n>", "<Control-N>")
        self.assertEqual([each.session is None for each in self.application.windows], [False, False, True])
        self.press(self.application.windows[1].frame, "<Control-w>")
        self.assertEqual(len(self.application.windows), 2)

    async def test_f1_lists_the_keys_and_escape_puts_them_away(self) -> None:
        window = self.seen(self.client("alice"), 400, 500)
        self.press(window.frame, "<F1>")
        card = window.frame.covered
        self.assertTrue(inside(card.body, window.frame))
        button = next(each for each in all_below(card) if each.winfo_class() == "TButton")
        self.assertTrue(inside(button, window.frame))
        self.press(button, "<Escape>")
        self.assertIsNone(window.frame.covered)

    async def test_keys_that_tk_knows_do_nothing_to_what_is_written(self) -> None:
        window = self.seen(self.client("alice"))
        self.types(window, "one two")
        for event, name in shortcut.bound():
            if name in ("join", "emoji", "sidebar", "next", "unread"):
                window.frame.compose.text.focus_force()
                window.frame.compose.text.mark_set("insert", "1.3")
                self.press(window.frame.compose.text, event)
                window.frame.cover(None)
                window._close_picker()
                self.assertEqual(window.frame.compose.value, "one two", event)

    async def test_the_keyboard_stays_on_a_card(self) -> None:
        window = self.seen(self.client("alice"))
        self.press(window.frame, "<F1>")
        at: Any = window.frame.focus_get()
        for _ in range(10):
            at = at.tk_focusNext()
            self.assertTrue(str(at).startswith(str(window.frame.covered)), at)
        window.frame.cover(None)
        self.settle()
        self.assertTrue(inside(window.frame.compose.text, window.frame))
        self.assertTrue(inside(window.frame.sidebar, window.frame))

    async def test_escape_goes_to_the_newest_message(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        window = self.seen(alice)
        bob.says(*(f"line {n}" for n in range(60)))
        self.settle()
        self.press(window.frame.compose.text, "<Prior>")
        self.assertFalse(window.frame.log.at_end)
        self.press(window.frame.compose.text, "<Escape>")
        self.assertTrue(window.frame.log.at_end)

    async def test_leaving_the_last_room(self) -> None:
        alice = self.client("alice")
        window = self.seen(alice)
        self.types(window, "/leave")
        self.press(window.frame.compose.text, "<Escape>", "<Return>")
        self.assertEqual(window.conversation.kind, "server")
        self.assertEqual([item.text for item in window.frame.sidebar.conversations.list.items], ["ROOMS"])

    async def test_going_to_a_person_by_name(self) -> None:
        alice = self.client("alice")
        self.person("bob")
        window = self.seen(alice)
        self.press(window.frame, "<Control-k>")
        window.frame.covered.field.insert(0, "bo")
        self.press(window.frame.covered.field, "<Return>")
        self.assertEqual((window.conversation.kind, window.conversation.name), ("private", "bob"))

    async def test_the_tools_at_a_row(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("tea?")
        window = self.seen(alice)
        log = window.frame.log
        log._hover(log.rows[-1])
        self.settle()
        self.assertTrue(inside(log.tools, window.frame))
        log.tools.winfo_children()[0].invoke()
        self.assertEqual(window.frame.compose.said.cget("text"), "Replying to bob: tea?")

    async def test_the_menu_of_a_row_has_what_can_be_done_with_it(self) -> None:
        alice = self.client("alice")
        alice.types("mine")
        window = self.seen(alice)
        menu = window.menus.new()
        window.reading.menu = lambda: menu
        menu.tk_popup = lambda x, y: None  # It would take the pointer of the whole screen.
        log = window.frame.log
        log.ask(log.rows[-1], 10, 10)
        labels = [menu.entrycget(n, "label") for n in range(menu.index("end") + 1)]
        self.assertEqual(labels, ["Reply", "React …", "Edit", "Copy text", "Remove"])
        menu.invoke(labels.index("Copy text"))
        self.assertEqual(window.frame.clipboard_get(), "mine")

    async def test_text_grows_and_shrinks(self) -> None:
        window = self.seen(self.client("alice"))
        height = window.frame.compose.button.winfo_height()
        self.press(window.frame, *["<Control-plus>"] * 4)
        self.assertGreater(window.frame.compose.button.winfo_height(), height)
        self.assertTrue(inside(window.frame.compose.button, window.frame))
        self.press(window.frame, "<Control-0>")
        self.assertEqual(window.frame.compose.button.winfo_height(), height)

    async def test_a_sound_only_where_it_is_wanted(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        dings: list[bool] = []
        self.root.bell = lambda displayof=0: dings.append(True)  # type: ignore[assignment]
        window = self.seen(alice)
        bob.says("@alice one")
        self.settle()
        self.assertEqual(dings, [])
        self.application.switch_sound()
        self.assertEqual((self.remembered.get("bell"), dings), ("on", [True]))
        bob.says("@alice two")
        self.settle()
        self.assertEqual(dings, [True] * 2)
        window.go("bob")
        self.settle()
        bob.says("@alice three, while she looks")
        self.settle()
        self.assertEqual(dings, [True] * 2)


class ColourTests(SeenTestCase):
    def pairs(self, widget: Any) -> Iterator[tuple[str, str]]:
        """What is written on what, in a widget as it is.  What lies on a picture is on the list of the palette."""
        kind = widget.winfo_class()
        if kind == "Label" and widget.cget("image"):
            return
        if kind in ("Label", "Text", "Menu"):
            yield str(widget.cget("foreground")), str(widget.cget("background"))
        if kind == "Text":
            for tag in widget.tag_names():
                ink = str(widget.tag_cget(tag, "foreground")) or str(widget.cget("foreground"))
                yield ink, str(widget.tag_cget(tag, "background")) or str(widget.cget("background"))
        if kind in ("TLabel", "TCheckbutton"):
            style = tkinter.ttk.Style(self.root)  # type: ignore[attr-defined]
            name = str(widget.cget("style")) or kind
            yield str(style.lookup(name, "foreground")), str(style.lookup(name, "background"))

    async def test_everything_that_is_written_can_be_read(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        bob.says("alice: tea? :tea:", "/react 1 :+1:", "https://tea.example")
        window = self.seen(alice)
        window.frame.compose.show_banner("Replying")
        window.frame.say_state("The link is lost.", lambda: None)
        self.settle()
        seen, poor = set(), []
        for cover in (None, "<F1>", "<Control-k>"):
            if cover:
                self.press(window.frame, cover)
            for widget in all_below(window.frame):
                for ink, ground in self.pairs(widget):
                    seen.add((ink, ground))
                    if palette.contrast(ink, ground) < palette.LEAST_CONTRAST:
                        poor.append((str(widget), ink, ground))
            window.frame.cover(None)
        self.assertEqual(poor, [])
        self.assertGreater(len(seen), 20)

    async def test_the_bar_that_says_how_it_is_with_the_link(self) -> None:
        alice = self.client("alice")
        window = self.seen(alice)
        self.assertFalse(window.frame.bar.winfo_manager())
        alice.closed = True
        alice.loses_link()
        self.settle()
        self.assertTrue(inside(window.frame.bar, window.frame))
        self.assertRegex(window.frame.sentence.cget("text"), r"lost.* Trying again in \d+ s\.$")
        alice.closed = False
        window.frame.retry.invoke()
        await until(lambda: self.settle() or not window.frame.bar.winfo_manager(), "the bar goes", 10)

    async def test_a_way_that_is_not_encrypted_is_called_so(self) -> None:
        from chat.clients.window.application import Session

        chat, link = self.client("alice").chat, self.client("bob").link
        places = []
        for address in (Address("127.0.0.1", 5050, False), Address("192.0.2.7", 6667, False), Address("h", 1, True)):
            link.address = address
            places.append(Session(str(address), chat, link).place)
        self.assertEqual(places, ["127.0.0.1:5050", "192.0.2.7:6667, not encrypted", "h:1"])
