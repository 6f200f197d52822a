"""The page of the law, docs/authorisation.md, written from the tables that are tried.

`python -m tests.authorisation` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.authorisation.deeds import DEEDS, FREE, Deed
from tests.authorisation.law import KINDS, RIGHTS, ROLES, Right

PAGE = Path(__file__).parent.parent.parent / "docs" / "authorisation.md"
#: What a verdict is called on the page.
WORDS = {
    ".": "yes",
    "-": "-",
    "h": "is there",
    "~": "sees nothing",
    "s": "sign in first",
    "x": "not in the room",
    "b": "banned",
    "i": "invited people only",
    "k": "needs the key",
    "f": "full",
    "a": "accounts only",
    "A": "has one",
    "g": "has none",
    "v": "may not speak",
    "n": "operators only",
    "o": "server operators only",
    "y": "not yours",
    "p": "that person only",
    "e": "no roleplay",
    "c": "keeps its name",
    "w": "no",
    "t": "silenced",
    "F": "founder only",
    "O": "somebody's already",
    "N": "nobody's",
}
#: What stands for what in the deeds.
EXAMPLES = {
    "room": "tea",
    "theirs": "7",
    "mine": "8",
    "theirs_id": "ID",
    "mine_id": "ID",
    "turn": "",
    "since": "timestamp=...",
    "until": "timestamp=...",
    "password": "PASSWORD",
    "private": "on",
    "moderated": "on",
    "secret": "on",
}
HEAD = """\
# Who may do what

This page is written from the tables in `tests/authorisation`, and every cell of them is tried: each command, in each
role, in each kind of room, on both wires. What may be done is seen by the others in the room; what may not is refused
in words to people and by a numeric or a standard reply to IRC clients, and then nothing has changed and nobody else has
noticed.
To change the law, change `tests/authorisation/law.py`, then `python -m tests.authorisation`.

## Roles

{roles}

Who has not signed in yet may do nothing but that. In the lobby nobody is an operator or the founder.
An operator of the server has no other rights in a room than its operators: to use them it comes in, through every door.

## Kinds of rooms

{kinds}

## What is not seen from outside

- **A secret room** is in no list: `/rooms`, `LIST`, `/people`, `NAMES`, `WHO` and `WHOIS` do not show it to those who
  are not in it, nor do they tell its topic, its modes, its bans or what is said of it by keys. Whoever guesses its
  name learns by trying to come in that there is such a room.
- **What was said in a room** is for those who are in it: `/history`, `/search`, `CHATHISTORY`, a ZNC playback and
  answers by number. Whoever left, was put out or was banned reads nothing of it any more, neither older lines nor
  newer, until they come in again; then they read what was said meanwhile, as everyone who comes in does.
- **Private messages** are read by the two alone; no operator reads them.
- **MONITOR, `/seen` and `WHOWAS`** are about names on the server. They tell of no room.
- `/unread` counts in one's own rooms only.

## Rights
"""


def example(text: str) -> str:
    """What people type, or clients send, in the room tea."""
    for name, value in EXAMPLES.items():
        text = text.replace(f"{{{name}}}", value)
    return text.replace("{+", "+").replace("}", "").replace("\n", " ... ")


def page() -> str:
    """The whole page."""
    roles, kinds = ("\n".join(f"- **{name}**: {means}" for name, means in each.items()) for each in (ROLES, KINDS))
    parts = [HEAD.format(roles=roles, kinds=kinds)]
    parts += ["\n".join(section(name, right)) for name, right in RIGHTS.items()]
    parts.append("\n".join(free()))
    return "\n".join(parts)


def section(name: str, right: Right) -> Iterator[str]:
    yield f"### {name.capitalize()}\n\n{right.meaning}\n"
    yield from table(right)
    yield "\n| | line | IRC |\n|---|---|---|"
    for deed in DEEDS:
        if deed.right == name:
            yield f"| {deed.name} | {code(deed, 'line')} | {code(deed, 'irc')} |"
    yield ""


def code(deed: Deed, wire: str) -> str:
    return f"`{example(deed.on(wire))}`" if deed.on(wire) else ""


def table(right: Right) -> Iterator[str]:
    """The verdicts; roles, and kinds of rooms, that are alike share a row, and a column."""
    roles = [role for role in ROLES if role != "stranger"]
    columns: list[tuple[list[str], list[str]]] = []
    for kind in KINDS:
        cells = [right.verdicts[role][kind] for role in roles]
        alike = next((kinds for kinds, others in columns if agree(cells, others)), None)
        if alike is None:
            columns.append(([kind], cells))
        else:
            alike.append(kind)
    rows: dict[tuple[str, ...], list[str]] = {}
    for number, role in enumerate(roles):
        rows.setdefault(tuple(cells[number] for _, cells in columns), []).append(role)
    most = max((kinds for kinds, _ in columns), key=len)
    other = "any room" if len(columns) == 1 else "other rooms"
    heads = [other if kinds is most else ", ".join(kinds) for kinds, _ in columns]
    yield f"| | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}"
    for verdicts, names in rows.items():
        yield f"| {', '.join(names)} | {' | '.join(WORDS[cell] for cell in verdicts)} |"


def agree(cells: list[str], others: list[str]) -> bool:
    """Whether two columns say the same of everybody who can be there."""
    return all(one == other or "-" in (one, other) for one, other in zip(cells, others, strict=True))


def free() -> Iterator[str]:
    """The commands that everyone may use."""
    yield "### With no authority in it\n"
    yield "These are about one's own connection, or tell of the server what everyone may know:"
    lines = ", ".join(f"`/{name}`" for name in sorted(FREE["line"]))
    clients = ", ".join(f"`{name}`" for name in sorted(FREE["irc"]))
    yield f"{lines};\n{clients}."
    yield ""


def write() -> None:
    """Write the page where it belongs."""
    PAGE.write_text(page(), "utf-8")
