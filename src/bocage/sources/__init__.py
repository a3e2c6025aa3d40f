"""Source plug-ins, one folder each: pure functions from bytes to readings, loaded by name."""
