"""Why something may not happen, in words a person understands.

`Event.check` raises a `Refused`; nothing has changed then.  A wire translates it once: people read
`str(refusal)` as it is, other wires look the class up in a table of their own.
"""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """Something a person asked for may not happen.  Nothing has changed.

    A subclass gives `sentence`, with `{0}`, `{1}` for the arguments it was raised with.
    """

    sentence: ClassVar[str] = "{0}"

    def __str__(self) -> str:
        return self.sentence.format(*self.args)


class Goodbye(Refused):
    """A refusal after which the connection is closed."""
