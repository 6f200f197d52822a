"""The page in a real browser, against a real daemon, with others who come by nc and by IRC."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from urllib.request import urlopen

from tests.daemon.running import ROOT, Caller, Daemon
from tests.e2e.chromium import PageTestCase, Sitter, until

WIDTHS = (1280, 360)


class TalkTests(PageTestCase):
    def irc(self, daemon: Daemon, name: str) -> Caller:
        caller = daemon.caller()
        caller.says(f"NICK {name}", f"USER {name} 0 * :{name}", "JOIN #lobby")
        caller.hears(f" 366 {name} ")
        return caller

    def test_people_talk_both_ways(self) -> None:
        """With nc and with IRC, on wide and narrow screens: in the room, in private, with all that lines can have."""
        daemon = self.daemon()
        for width in WIDTHS:
            bob, carol = daemon.person(f"bob{width}"), self.irc(daemon, f"carol{width}")
            alice = self.sitter(daemon.addresses[0], width, 700).comes_in(f"alice{width}")
            bob.hears(f"alice{width} came")
            alice.says("tea at for?")
            bob.hears(f"alice{width}: tea at for?")
            carol.hears("PRIVMSG #lobby :tea at for?")
            bob.says("yes please")
            alice.sees("article", "yes please")
            carol.says("PRIVMSG #lobby :and biscuits 🍪")
            alice.sees("article", "and biscuits 🍪")
            self.afterthoughts(alice, bob, width)
            self.in_private(alice, bob, width)
            self.fits(alice)
            self.all_was_well(alice)
            alice.does(lambda page: page.context.close())
            bob.hears(f"alice{width} left")

    def afterthoughts(self, alice: Sitter, bob: Caller, width: int) -> None:
        bob.says("/numbers on")
        alice.tool("tea at for?", "Edit")
        alice.says("tea at four?\nor five")
        bob.hears("tea at four?")
        alice.sees("article", "(edited)")
        alice.tool("yes please", "Reply")
        alice.says("good: then a second line\nof the same message")
        bob.hears('"yes please"')
        bob.hears("of the same message")
        alice.sees("article .quote", "yes please")
        alice.tool("yes please", "React")
        alice.does(lambda page: page.keyboard.type("teapot"))
        alice.does(lambda page: page.keyboard.press("Enter"))
        bob.hears("🫖")
        alice.sees("article .reactions", "🫖")
        alice.says("/jion kitchen")
        alice.sees("#refused", "Did you mean /join?")
        alice.says("a slip of the tongue")
        bob.hears("a slip of the tongue")
        alice.sees("article:not(.waiting)", "a slip of the tongue")
        alice.tool("a slip of the tongue", "Take back")
        alice.sees("article", "taken back")
        bob.hears("removed")

    def in_private(self, alice: Sitter, bob: Caller, width: int) -> None:
        bob.says(f"@alice{width} psst")
        until(lambda: alice.does(lambda page: page.title()).startswith("(1) #lobby"), "the title")
        if width < 720:
            alice.does(lambda page: page.click("#open-sidebar"))
        alice.does(lambda page: page.locator("#private button").filter(has_text=f"bob{width}").click())
        alice.sees("article", "psst")
        alice.says("what is it?")
        bob.hears(f"alice{width} -> you: what is it?")

    def fits(self, alice: Sitter) -> None:
        """Nothing is wider than the window."""
        self.assertEqual(alice.does(lambda page: page.evaluate("document.documentElement.scrollWidth - innerWidth")), 0)
        box = alice.does(lambda page: page.locator("#send").bounding_box())
        width = alice.does(lambda page: page.evaluate("innerWidth"))
        self.assertLessEqual(box["x"] + box["width"], width)

    def test_who_is_here_changes_by_itself(self) -> None:
        """Within a second, where the machine has that second for it in one of five rounds."""
        daemon = self.daemon()
        alice = self.sitter(daemon.addresses[0]).comes_in("alice")
        slowest = []
        for _ in range(5):
            bob = daemon.person("bob")
            came = time.monotonic()
            alice.sees("#names .name", "bob")
            left = time.monotonic()
            bob.says("exit")
            alice.sees_no("#names .name", "bob")
            slowest.append(max(left - came, time.monotonic() - left))
        self.assertLess(min(slowest), 1)
        self.all_was_well(alice)

    def test_a_daemon_that_dies_and_comes_back(self) -> None:
        """What was missed is fetched, what was said meanwhile is sent, and nothing is there twice."""
        daemon = self.new_daemon("--flood", "off", "--listen", "tcp:0:interface=127.0.0.1")
        daemon.start()
        daemon.ready()
        address = daemon.addresses[0]
        alice = self.sitter(address).comes_in("alice")
        alice.says("before")
        alice.sees("article:not(.waiting)", "before")
        daemon.send(signal.SIGKILL)
        daemon.wait()
        alice.sees("#status", "Trying again")
        alice.says("said into nothing")
        alice.says("and\nin two lines")
        alice.sees("article.waiting", "said into nothing")
        daemon = self.new_daemon("--flood", "off", "--listen", f"tcp:{address.partition(':')[2]}:interface=127.0.0.1")
        daemon.start()
        daemon.ready()
        bob = daemon.person("bob")
        bob.says("meanwhile")
        alice.does(lambda page: page.evaluate("document.getElementById('try-now').click()"))
        alice.sees("article:not(.waiting)", "said into nothing")
        alice.sees("article", "meanwhile")
        bob.hears("in two lines")
        bob.says("after")
        alice.sees("article", "after")
        texts = ["before", "meanwhile", "said into nothing", "and\nin two lines", "after"]
        until(lambda: alice.reads("article .text") == texts, "everything once, in order")
        self.assertEqual([said.text for said in self.history()], texts)
        self.all_was_well(alice)

    def test_an_account_and_what_waited_for_it(self) -> None:
        daemon = self.daemon("--motd", "Be kind.")
        bob, alice = daemon.person("bob"), self.sitter(daemon.addresses[0]).comes_in("alice")
        alice.sees(".info", "Be kind.")
        alice.says("/register")
        alice.does(lambda page: page.fill("#dialog input[type=password]", "correct-horse"))
        alice.does(lambda page: page.keyboard.press("Enter"))
        alice.sees(".info", "The account alice is yours.")
        alice.says("/exit")
        bob.hears("alice left")
        bob.says("@alice for your eyes", "@alice and once more")
        alice.sees("button", "Come in")
        for password, answer in (("", "give its password"), ("wrong-horse", "not the password of this account")):
            alice.does(lambda page, password=password: page.fill("input[name=password]", password))
            alice.does(lambda page: page.press("input[name=nick]", "Enter"))
            alice.sees("#wrong", answer)
        alice.does(lambda page: page.fill("input[name=password]", "correct-horse"))
        alice.does(lambda page: page.press("input[name=nick]", "Enter"))
        alice.sees("#private .badge", "2")
        alice.does(lambda page: page.locator("#private button").first.click())
        alice.sees("article", "and once more")
        alice.sees_no("#private .badge")
        kept = alice.does(lambda page: page.evaluate("JSON.stringify([localStorage, sessionStorage])"))
        self.assertNotIn("correct-horse", kept)
        self.all_was_well(alice)

    def test_everything_goes_by_keyboard(self) -> None:
        daemon = self.daemon()
        bob, alice = daemon.person("bob"), self.sitter(daemon.addresses[0]).comes_in("alice")
        bob.says("/numbers on", "tea?")
        alice.sees("article", "tea?")
        press = lambda *keys: alice.does(lambda page: [page.keyboard.press(key) for key in keys])  # noqa: E731
        press("b", "o", "Tab")
        alice.does(lambda page: page.keyboard.type("yes :tea:"))
        press("Enter")
        bob.hears("alice: bob: yes 🍵")
        alice.sees("article:not(.waiting)", "yes 🍵")
        press("ArrowUp", "End", "!", "Enter")
        bob.hears("bob: yes 🍵!")
        alice.sees("article", "(edited)")
        press("Shift+Tab", "ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight", "Enter")
        alice.sees("#context", "Answering bob: tea?")
        alice.does(lambda page: page.keyboard.type("at four"))
        press("Enter")
        bob.hears('bob "tea?"')
        alice.sees("article:not(.waiting)", "at four")
        alice.says("/join kitchen")
        alice.sees("#name", "#kitchen")
        press("Alt+ArrowUp")
        alice.sees("#name", "#lobby")
        press("Shift+Tab", "ArrowUp", "ArrowRight", "Tab", "Escape")
        alice.does(lambda page: page.focus("#rooms li:last-child button"))
        press("Enter")
        alice.sees("#name", "#kitchen")
        self.all_was_well(alice)

    def test_scrolling_back_keeps_the_place(self) -> None:
        daemon = self.daemon()
        bob = daemon.person("bob")
        bob.says(*(f"line {number} " + "of many words " * (number % 23) for number in range(180)))
        alice = self.sitter(daemon.addresses[0], 500, 600).comes_in("alice")
        alice.sees("article", "line 179 ")
        place = """(text) => {
          const shown = [...document.querySelectorAll("article")].filter((each) => each.innerText.includes(text));
          return Math.round(shown[0].getBoundingClientRect().top);
        }"""
        lines = len(alice.reads("article"))
        while lines < 180:
            alice.does(lambda page: page.evaluate("document.getElementById('log').scrollTop = 5"))
            first = alice.reads("article .text")[0]
            before = alice.does(lambda page, first=first: page.evaluate(place, first))
            until(lambda lines=lines: len(alice.reads("article")) > lines, "earlier lines")
            after = alice.does(lambda page, first=first: page.evaluate(place, first))
            self.assertLessEqual(abs(after - before), 1, first)
            lines = len(alice.reads("article"))
        texts = [text.split()[1] for text in alice.reads("article .text")]
        self.assertEqual(texts, [str(number) for number in range(180)])
        self.all_was_well(alice)

    def test_the_page_opens_without_a_network(self) -> None:
        """It says that the server cannot be reached, and nothing that was said is kept in the browser."""
        daemon = self.daemon()
        alice = self.sitter(daemon.addresses[0]).comes_in("alice")
        alice.says("a secret")
        alice.sees("article:not(.waiting)", "a secret")
        alice.does(lambda page: page.evaluate("navigator.serviceWorker.ready.then(() => true)"))
        daemon.kill()
        alice.does(lambda page: page.reload())
        alice.sees("#wrong", "cannot be reached")
        stored = """async () => {
          const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
          }
          return texts;
        }"""
        texts = alice.does(lambda page: page.evaluate(stored))
        self.assertGreater(len(texts), 20)
        self.assertNotIn("a secret", "".join(texts))

    def test_files(self) -> None:
        daemon = self.daemon("--files", self.path("files"), "--files-largest", "20k")
        alice, bob = self.sitter(daemon.addresses[0]).comes_in("alice"), daemon.person("bob")
        picture = Path(ROOT, "chat", "web", "static", "icon-192.png")
        papers = [self.write("tea plan's.txt", "tea at four\n"), self.write("large.txt", "x" * 30_000)]
        alice.does(lambda page: page.set_input_files("#file", [str(picture), *papers]))
        address = bob.hears("alice sent a file: icon-192.png") and bob.reads_line().split()[-1]
        with urlopen(address) as file:
            self.assertEqual(file.read(), picture.read_bytes())
        alice.sees("article", "icon-192.png")
        alice.sees("article", "tea plan's.txt")
        alice.sees(".info", "large.txt was not sent.")
        alice.sees_no("#uploads li")
        sizes = "Array.from(document.querySelectorAll('.picture img'), (each) => each.naturalWidth)"
        until(lambda: alice.does(lambda page: page.evaluate(sizes)) == [192], "the picture")
        alice.troubles = [each for each in alice.troubles if "status of 413" not in each]
        self.all_was_well(alice)

    def test_a_nickname_that_is_taken(self) -> None:
        daemon = self.daemon()
        daemon.person("bob")
        alice = self.sitter(daemon.addresses[0])
        alice.does(lambda page: page.fill("input[name=nick]", "bob"))
        alice.does(lambda page: page.press("input[name=nick]", "Enter"))
        alice.sees("#wrong", "in use")
        alice.comes_in("alice")
        alice.does(lambda page: page.reload())
        alice.sees("#names .name", "alice")
        self.all_was_well(alice)
