"""That the benchmarks work, in small: what they measure is not asserted, for it depends on the machine."""
