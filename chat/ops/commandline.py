"""`twisted-chat admin`: an operator's command line.  It asks the daemon, or works on the file when none runs."""

from __future__ import annotations

import argparse
import difflib
import getpass
import json
import os
import socket
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from chat.config import Config, load, merge
from chat.ops.console import COMMANDS, Command
from chat.ops.table import table
from chat.values import ConfigError

PROGRAM = "twisted-chat admin"
OPTIONS = """\
options, the same as of the daemon:
  --database FILE        the SQLite file [default: chat.sqlite in
                         $STATE_DIRECTORY, else in this directory]
  --config FILE          the TOML file of the daemon, which names the database
  --admin-socket PATH    the socket of the daemon [default: FILE-admin]
  --json                 answer in JSON, for programs
  -h, --help             this, or, behind a command, what that does
"""


class Failed(Exception):
    """It cannot be done; the text is a sentence for the operator."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        end = "" if message.endswith("?") else "."
        print(f"{message[:1].upper()}{message[1:]}{end} See: {self.prog} --help", file=sys.stderr)
        sys.exit(2)


def options(default: Any = None) -> argparse.ArgumentParser:
    """The options that may stand before a command or behind it."""
    parser = Parser(prog=PROGRAM, add_help=False, allow_abbrev=False)
    for name in ("--database", "--config", "--admin-socket"):
        parser.add_argument(name, default=default, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", default=default, help=argparse.SUPPRESS)
    return parser


def parse(arguments: Sequence[str]) -> tuple[Command, argparse.Namespace]:
    """The command that is asked for, and its words; SystemExit."""
    parser = Parser(prog=PROGRAM, parents=[options()], add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    given = parser.parse_args(arguments)
    if given.help or not given.words:
        print(overview(), end="", file=sys.stdout if given.help else sys.stderr)
        sys.exit(0 if given.help else 2)
    found = find(given.words) or parser.error(no_command(given.words))
    rest = given.words[len(found.name.split()) :]
    return found, parser_of(found).parse_args(rest, given)


def find(words: Sequence[str]) -> Command | None:
    """The command that words begin with."""
    return COMMANDS.get(" ".join(words[:2])) or COMMANDS.get(words[0])


def no_command(words: Sequence[str]) -> str:
    """What is said of words that are no command, with the one that was probably meant."""
    begun = [name.split()[1] for name in COMMANDS if name.startswith(f"{words[0]} ")]
    if begun and len(words) == 1:
        return f'"{words[0]}" needs one more word: {", ".join(begun)}'
    asked = " ".join(words[:2]) if begun else words[0]
    near = difflib.get_close_matches(asked, COMMANDS, 1)
    return f'there is no command "{asked}"' + (f'. Did you mean "{near[0]}"?' if near else "")


def parser_of(command: Command) -> argparse.ArgumentParser:
    """The parser of what stands behind a command."""
    summary, _, details = command.help.partition("\n")
    paragraphs = [f"{summary[:1].upper()}{summary[1:]}.", *details.strip().split("\n\n")]
    parser = Parser(
        prog=f"{PROGRAM} {command.name}",
        parents=[options(argparse.SUPPRESS)],
        usage=f"{PROGRAM} {syntax(command)}",
        description="\n\n".join(textwrap.fill(" ".join(each.split()), 79) for each in paragraphs if each),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="help", help=argparse.SUPPRESS)
    for each in command.parameters:
        if each.annotation != "Secret":
            rest: dict[str, Any] = {"nargs": "*", "default": []} if each.annotation == "Words" else {}
            parser.add_argument(each.name, metavar=each.name.upper(), help=argparse.SUPPRESS, **rest)
    return parser


def syntax(command: Command) -> str:
    """`ban TARGET [WHY]`"""
    words = [f"[{p.name.upper()}]" if p.annotation == "Words" else p.name.upper()
             for p in command.parameters if p.annotation != "Secret"]  # fmt: skip
    return " ".join([command.name, *words])


def overview() -> str:
    """What can be asked for."""
    lines = [(syntax(each), each.summary) for each in COMMANDS.values()]
    width = max(len(line) for line, _ in lines)
    commands = "".join(f"  {line:{width}}  {summary}\n" for line, summary in lines)
    return f"usage: {PROGRAM} [options] COMMAND ...\n\ncommands:\n{commands}\n{OPTIONS}"


# -- what a command is given


def arguments_of(command: Command, given: argparse.Namespace) -> dict[str, str]:
    """The arguments of a command, with the secrets that it needs; Failed."""
    found = {}
    for each in command.parameters:
        if each.annotation == "Secret":
            found[each.name] = secret(each.name)
        elif each.annotation == "Words":
            found[each.name] = " ".join(getattr(given, each.name))
        elif each.annotation == "File":
            found[each.name] = os.path.abspath(getattr(given, each.name))
        else:
            found[each.name] = getattr(given, each.name)
    return found


def secret(name: str) -> str:
    """A secret, asked for twice without showing it, or the first line of the input when that is no terminal; Failed."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"New {name}: ")
    if getpass.getpass("Once more: ") != first:
        raise Failed("These two are not the same. Nothing was changed.")
    return first


def config_of(given: argparse.Namespace) -> Config:
    """The configuration of the daemon, as far as it can be known here; Failed."""
    chosen = {"database": given.database, "admin_socket": given.admin_socket}
    try:
        return merge(chosen, load(given.config) if given.config else {})
    except ConfigError as error:
        raise Failed(str(error)) from None


# -- the daemon, or the file


def ask(config: Config, command: str, arguments: dict[str, str]) -> Any:
    """Have the command done; its answer.  Failed."""
    path = config.admin_path(os.environ)
    done = ask_daemon(path, command, arguments) if path else None
    if done is None:
        return ask_file(config, path, command, arguments)
    if "refused" in done:
        raise Failed(done["refused"])
    if command == "backup" and not os.path.exists(arguments["file"]):
        raise Failed(
            f"The daemon wrote {arguments['file']}, but not where you see it: systemd gives it directories of its own. "
            "Name a file in the directory of the database."
        )
    return done["answer"]


def ask_daemon(path: str, command: str, arguments: dict[str, str]) -> Any:
    """What the daemon says, or None where none listens; Failed."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(path)
            with suppress(BrokenPipeError):  # who is refused at once finds the answer there already
                connection.sendall(json.dumps({"command": command, "arguments": arguments}).encode() + b"\n")
            with connection.makefile("rb") as answers:
                line = answers.readline()
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except PermissionError:
            raise Failed(f"{path} is for root and the user who runs the daemon only.") from None
        except OSError as error:
            raise Failed(f"{path} does not answer: {error.strerror or error}.") from None
    if not line.endswith(b"\n"):
        raise Failed("The daemon has gone before it answered. Its log may say why.")
    return json.loads(line)


def ask_file(config: Config, socket_path: str, command: str, arguments: dict[str, str]) -> Any:
    """The same without a daemon; Failed."""
    path = config.database_path(os.environ)
    if path == ":memory:":
        raise Failed(f"No daemon listens at {socket_path or 'a socket'}, and without one there is nothing in memory.")
    if not os.path.exists(path):
        raise Failed(f"There is no {os.path.abspath(path)}. Name the database of the chat with --database or --config.")
    from twisted.internet.defer import Deferred
    from twisted.internet.task import react

    from chat.core.refusals import Refused
    from chat.ops.offline import on_file
    from chat.stores.database import InUse, StoreError

    outcome: list[Any] = []

    def work(reactor: Any) -> Deferred[None]:
        done = Deferred.fromCoroutine(on_file(reactor, config, path, command, arguments))
        return done.addBoth(outcome.append)

    with suppress(SystemExit):
        react(work)
    done = getattr(outcome[0], "value", outcome[0])
    if isinstance(done, InUse):
        where = f"nothing listens at {socket_path}" if socket_path else "its admin socket is off"
        raise Failed(f"A daemon holds {path}, but {where}. If it has just been started or stopped, try again.")
    if isinstance(done, (Refused, StoreError)):
        raise Failed(str(done))
    if isinstance(done, BaseException):
        raise done
    print(f"No daemon runs: this was done in {path} itself.", file=sys.stderr)
    return done


# -- what is shown


def show(command: Command, answer: Any, as_json: bool) -> None:
    """Print an answer."""
    if as_json:
        print(json.dumps({"done": answer} if isinstance(answer, str) else answer))
    elif isinstance(answer, str):
        print(answer)
    else:
        print(table(answer) if answer else command.nothing)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for; the exit status: 0 done, 1 not done, 2 not understood."""
    command, given = parse(arguments)
    try:
        config = config_of(given)
        show(command, ask(config, command.name, arguments_of(command, given)), given.json)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print("\nNothing was done.", file=sys.stderr)
        return 1
    return 0
