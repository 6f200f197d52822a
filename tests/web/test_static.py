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


class ColourTests(SynchronousTestCase):
    """Texts stand out from what is behind them (WCAG 2.2, section 1.4.3), edges and signs a little less (1.4.11)."""

    TEXTS = (
        ("ink", "paper"), ("ink", "side"), ("ink", "raised"), ("ink", "hover"), ("ink", "mark"), ("quiet", "paper"),
        ("quiet", "side"), ("quiet", "raised"), ("quiet", "hover"), ("quiet", "mark"), ("accent", "paper"),
        ("accent", "side"), ("accent", "raised"), ("accent", "mark"), ("on-accent", "accent"), ("paper", "quiet"),
        ("wrong", "wrong-back"), ("wrong", "paper"),
        *((f"name{number}", behind) for number in range(10) for behind in ("paper", "side", "hover", "mark")),
        *(("paper", f"name{number}") for number in range(10)),
    )  # fmt: skip
    SIGNS = (("edge", "paper"), ("edge", "raised"), ("mark-edge", "mark"), ("accent", "hover"))

    def colours(self, dark: bool) -> dict[str, tuple[int, ...]]:
        """The colours of the page by their names."""
        style = (STATIC / "style.css").read_text("utf-8")
        style = re.sub(r"\.c(\d) \{ --name:", r"--name\1:", style)
        pairs = re.findall(r"--([\w-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)", style)
        return {name: tuple(bytes.fromhex(pair[dark])) for name, *pair in pairs}

    def test_everything_can_be_read_in_light_and_in_the_dark(self) -> None:
        for dark in (False, True):
            colours = self.colours(dark)
            for pairs, least in ((self.TEXTS, 4.5), (self.SIGNS, 3.0)):
                for text, behind in pairs:
                    ratio = contrast(colours[text], colours[behind])
                    self.assertGreaterEqual(ratio, least, f"{text} on {behind}, {'dark' if dark else 'light'}")


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The contrast ratio of two colours."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
