"""@command: the signature is the syntax, the docstring is the help, the decorator registers.

A command is a function whose first parameter is the client and whose others are the words of the line, in
order.  A parameter annotated `Text` takes the rest of the line.  A parameter without a default must be
given.  The first line of the docstring is `SYNTAX -- what it does`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import NewType

from chat.core.refusals import NeedsMore, NoSuchCommand, TooMuch

#: The rest of a line, blanks and all.
Text = NewType("Text", str)

Function = Callable[..., "Awaitable[None] | None"]


class Verb:
    """A command of a wire: its names, its help, and how a line becomes its arguments."""

    def __init__(self, function: Function, name: str, speech: bool) -> None:
        self.function, self.name, self.speech = function, name, speech
        self.syntax, _, self.summary = (inspect.getdoc(function) or "").partition("\n")[0].partition(" -- ")
        self.details = (inspect.getdoc(function) or "").partition("\n")[2].strip()
        parameters = list(inspect.signature(function).parameters.values())[1:]
        self.required = sum(p.default is p.empty and p.kind is not p.VAR_POSITIONAL for p in parameters)
        self.most = sys.maxsize if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(parameters)
        self._text = bool(parameters) and parameters[-1].annotation in ("Text", "Text | None")

    def arguments(self, rest: str) -> list[str]:
        """The words of a line as the arguments of the function; NeedsMore, TooMuch."""
        words = rest.split(None, self.most - 1 if self._text else -1) if self.most else rest.split()
        if len(words) < self.required:
            raise NeedsMore(self.syntax, self.summary)
        if len(words) > self.most:
            raise TooMuch(self.syntax, self.summary)
        return words


class Commands:
    """The commands of one wire, by name; `mark` is what people type before a name."""

    def __init__(self, mark: str = "") -> None:
        self.mark = mark
        self._verbs: dict[str, Verb] = {}
        self._all: list[Verb] = []

    def __call__(self, name: str, *also: str, speech: bool = False) -> Callable[[Function], Function]:
        """Decorate the function that does `name`."""

        def register(function: Function) -> Function:
            verb = Verb(function, name, speech)
            self._all.append(verb)
            for each in (name, *also):
                self._verbs[each.lower()] = verb
            return function

        return register

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._verbs

    def __iter__(self) -> Iterator[Verb]:
        return iter(self._all)

    def get(self, name: str) -> Verb | None:
        """The command of that name, in any case of letters, if there is one."""
        return self._verbs.get(name.lower())

    def find(self, name: str) -> Verb:
        """The command of that name, in any case of letters; NoSuchCommand, with the nearest name there is."""
        try:
            return self._verbs[name.lower()]
        except KeyError:
            near = self._nearest(name.lower())
            hint = f" Did you mean {self.mark}{near}?" if near else ""
            raise NoSuchCommand(self.mark + name, hint) from None

    def _nearest(self, name: str) -> str | None:
        """The name that was probably meant: best of all one with the same letters in another order."""
        if "/" in name:  # a path
            return None
        from difflib import get_close_matches

        near = get_close_matches(name, self._verbs, n=5)
        swapped = [each for each in near if sorted(each) == sorted(name)]
        return next(iter(swapped + near), None)


def split(line: str) -> tuple[str, str]:
    """A line as its first word and the rest behind one blank."""
    word, _, rest = line.partition(" ")
    return word, rest


__all__ = ["Commands", "Text", "Verb", "split"]
