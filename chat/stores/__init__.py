"""Where events are kept: `MemoryHistory` until the process ends, `SQLiteHistory` in a file."""
