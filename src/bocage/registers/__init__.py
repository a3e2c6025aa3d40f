"""Declarations and their history: one chain of versions per territory, and what holds now."""

from bocage.registers.entry import ANY, Change, Entry, Put, Withdraw
from bocage.registers.erasures import erase
from bocage.registers.holding import rebuild
from bocage.registers.reading import (
    count,
    current,
    everything,
    everywhere,
    find,
    history,
    recent,
    referring,
    territories,
    version,
    versions,
)
from bocage.registers.recording import record
from bocage.registers.revisions import REVISIONS
from bocage.registers.unchanged import Verified
from bocage.registers.verification import Fault, FaultCode, verify

revision = REVISIONS.of

__all__ = [
    "ANY",
    "REVISIONS",
    "Change",
    "Entry",
    "Fault",
    "FaultCode",
    "Put",
    "Verified",
    "Withdraw",
    "count",
    "current",
    "erase",
    "everything",
    "everywhere",
    "find",
    "history",
    "rebuild",
    "recent",
    "record",
    "referring",
    "revision",
    "territories",
    "verify",
    "version",
    "versions",
]
