"""What carries the instance: its copies, the room left, the clock, the version; and whether all is well with them."""
