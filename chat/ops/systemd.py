"""Word to systemd: the daemon is ready, alive or stopping. Without systemd nothing happens.

The rules are those of the manual pages sd_notify(3) and sd_watchdog_enabled(3).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

_PATIENCE = 1.0  # seconds; a full socket must not stop the daemon, and a lost ping costs less than a long pause


def notify(state: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Send lines such as "READY=1" to $NOTIFY_SOCKET, and tell whether systemd took them.

    False when there is no such socket or nobody reads it; nothing is raised, since a daemon can do without.
    """
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.settimeout(_PATIENCE)
            connection.sendto(state.encode(), address)
    except OSError:
        return False
    return True


def watchdog_interval(environ: Mapping[str, str] = os.environ) -> float | None:
    """Seconds between two "WATCHDOG=1", half of what systemd allows; None if it expects none from this process."""
    allowed, process = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if process and process != str(os.getpid()):
        return None
    if not (allowed.isascii() and allowed.isdecimal()) or int(allowed) == 0:
        return None
    return int(allowed) / 2 / 1_000_000
