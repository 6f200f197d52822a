"""The daemon's benchmarks: each a ratio in one interleaved run against a named other.

`python -m bench all` measures everything and writes docs/performance.md; README.md beside this file says the rest.

In the order to read: servers (what is measured: ours, other commits of ours, peers, floors), workloads (what they are
given to do), bout (one server under one workload), campaign (rounds of bouts, kept as JSON lines), figures (medians,
ranges and ratios), criteria (what must hold), report and plot (docs/performance.md).  ircload.c plays the people, and
checks that each hears every line once and in order; floor.c does nothing but what the kernel asks for.
"""
