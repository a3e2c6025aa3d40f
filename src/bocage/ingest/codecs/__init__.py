"""Vendors' JavaScript that reads the bytes of sensors, run in a process of its own that may do nothing else."""
