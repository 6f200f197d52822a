"""The chat itself: who is here, which rooms there are, what may happen, and who hears of it.

The core knows no wire, no store, no clock and no network: it imports the standard library only, and
`tests/test_layers.py` holds it to that.  Time and ids are given to it; what it decides follows from
the events alone, so the same events make the same registry on every node and at every replay.
"""
