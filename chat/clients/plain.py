"""`twisted-chat join --plain`: lines in, lines out, for pipes and bare systems."""

from __future__ import annotations

import sys

from chat.clients.options import Options


def main(options: Options) -> int:
    """Join, and give the status to exit with."""
    print("The plain client is not part of this version yet.", file=sys.stderr)
    return 1
