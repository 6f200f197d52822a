"""What a client remembers from one time to the next: the last server and nick, and certificates that were trusted.

No password is ever written.  The file is for its owner alone (0600), in $XDG_STATE_HOME/twisted-chat.
"""

from __future__ import annotations

import json
import os
from typing import Any


def directory() -> str:
    """Where a client keeps what it remembers (XDG Base Directory Specification)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(state):
        state = os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(state, "twisted-chat")


class Remembered:
    """A file with what is remembered.  One that cannot be read is as none; one that cannot be written is no harm."""

    def __init__(self, path: str = "") -> None:
        self.path = path or os.path.join(directory(), "remembered.json")
        self._values: dict[str, Any] = {}
        try:
            with open(self.path, encoding="utf-8") as file:
                values = json.load(file)
        except (OSError, ValueError):
            return
        if isinstance(values, dict):
            self._values = values

    def get(self, key: str, otherwise: str = "") -> str:
        """What is remembered under a key: "server", "nick", or a setting of a client."""
        value = self._values.get(key, otherwise)
        return value if isinstance(value, str) else otherwise

    def put(self, **values: str) -> None:
        """Remember values under their keys."""
        if any(self._values.get(key) != value for key, value in values.items()):
            self._values.update(values)
            self._write()

    def fingerprint(self, server: str) -> str:
        """The SHA-256 of the certificate that was trusted for `host:port`, or nothing."""
        known = self._values.get("fingerprints")
        value = known.get(server, "") if isinstance(known, dict) else ""
        return value if isinstance(value, str) else ""

    def trust(self, server: str, fingerprint: str) -> None:
        """Trust that certificate for `host:port` from now on; an empty one: none any more."""
        known = self._values.get("fingerprints")
        known = dict(known) if isinstance(known, dict) else {}
        if fingerprint:
            known[server] = fingerprint
        else:
            known.pop(server, None)
        self._values["fingerprints"] = known
        self._write()

    def _write(self) -> None:
        new = f"{self.path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(self._values, file, indent=1, ensure_ascii=False)
            os.replace(new, self.path)
        except OSError:
            return
