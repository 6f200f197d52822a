"""The layers point one way: who may import whom, read from the source itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from twisted.trial.unittest import TestCase

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "chat"

#: What each part may import of the others.  A name stands for the module and everything in it.
MAY = {
    "chat.core": set(),
    "chat.values": set(),
    "chat.config": {"chat", "chat.values"},
    "chat.options": {"chat", "chat.__version__", "chat.config", "chat.core", "chat.values"},
    "chat.tls": set(),
    "chat.flood": set(),
    "chat.ops": {"chat.core", "chat.config", "chat.factory", "chat.stores", "chat.values"},
    "chat.commands": {"chat.core"},
    "chat.linequeue": {"chat.core"},
    "chat.outlet": {"chat.link", "chat.turn"},
    "chat.turn": {"chat.core", "chat.outlet"},
    "chat.ciphertext": set(),
    "chat.link": set(),
    "chat.voice": {"chat.core", "chat.turn"},
    "chat.publication": {"chat.core"},
    "chat.backlog": {"chat.core", "chat.factory", "chat.outlet"},
    "chat.speaker": {"chat.core", "chat.outlet", "chat.publication", "chat.voice"},
    "chat.protocol": {
        "chat",
        "chat.core",
        "chat.link",
        "chat.speaker",
        "chat.voice",
        "chat.linequeue",
        "chat.outlet",
        "chat.turn",
        "chat.factory",
    },
    "chat.passwords": {"chat.core"},
    "chat.patience": set(),
    "chat.guesses": {"chat.core", "chat.flood"},
    "chat.accounts": {"chat.core", "chat.guesses", "chat.passwords"},
    "chat.certificates": {"chat.core"},
    "chat.headcount": {"chat.core"},
    "chat.factory": {
        "chat.core",
        "chat.accounts",
        "chat.passwords",
        "chat.patience",
        "chat.config",
        "chat.flood",
        "chat.headcount",
        "chat.outlet",
        "chat.protocol",
        "chat.publication",
        "chat.turn",
    },
    "chat.stores": {"chat.core"},
    "chat.irc": {
        "chat",
        "chat.__version__",
        "chat.voice",
        "chat.core",
        "chat.certificates",
        "chat.commands",
        "chat.protocol",
        "chat.backlog",
    },
    "chat.line": {"chat.voice", "chat.core", "chat.certificates", "chat.commands", "chat.protocol", "chat.backlog"},
    "chat.files": {"chat.core", "chat.guesses"},
    "chat.doorway": {"chat.ciphertext", "chat.core", "chat.tls"},
    "chat.proxy": {"chat.doorway"},
    "chat.web": {"chat.core", "chat.doorway", "chat.factory", "chat.files", "chat.link", "chat.proxy"},
    "chat.clients": {"chat", "chat.irc.message"},
    "chat.__main__": {"chat.ops", "chat.clients"},
}
#: Only this one knows all the others.
TOP = "chat.service"
#: Imports that are there for type checkers alone do not make a layer.
MOST_LINES, MOST_FUNCTION_LINES = 400, 40


def sources() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if name != "chat":
            yield name, path


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports when it is run."""
    nodes = [ast.parse(path.read_text("utf-8"))]
    while nodes:
        for node in ast.iter_child_nodes(nodes.pop()):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: relative import"
                yield node.module or ""
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            elif not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
                nodes.append(node)


def part_of(module: str) -> str:
    """The part of the house that a module belongs to."""
    return ".".join(module.split(".")[:2])


def within(module: str, allowed: set[str]) -> bool:
    """Whether a module is one of those allowed by their full names, or something in it."""
    return any(module == name or module.startswith(name + ".") for name in allowed)


class LayerTests(TestCase):
    def test_every_part_imports_only_what_it_may(self) -> None:
        wrong = []
        for name, path in sources():
            part = part_of(name)
            if part == TOP:
                continue
            self.assertIn(part, MAY, "a new part: say what it may import")
            allowed = MAY[part] | {part}
            for module in imports(path):
                if module.startswith("chat.") and part_of(module) not in allowed and not within(module, allowed):
                    wrong.append(f"{name} imports {module}")
        self.assertEqual(wrong, [])

    def test_the_core_imports_the_standard_library_only_and_nothing_that_reaches_outside(self) -> None:
        outside = {"asyncio", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time", "uuid"}
        wrong = []
        for name, path in sources():
            if part_of(name) != "chat.core":
                continue
            for module in imports(path):
                top = module.split(".")[0]
                if top != "chat" and (top not in sys.stdlib_module_names or top in outside):
                    wrong.append(f"{name} imports {module}")
        self.assertEqual(wrong, [])

    def test_nothing_imports_the_service(self) -> None:
        importers = [name for name, path in sources() if TOP in imports(path)]
        self.assertEqual(importers, [])

    def test_the_walk_sees_what_is_imported(self) -> None:
        """A walk that saw nothing would let everything pass."""
        seen = set(imports(PACKAGE / "service.py"))
        self.assertTrue({"chat.factory", "chat.line.protocol", "twisted.logger"} <= seen)


class SizeTests(TestCase):
    def test_a_file_is_a_noun(self) -> None:
        long = [
            f"{name}: {lines}"
            for name, path in sources()
            if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES and name != "chat.core.confusables"
        ]
        self.assertEqual(long, [])

    def test_a_function_fits_on_a_page(self) -> None:
        long = [
            f"{name}.{node.name}: {length}"
            for name, path in sources()
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            and (length := body_lines(node)) > MOST_FUNCTION_LINES
        ]
        self.assertEqual(long, [])

    def test_every_public_thing_says_what_it_is_for(self) -> None:
        silent = [
            f"{name}.{node.name}"
            for name, path in sources()
            for node in public(ast.parse(path.read_text("utf-8")))
            if not ast.get_docstring(node)
        ]
        self.assertEqual(silent, [])


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring."""
    end = node.end_lineno or node.lineno
    doc = node.body[0] if ast.get_docstring(node) is not None else None
    return end - node.lineno + 1 - ((doc.end_lineno or 0) - doc.lineno + 1 if doc else 0)


def public(tree: ast.Module) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """The classes of a module, and its functions but for one-liners that their name says all about."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node
