"""HTTP for programs: push, downloads, registers, live events."""
