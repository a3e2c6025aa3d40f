"""Scheduled work: what is due, one thread that runs it, and the record of every run."""
