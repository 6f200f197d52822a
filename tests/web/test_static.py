"""The files of the page keep the rules of the house, and cannot do what a page must never do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.test_layers import MOST_FUNCTION_LINES, MOST_LINES

STATIC = Path(__file__).parent.parent.parent / "chat" / "web" / "static"
#: What makes markup or code out of a text.
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|\bFunction\(|srcdoc|DOMParser|setHTML"
    r"|createContextualFragment|javascript:|\bimport\(|setAttribute\(\"on"
)
#: The name of a vocabulary, which nobody asks for.
NAMES = {"http://www.w3.org/2000/svg"}
FUNCTION = re.compile(r"( *)(?:export |async |static |get |set |function )*#?\w+\(.*\{\n")


def scripts() -> Iterator[tuple[str, str]]:
    for path in sorted(STATIC.glob("*.js")):
        yield path.name, path.read_text("utf-8")


def without_comments(text: str) -> str:
    return re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", text, flags=re.DOTALL if "/*" in text else 0)


class RuleTests(SynchronousTestCase):
    def test_no_text_becomes_markup_or_code(self) -> None:
        found = [(name, match[0]) for name, text in scripts() for match in FORBIDDEN.finditer(text)]
        self.assertEqual(found, [])
        self.assertTrue(FORBIDDEN.search("element.innerHTML = text"))

    def test_nothing_is_asked_of_anyone_else(self) -> None:
        for path in STATIC.iterdir():
            if path.suffix == ".png":
                continue
            addresses = set(re.findall(r"(?:https?|wss?):?//[^\s\"'`)<>]+", without_comments(path.read_text("utf-8"))))
            self.assertEqual({each for each in addresses if "." in each} - NAMES, set(), path.name)

    def test_a_file_is_a_noun_and_a_function_fits_on_a_page(self) -> None:
        measured = 0
        for name, text in scripts():
            lines = text.splitlines(keepends=True)
            self.assertLessEqual(len(lines), MOST_LINES, name)
            for start, line in enumerate(lines):
                if found := FUNCTION.fullmatch(line):
                    length = next(at for at, end in enumerate(lines[start:]) if end.startswith(f"{found[1]}}}")) + 1
                    self.assertLessEqual(length, MOST_FUNCTION_LINES, f"{name}: {line}")
                    measured += 1
        self.assertGreater(measured, 150)

    def test_every_script_is_used(self) -> None:
        page = (STATIC / "index.html").read_text("utf-8")
        used = set(re.findall(r'<script type="module" src="(\S+\.js)">', page)) | {"worker.js"}
        for name, text in scripts():
            imported = set(re.findall(r'from "\./(\S+\.js)"', text))
            self.assertLessEqual(imported, {each for each, _ in scripts()}, name)
            used |= imported
        self.assertEqual(used, {name for name, _ in scripts()})

    def test_every_element_that_is_looked_for_is_there(self) -> None:
        there = set(re.findall(r'\bid="([\w-]+)"', (STATIC / "index.html").read_text("utf-8")))
        wanted = {each for _, text in scripts() for each in re.findall(r'\bfind\("([\w-]+)"\)', text)}
        self.assertLessEqual(wanted, there)
        self.assertGreater(len(wanted), 20)
