"""What `twisted-chat admin` does while no daemon runs: the same commands, on the file itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from chat.config import Config
from chat.factory import ChatFactory
from chat.ops.console import answer
from chat.stores.sqlite import SQLiteHistory


async def on_file(reactor: Any, config: Config, path: str, command: str, arguments: Mapping[str, str]) -> Any:
    """Do a command on the database `path`, which nobody else may hold meanwhile; Refused, StoreError."""
    history = SQLiteHistory(reactor, path, broken=lambda sentence: None)
    history.open()
    try:
        leave_to_its_owner(path)
        chat = ChatFactory(config, history, reactor)
        chat.start()
        try:
            done = await answer(chat, command, arguments)
            await chat.settled()
            return done
        finally:
            chat.stop()
    finally:
        history.close()


def leave_to_its_owner(path: str) -> None:
    """What root makes beside a database is its owner's, whose daemon has to be able to use it."""
    if os.geteuid() == 0:
        owner = os.stat(path)
        os.chown(f"{path}-lock", owner.st_uid, owner.st_gid)
