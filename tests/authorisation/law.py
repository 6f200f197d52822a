"""The law: for each right a table of roles and kinds of rooms, written by hand.

Nothing here is taken from the code that is tested.  A letter in a table is the verdict:

    .  yes                              -  there is nobody of that role in such a room
    h  it is so already: nothing happens, nothing is refused
    ~  nothing is shown, as if there were no such thing
    s  sign in first                    x  you are not in the room
    b  you are banned                   i  for invited people only
    k  the room needs its key           f  the room is full
    a  for people with an account only  A  you have an account
    g  you have no account              v  you may not speak there
    n  only an operator of the room     o  only an operator of the server
    y  the line is not yours            p  only that person may
    e  no roleplay in that room         c  the room keeps its name
    w  wrong password                   t  you may not change your name while you are silenced there
    F  only the founder of the room     O  the room is somebody's, or yours, already
    N  the room is nobody's
"""

from __future__ import annotations

#: The columns, in their order, and what the page says of them.
KINDS = {
    "open": "open, as a new room is",
    "moderated": "moderated (`/moderated on`, `+m`)",
    "private": "for invited people only (`/private on`, `+i`)",
    "keyed": "with a key (`+k`)",
    "secret": "secret (`/secret on`, `+s`)",
    "full": "full (`+l`)",
    "accounts": "for accounts only (`+R`)",
    "quiet": "where only accounts may speak (`+M`)",
    "topic": "where everyone may change the topic (`-t`)",
    "outside": "that takes messages from outside (`-n`)",
    "stage": "with roleplay (`+E`)",
    "lobby": "the lobby, which is nobody's",
}

#: The rows, in their order, and what the page says of them.
ROLES = {
    "stranger": "not signed in yet",
    "outsider": "a guest, not in the room",
    "visitor": "has an account, not in the room",
    "absent": "an operator of the room with an account, not in it",
    "invited": "a guest, not in the room, invited by an operator of it",
    "banned": "a guest, not in the room, banned",
    "guest": "a guest in the room",
    "muted": "a guest in the room, muted",
    "barred": "a guest in the room, banned but not put out",
    "member": "has an account, in the room",
    "voiced": "a guest in the room with a voice",
    "operator": "an operator of the room",
    "founder": "an operator whose account owns the room (`/found`, ChanServ)",
    "helper": "an operator of the server, in the room, with no role there",
    "warden": "an operator of the server, not in the room",
}

OUTSIDE = ("outsider", "visitor", "absent", "invited", "banned", "warden")
SILENCED = ("muted", "barred")
ACCOUNTS = ("visitor", "absent", "member", "operator", "founder")

#: Who may, by the name of the right.  The second line of each has the kinds of rooms.
RIGHTS = {}


def right(name: str, meaning: str, table: str) -> None:
    head, *rows = (line.split() for line in table.strip().splitlines())
    assert head == list(KINDS), name
    assert [row[0] for row in rows] == list(ROLES), name
    RIGHTS[name] = Right(meaning, {role: dict(zip(KINDS, cells, strict=True)) for role, *cells in rows})


class Right:
    """What somebody may or may not: its meaning, and the verdict for each role and kind of room."""

    def __init__(self, meaning: str, verdicts: dict[str, dict[str, str]]) -> None:
        self.meaning, self.verdicts = meaning, verdicts


right(
    "enter",
    "Come into a room. An invitation by an operator opens every door; a ban, and a key or a limit, do not stop"
    " those who are its operators, or the server's.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  .    .         i       k     .      f    a        .     .     .       .     .
visitor   .    .         i       k     .      f    .        .     .     .       .     .
absent    .    .         .       .     .      .    .        .     .     .       .     -
invited   .    .         .       .     .      .    .        .     .     .       .     .
banned    b    b         b       b     b      b    b        b     b     b       b     b
guest     h    h         h       h     h      h    h        h     h     h       h     h
muted     h    h         h       h     h      h    h        h     h     h       h     h
barred    h    h         h       h     h      h    h        h     h     h       h     h
member    h    h         h       h     h      h    h        h     h     h       h     h
voiced    h    h         h       h     h      h    h        h     h     h       h     h
operator  h    h         h       h     h      h    h        h     h     h       h     -
founder   h    h         h       h     h      h    h        h     h     h       h     -
helper    h    h         h       h     h      h    h        h     h     h       h     h
warden    .    .         .       .     .      .    .        .     .     .       .     .
    """,
)
right(
    "unlock",
    "Come into a room with the right key. It opens that door and no other.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  .    .         i       .     .      f    a        .     .     .       .     .
visitor   .    .         i       .     .      f    .        .     .     .       .     .
absent    .    .         .       .     .      .    .        .     .     .       .     -
invited   .    .         .       .     .      .    .        .     .     .       .     .
banned    b    b         b       b     b      b    b        b     b     b       b     b
guest     h    h         h       h     h      h    h        h     h     h       h     h
muted     h    h         h       h     h      h    h        h     h     h       h     h
barred    h    h         h       h     h      h    h        h     h     h       h     h
member    h    h         h       h     h      h    h        h     h     h       h     h
voiced    h    h         h       h     h      h    h        h     h     h       h     h
operator  h    h         h       h     h      h    h        h     h     h       h     -
founder   h    h         h       h     h      h    h        h     h     h       h     -
helper    h    h         h       h     h      h    h        h     h     h       h     h
warden    .    .         .       .     .      .    .        .     .     .       .     .
    """,
)
right(
    "speak",
    "Say something in a room, from wherever you are. Only a room without `+n` hears those who are not in it."
    " An operator of the server speaks where it has a voice, as everyone.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     .       x     x
visitor   x    x         x       x     x      x    x        x     x     .       x     x
absent    x    x         x       x     x      x    x        x     x     .       x     -
invited   x    x         x       x     x      x    x        x     x     .       x     x
banned    x    x         x       x     x      x    x        x     x     v       x     x
guest     .    v         .       .     .      .    .        v     .     .       .     .
muted     v    v         v       v     v      v    v        v     v     v       v     v
barred    v    v         v       v     v      v    v        v     v     v       v     v
member    .    v         .       .     .      .    .        .     .     .       .     .
voiced    .    .         .       .     .      .    .        .     .     .       .     .
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    v         .       .     .      .    .        v     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     .       x     x
    """,
)
right(
    "speak here",
    "Say something in the room you are in; answer a line, react to it, change a line of yours.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     .    v         .       .     .      .    .        v     .     .       .     .
muted     v    v         v       v     v      v    v        v     v     v       v     v
barred    v    v         v       v     v      v    v        v     v     v       v     v
member    .    v         .       .     .      .    .        .     .     .       .     .
voiced    .    .         .       .     .      .    .        .     .     .       .     .
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    v         .       .     .      .    .        v     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "change another's line",
    "Change what somebody else said: nobody may.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     y    v         y       y     y      y    y        v     y     y       y     y
muted     v    v         v       v     v      v    v        v     v     v       v     v
barred    v    v         v       v     v      v    v        v     v     v       v     v
member    y    v         y       y     y      y    y        y     y     y       y     y
voiced    y    y         y       y     y      y    y        y     y     y       y     y
operator  y    y         y       y     y      y    y        y     y     y       y     -
founder   y    y         y       y     y      y    y        y     y     y       y     -
helper    y    v         y       y     y      y    y        v     y     y       y     y
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "remove another's line",
    "Remove what somebody else said, so that its text is kept no more.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     y    y         y       y     y      y    y        y     y     y       y     y
muted     y    y         y       y     y      y    y        y     y     y       y     y
barred    y    y         y       y     y      y    y        y     y     y       y     y
member    y    y         y       y     y      y    y        y     y     y       y     y
voiced    y    y         y       y     y      y    y        y     y     y       y     y
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "be there",
    "What is for everyone in the room, the silenced too: leave it, read and search what was said there, take back"
    " what you said yourself. What was said in a room is for those who are in it: whoever was put out reads nothing"
    " of it, neither what was said before nor what is said after, until they come in again.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     .    .         .       .     .      .    .        .     .     .       .     .
muted     .    .         .       .     .      .    .        .     .     .       .     .
barred    .    .         .       .     .      .    .        .     .     .       .     .
member    .    .         .       .     .      .    .        .     .     .       .     .
voiced    .    .         .       .     .      .    .        .     .     .       .     .
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "see",
    "See that a room is there, what it is about, and who is in it. A secret room is seen by those who are in it,"
    " and by the operators of the server.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  .    .         .       .     ~      .    .        .     .     .       .     .
visitor   .    .         .       .     ~      .    .        .     .     .       .     .
absent    .    .         .       .     ~      .    .        .     .     .       .     -
invited   .    .         .       .     ~      .    .        .     .     .       .     .
banned    .    .         .       .     ~      .    .        .     .     .       .     .
guest     .    .         .       .     .      .    .        .     .     .       .     .
muted     .    .         .       .     .      .    .        .     .     .       .     .
barred    .    .         .       .     .      .    .        .     .     .       .     .
member    .    .         .       .     .      .    .        .     .     .       .     .
voiced    .    .         .       .     .      .    .        .     .     .       .     .
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     .
warden    .    .         .       .     .      .    .        .     .     .       .     .
    """,
)
right(
    "know",
    "Read what is said about a room by keys: for those in it, and for everyone where everyone may come in.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  .    .         ~       ~     ~      .    .        .     .     .       .     .
visitor   .    .         ~       ~     ~      .    .        .     .     .       .     .
absent    .    .         ~       ~     ~      .    .        .     .     .       .     -
invited   .    .         ~       ~     ~      .    .        .     .     .       .     .
banned    .    .         ~       ~     ~      .    .        .     .     .       .     .
guest     .    .         .       .     .      .    .        .     .     .       .     .
muted     .    .         .       .     .      .    .        .     .     .       .     .
barred    .    .         .       .     .      .    .        .     .     .       .     .
member    .    .         .       .     .      .    .        .     .     .       .     .
voiced    .    .         .       .     .      .    .        .     .     .       .     .
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     .
warden    .    .         ~       ~     .      .    .        .     .     .       .     .
    """,
)
right(
    "change the topic",
    "Say what a room is about. Where everyone may, it is for those who may speak: a topic is read as a line is.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     n    n         n       n     n      n    n        n     .     n       n     .
muted     n    n         n       n     n      n    n        n     v     n       n     v
barred    n    n         n       n     n      n    n        n     v     n       n     v
member    n    n         n       n     n      n    n        n     .     n       n     .
voiced    n    n         n       n     n      n    n        n     .     n       n     .
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "operate",
    "Say who may be in a room, who may speak, and how it is. The operators of the server may wherever they are in"
    " the room, and so the lobby has somebody to keep order.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     n    n         n       n     n      n    n        n     n     n       n     n
muted     n    n         n       n     n      n    n        n     n     n       n     n
barred    n    n         n       n     n      n    n        n     n     n       n     n
member    n    n         n       n     n      n    n        n     n     n       n     n
voiced    n    n         n       n     n      n    n        n     n     n       n     n
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "touch the founder",
    "Put the founder of a room out, or make it an ordinary member: for itself, and for operators of the server.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     n    n         n       n     n      n    n        n     n     n       n     n
muted     n    n         n       n     n      n    n        n     n     n       n     n
barred    n    n         n       n     n      n    n        n     n     n       n     n
member    n    n         n       n     n      n    n        n     n     n       n     n
voiced    n    n         n       n     n      n    n        n     n     n       n     n
operator  F    F         F       F     F      F    F        F     F     F       F     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "give the room",
    "Give a room to somebody else, who needs an account.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     n    n         n       n     n      n    n        n     n     n       n     n
muted     n    n         n       n     n      n    n        n     n     n       n     n
barred    n    n         n       n     n      n    n        n     n     n       n     n
member    n    n         n       n     n      n    n        n     n     n       n     n
voiced    n    n         n       n     n      n    n        n     n     n       n     n
operator  F    F         F       F     F      F    F        F     F     F       F     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     N
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "claim the room",
    "Own a room that is nobody's, as its operator with an account. Here it is somebody's already.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     n    n         n       n     n      n    n        n     n     n       n     n
muted     n    n         n       n     n      n    n        n     n     n       n     n
barred    n    n         n       n     n      n    n        n     n     n       n     n
member    n    n         n       n     n      n    n        n     n     n       n     n
voiced    n    n         n       n     n      n    n        n     n     n       n     n
operator  O    O         O       O     O      O    O        O     O     O       O     -
founder   O    O         O       O     O      O    O        O     O     O       O     -
helper    O    O         O       O     O      O    O        O     O     O       O     N
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "rename the room",
    "Give a room another name. The lobby keeps its own.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     n    n         n       n     n      n    n        n     n     n       n     n
muted     n    n         n       n     n      n    n        n     n     n       n     n
barred    n    n         n       n     n      n    n        n     n     n       n     n
member    n    n         n       n     n      n    n        n     n     n       n     n
voiced    n    n         n       n     n      n    n        n     n     n       n     n
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     c
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "invite",
    "Ask somebody in. Where only invited people come in, only operators may.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     x       x     x
guest     .    .         n       .     .      .    .        .     .     .       .     .
muted     .    .         n       .     .      .    .        .     .     .       .     .
barred    .    .         n       .     .      .    .        .     .     .       .     .
member    .    .         n       .     .      .    .        .     .     .       .     .
voiced    .    .         n       .     .      .    .        .     .     .       .     .
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    .         .       .     .      .    .        .     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)
right(
    "play",
    "Speak as a character. The room has to have roleplay switched on.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     e       x     x
visitor   x    x         x       x     x      x    x        x     x     e       x     x
absent    x    x         x       x     x      x    x        x     x     e       x     -
invited   x    x         x       x     x      x    x        x     x     e       x     x
banned    x    x         x       x     x      x    x        x     x     v       x     x
guest     e    v         e       e     e      e    e        v     e     e       .     e
muted     v    v         v       v     v      v    v        v     v     v       v     v
barred    v    v         v       v     v      v    v        v     v     v       v     v
member    e    v         e       e     e      e    e        e     e     e       .     e
voiced    e    e         e       e     e      e    e        e     e     e       .     e
operator  e    e         e       e     e      e    e        e     e     e       .     -
founder   e    e         e       e     e      e    e        e     e     e       .     -
helper    e    v         e       e     e      e    e        v     e     e       .     e
warden    x    x         x       x     x      x    x        x     x     e       x     x
    """,
)
right(
    "relay",
    "Pass on what people of another network say: for operators of the room, as far as they may speak.",
    """
          open moderated private keyed secret full accounts quiet topic outside stage lobby
stranger  s    s         s       s     s      s    s        s     s     s       s     s
outsider  x    x         x       x     x      x    x        x     x     x       x     x
visitor   x    x         x       x     x      x    x        x     x     x       x     x
absent    x    x         x       x     x      x    x        x     x     x       x     -
invited   x    x         x       x     x      x    x        x     x     x       x     x
banned    x    x         x       x     x      x    x        x     x     v       x     x
guest     n    v         n       n     n      n    n        v     n     n       n     n
muted     v    v         v       v     v      v    v        v     v     v       v     v
barred    v    v         v       v     v      v    v        v     v     v       v     v
member    n    v         n       n     n      n    n        n     n     n       n     n
voiced    n    n         n       n     n      n    n        n     n     n       n     n
operator  .    .         .       .     .      .    .        .     .     .       .     -
founder   .    .         .       .     .      .    .        .     .     .       .     -
helper    .    v         .       .     .      .    .        v     .     .       .     .
warden    x    x         x       x     x      x    x        x     x     x       x     x
    """,
)


def simple(name: str, meaning: str, verdicts: str) -> None:
    """A right that no room has to do with: role=verdict, and for all others yes."""
    other = {"stranger": "s"} | dict(each.split("=") for each in verdicts.split())
    rows = {role: dict.fromkeys(KINDS, other.get(role, ".")) for role in ROLES}
    for role in ("absent", "operator", "founder"):
        rows[role]["lobby"] = "-"
    RIGHTS[name] = Right(meaning, rows)


def everyone_but(roles: tuple[str, ...], verdict: str) -> str:
    return " ".join(f"{role}={verdict}" for role in ROLES if role not in roles and role != "stranger")


simple("be here", "What everyone may who has signed in.", "")
simple(
    "run the server",
    "Put people out of the server, call all who listen, read the configuration again, speak for others.",
    everyone_but(("helper", "warden"), "o"),
)
simple("be of another", "Change what is known of somebody else.", everyone_but(("helper", "warden"), "p"))
simple("prove wrongly", "Become an operator of the server without the password: nobody may.", everyone_but((), "w"))
simple(
    "change your name",
    "Be called something else. Whoever is muted or banned in a room keeps its name there, so as not to shed that.",
    "muted=t barred=t",
)
simple("have no account yet", "Make an account.", " ".join(f"{role}=A" for role in ACCOUNTS))
simple("have an account", "Change what is of an account, or leave it.", everyone_but(ACCOUNTS, "g"))
