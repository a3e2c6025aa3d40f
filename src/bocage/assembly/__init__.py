"""Wires everything, mounts web and api in one ASGI app, starts and stops it; no logic."""
