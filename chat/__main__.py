"""`python -m chat [options]`: the same as `twistd -n chat [options]`, also straight from a checkout."""

import sys

from twisted.scripts.twistd import run

if __name__ == "__main__":
    sys.argv = ["twistd", "-n", "--pidfile=", "chat", *sys.argv[1:]]
    run()
