"""Every cell of the table of authority: each command, in each role, in each kind of room, on both wires.

What may be done is done, the witness in the room hears of it, and nobody else does; what may not is refused in the
right words, changes nothing, and nobody hears of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from chat.config import Config
from chat.factory import ChatFactory
from chat.files.disk import DirectDisk
from chat.files.host import FileHost
from chat.irc.commands import COMMANDS as IRC
from chat.line.commands import COMMANDS as LINE
from tests.authorisation.deeds import DEEDS, FREE, Deed
from tests.authorisation.law import KINDS, OUTSIDE, RIGHTS, ROLES, SILENCED
from tests.authorisation.page import PAGE, page
from tests.authorisation.scene import Scene
from tests.talk import ChatTestCase

#: How a verdict reads: to a person, and as a numeric or a standard reply to a client.
REFUSALS = {
    "s": ("! ", " 451 "),
    "x": ("! You are (not in {room}|in no room)", " 442 "),
    "b": ("! You are banned from {room}.", " 474 "),
    "i": ("! {room} is for invited people only.", " 473 "),
    "k": ("! {room} needs its key: /join {room} KEY", " 475 "),
    "f": ("! {room} is full.", " 471 "),
    "a": ("! {room} is for people with an account only.", " 477 "),
    "n": ("! Only an operator of {room} may do that.", " 482 "),
    "v": ("! You may not speak in {room}.", " 404 "),
    "y": ("! Line {theirs} is not yours but wes's.", "FAIL REDACT REDACT_FORBIDDEN"),
    "o": ("! Only an operator of this server may do that.", " 481 "),
    "e": ("", " 573 "),
    "c": ("", "FAIL RENAME CANNOT_RENAME"),
    "w": ("", " 464 "),
    "t": ("! While you may not speak in {room} you stay who you are.", " 435 "),
    "F": ("! Only the founder of {room} may do that.", " 482 "),
    "N": ("! {room} belongs to nobody.", " 482 "),
    "A": ("! You have an account", "You have an account"),
    "g": ("! You have no account", "You have no account"),
}
REFUSED = re.compile(
    r"! |:chat\.example\.org (FAIL|4\d\d|5\d\d) |:(Nick|Chan)Serv!.*(Only|You are not|You have|There is)"
)


class TableCase(ChatTestCase):
    """Tries every deed in every role, in some kinds of rooms."""

    def setUp(self) -> None:
        super().setUp()
        path = Path(self.mktemp())
        path.write_text("tea and biscuits\n")
        self.config = replace(self.config, operators=(("root", f"file:{path}"),))

    def new_factory(self, config: Config) -> ChatFactory:
        factory = super().new_factory(replace(config, files_url="https://chat.example.org"))
        factory.files = FileHost(factory, DirectDisk(self.clock))
        return factory

    def tries(self, wire: str, kind: str) -> None:
        """Try all deeds in that kind of room."""
        wrong = [each for role in ROLES for each in self.tries_as(wire, kind, role)]
        if wrong:
            self.fail(f"{len(wrong)} cells are not as the law says:\n" + "\n".join(wrong))

    def tries_as(self, wire: str, kind: str, role: str) -> Iterator[str]:
        scene = None
        for deed in DEEDS:
            verdict = RIGHTS[deed.right].verdicts[role][kind]
            if not deed.on(wire) or verdict == "-" or (deed.anywhere and kind != "open"):
                continue
            if scene is None or scene.state() != scene.first:
                scene = Scene(self, kind, role, wire)
            trial = Trial(scene, deed, verdict)
            trial.run()
            for complaint in trial.complaints():
                yield f"{deed.name} ({scene.fill(deed.on(wire))!r}) as {role}, {kind}, {wire}: {complaint}"
            if verdict == ".":
                scene.put_back()
                scene = None if deed.spoils else scene


class Trial:
    """One deed, done once."""

    def __init__(self, scene: Scene, deed: Deed, verdict: str) -> None:
        self.scene, self.deed, self.verdict = scene, deed, verdict

    def run(self) -> None:
        scene = self.scene
        scene.turn += 1
        self.text = scene.fill(self.deed.on(scene.wire))
        self.expected = scene.fill(self.deed.heard), scene.fill(self.deed.answer)
        self.refusal = self._refusal()
        self.before = scene.state(), scene.room.lines, scene.registry.seq
        if scene.role == "stranger":
            scene.actor = scene._newcomer("ann")
            scene.actor.hears()
        scene.actor.says(*self.text.split("\n"))
        self.answer = scene.actor.reads()
        self.heard = {name: person.reads() for name, person in scene.people.items()}
        self.after = scene.state(), getattr(scene.registry.rooms.get(scene.name), "lines", -1), scene.registry.seq

    def _refusal(self) -> str:
        """What the actor has to read, as a pattern; nothing: no refusal is said."""
        scene, wire = self.scene, self.scene.wire
        if self.verdict in self.deed.refusals and (wire == "irc" or not self.deed.irc):
            words = scene.fill(self.deed.refusals[self.verdict])
            return "|".join(map(re.escape, words.split("|")))
        people, clients = REFUSALS.get(self.verdict, ("", ""))
        if wire == "line":
            return scene.fill(people).replace("?", r"\?") if self.verdict == "x" else re.escape(scene.fill(people))
        return re.escape(clients)

    def complaints(self) -> Iterator[str]:
        """What is not as it should be."""
        if self.verdict in ".h":
            yield from self._not_done()
        else:
            yield from self._not_refused()

    def _not_done(self) -> Iterator[str]:
        heard, answer = self.expected
        witness = self.heard[self.deed.witness]
        if REFUSED.search(self.answer):
            yield f"refused: {self.answer!r}"
        if answer and not re.search(answer if "?" in answer else re.escape(answer), self.answer):
            yield f"not answered with {answer!r}: {self.answer!r}"
        if self.verdict == "h":
            if self.before != self.after or any(self.heard.values()):
                yield f"something happened: {self.heard}"
            return
        unseen = self.deed.shared and self.scene.role in OUTSIDE
        if not unseen and not all(each in witness for each in heard.split("\n")):
            yield f"{self.deed.witness} did not hear {heard!r}: {self.heard}"
        if not heard and any(self.heard.values()) and not self.deed.anywhere:
            yield f"somebody heard: {self.heard}"
        if not self.deed.outside and self.heard["otto"] and not self.deed.anywhere:
            yield f"otto heard: {self.heard['otto']!r}"
        if self.deed.changes is not None and (self.before[:2] != self.after[:2]) != self.deed.changes:
            yield "nothing changed" if self.deed.changes else "something changed"

    def _not_refused(self) -> Iterator[str]:
        if not re.search(self.refusal, self.answer):
            yield f"not refused with {self.refusal!r}: {self.answer!r}"
        if self.expected[1] and self.expected[1] in self.answer:
            yield f"answered: {self.answer!r}"
        if not self.refusal and REFUSED.search(self.answer) and self.verdict != "~":
            yield f"refused: {self.answer!r}"
        if self.before != self.after:
            yield f"something changed: {self.after}"
        if any(self.heard.values()):
            yield f"somebody heard: {self.heard}"


def test_of(wire: str, kind: str) -> object:
    return lambda self: self.tries(wire, kind)


class LineTableTests(TableCase):
    """What people type."""


class IRCTableTests(TableCase):
    """What IRC clients send."""


for kind in KINDS:
    setattr(LineTableTests, f"test_{kind}", test_of("line", kind))
    setattr(IRCTableTests, f"test_{kind}", test_of("irc", kind))


class CoverTests(ChatTestCase):
    """The table is about all there is."""

    def test_every_command_is_in_the_table_or_has_no_authority_in_it(self) -> None:
        for wire, commands in (("line", LINE), ("irc", IRC)):
            known = {commands.find(name).name for deed in DEEDS for name in deed.commands(wire)}
            free = {commands.find(name).name for name in FREE[wire]}
            self.assertEqual(known & free, set(), "these are in both")
            for verb in commands:
                self.assertIn(verb.name, known | free, f"say who may do {commands.mark}{verb.name}")

    def test_every_right_is_needed_for_something(self) -> None:
        self.assertEqual(set(RIGHTS), {deed.right for deed in DEEDS})
        self.assertTrue(set(SILENCED) < set(ROLES))

    def test_who_is_not_signed_in_may_do_nothing_else(self) -> None:
        for right in RIGHTS.values():
            self.assertEqual(set(right.verdicts["stranger"].values()), {"s"})

    def test_the_page_says_what_is_tried(self) -> None:
        written = PAGE.read_text("utf-8")
        self.assertEqual(written.splitlines(), page().splitlines(), "write it again: python -m tests.authorisation")
