"""Whatever people say, call themselves, their rooms and files, or react with: the page shows it and runs none of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from tests.daemon.running import Caller, Daemon
from tests.e2e.chromium import PageTestCase, Sitter, until
from tests.e2e.payloads import payloads

#: How many payloads go where; 5,000 in all.
SHARES = {
    "said": 3000, "topic": 600, "reason": 500, "reaction": 400, "invited": 200, "away": 100, "name": 100, "file": 100,
}  # fmt: skip
#: What the page may be made of.
TAGS = frozenset(re.findall(r"\w+", """
    A ARTICLE ASIDE B BODY BUTTON CODE DIALOG DIV FOOTER FORM H1 H2 H3 HEAD HEADER HTML IMG INPUT LABEL LI LINK MAIN
    MARK META NAV NOSCRIPT P PATH PRE SCRIPT SMALL SPAN SVG TEXTAREA TIME TITLE UL
"""))  # fmt: skip
WATCH = "addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective}`))"
LOOK = """() => {
  const all = [...document.querySelectorAll("*")];
  const attributes = all.flatMap((each) => [...each.attributes].map((attribute) => attribute.name));
  return {
    pwned: "__pwned" in window,
    scripts: document.scripts.length,
    tags: [...new Set(all.map((each) => each.tagName.toUpperCase()))],
    listeners: attributes.filter((name) => name.startsWith("on")),
    styles: all.filter((each) => each.hasAttribute("style") && each.id !== "text").length,
    links: [...new Set([...document.querySelectorAll("a")].map((each) => each.protocol))],
    targets: all.filter((each) => each.tagName === "A" && each.rel !== "noopener noreferrer").length,
    sources: [...document.images].map((each) => new URL(each.src).pathname).filter((path) => path !== "/icon.svg"),
  };
}"""



class InjectionTests(PageTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.payloads = payloads(sum(SHARES.values()))

    def take(self, kind: str) -> list[str]:
        taken, self.payloads = self.payloads[: SHARES[kind]], self.payloads[SHARES[kind] :]
        return taken

    def test_five_thousand_payloads_run_nothing(self) -> None:
        self.assertEqual(len(self.payloads), 5000)
        daemon = self.daemon("--files", self.path("files"))
        mallory = self.mallory(daemon)
        said = self.take("said")
        mallory.hurls(f"PRIVMSG #lobby :{text}" for text in said[:2000])
        ann = self.sitter(daemon.addresses[0])
        ann.does(lambda page: page.evaluate(WATCH))
        ann.comes_in("ann")
        mallory.hurls(f"{'NOTICE' if at % 3 else 'PRIVMSG'} #lobby :{text}" for at, text in enumerate(said[2000:]))
        self.is_harmless(ann)
        self.shows(ann, said[-100:])
        ann.does(lambda page: page.keyboard.press("Control+Home"))
        self.elsewhere(mallory, ann)
        self.files(daemon, mallory, ann)
        self.scrolls_back(ann)
        self.is_harmless(ann)
        self.assertEqual(self.payloads, [])

    def mallory(self, daemon: Daemon) -> Mallory:
        mallory = Mallory(daemon.caller().socket)
        mallory.says("CAP REQ :message-tags echo-message", "NICK mallory", "USER m 0 * :m", "CAP END", "JOIN #lobby")
        mallory.hears(" 366 mallory ")
        return mallory

    def elsewhere(self, mallory: Mallory, ann: Sitter) -> None:
        """In topics, reasons, reactions, names of rooms, words on being away, nicknames."""
        mallory.hurls(f"TOPIC #lobby :{text}" for text in self.take("topic"))
        mallory.hurls(line for text in self.take("reason") for line in (f"PART #lobby :{text}", "JOIN #lobby"))
        mallory.says("PRIVMSG #lobby :react to this")
        id = re.findall(r"msgid=([\w-]+)", mallory.hears("PRIVMSG #lobby :react to this"))[-1]
        mallory.hurls(f"@+draft/react={tag(text)};+draft/reply={id} TAGMSG #lobby" for text in self.take("reaction"))
        rooms = ["#" + text.replace(" ", "\u2003").replace(",", "") for text in self.take("invited")]
        mallory.hurls(line for room in rooms for line in (f"JOIN {room}", f"INVITE ann {room}", f"PART {room}"))
        mallory.hurls(f"AWAY :{text}" for text in self.take("away"))
        mallory.hurls(f"NICK {text.split()[0]}" for text in self.take("name"))
        mallory.says("PRIVMSG #lobby :and that is all")
        ann.sees("article", "and that is all")
        self.is_harmless(ann)

    def files(self, daemon: Daemon, mallory: Mallory, ann: Sitter) -> None:
        for text in self.take("file"):
            mallory.says("FILEHOST TOKEN #lobby")
            mallory.hears(" FILEHOST TOKEN ")
            name = f"attachment; filename*=UTF-8''{quote(text)}"
            fields = {"Authorization": f"Bearer {mallory.reads_line().strip()}", "Content-Disposition": name}
            urlopen(Request(f"http://{daemon.addresses[0]}/upload", b"x", fields, method="POST")).close()
        mallory.says("PRIVMSG #lobby :no more files")
        ann.sees("article", "no more files")
        self.assertGreater(len(ann.reads("article a.file")), 50)

    def shows(self, ann: Sitter, texts: Iterable[str]) -> None:
        """What was said last is there as it was said, but for what drives a text."""
        shown = "".join(ann.reads("article .text"))
        plain = [text for text in texts if text.isprintable() and "`" not in text and len(text) < 300]
        self.assertGreater(len(plain), 20)
        for text in plain:
            self.assertIn(" ".join(text.split(" ")), shown)

    def scrolls_back(self, ann: Sitter) -> None:
        """The same from the history."""
        before = len(ann.reads("article"))

        def more() -> bool:
            ann.does(lambda page: page.evaluate("document.getElementById('log').scrollTop = 0"))
            return len(ann.reads("article")) > before

        until(more, "earlier messages")

    def is_harmless(self, ann: Sitter) -> None:
        found: Any = ann.does(lambda page: page.evaluate(LOOK))
        self.assertLessEqual(set(found.pop("tags")), TAGS)
        self.assertLessEqual(set(found.pop("links")), {"http:", "https:"})
        harmless = {"pwned": False, "scripts": 1, "listeners": [], "styles": 0, "targets": 0, "sources": []}
        self.assertEqual(found, harmless, json.dumps(found))
        self.all_was_well(ann)


class Mallory(Caller):
    """Somebody who means harm, with an IRC client."""

    def hurls(self, lines: Iterable[str]) -> None:
        """Send very many lines, and wait until the server has done them all."""
        many = [line for line in lines if "\n" not in line and "\r" not in line]
        for start in range(0, len(many), 200):
            self.says(*many[start : start + 200], f"PING :done{start}")
            self.hears(f"done{start}\r\n")


def tag(text: str) -> str:
    """A value as it stands in a tag."""
    return text.replace("\\", "\\\\").replace(";", "\\:").replace(" ", "\\s")
