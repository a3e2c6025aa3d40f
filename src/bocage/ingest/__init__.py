"""Transports and the gate: what arrives, what is kept, what is refused and why."""
