"""Gathers facts, runs gates on every change and duties over a territory, and keeps what was found."""

from bocage.evidence import facts, retention
from bocage.evidence.applying import Choice, apply, export
from bocage.evidence.asked import Asked, PutEntity, PutStay, RemoveEntity, RemoveStay
from bocage.evidence.beginning import init
from bocage.evidence.certifying import Issued, certificate, certificates
from bocage.evidence.certifying import withdraw as withdraw_certificate
from bocage.evidence.changing import Changed, asked, change, erase_personal
from bocage.evidence.declined import COUNTING, declined
from bocage.evidence.examining import Kept, commitments, examine_all, failures, findings, found
from bocage.evidence.log import LOG
from bocage.evidence.merging import merge, merging
from bocage.evidence.roles import taken
from bocage.evidence.shared import COMMONS
from bocage.evidence.turning import Turned, turns
from bocage.evidence.undoing import back, undo, undoable
from bocage.evidence.using import USING
from bocage.evidence.witnessing import certify
from bocage.registers import Put, Withdraw

connect = LOG.connect
withhold = LOG.withhold
holds_back = LOG.holds_back
share = COMMONS.connect
usage = USING.usage
count_declined = COUNTING.flush

__all__ = [
    "Asked",
    "Changed",
    "Choice",
    "Issued",
    "Kept",
    "Put",
    "PutEntity",
    "PutStay",
    "RemoveEntity",
    "RemoveStay",
    "Turned",
    "Withdraw",
    "apply",
    "asked",
    "back",
    "certificate",
    "certificates",
    "certify",
    "change",
    "commitments",
    "connect",
    "count_declined",
    "declined",
    "erase_personal",
    "examine_all",
    "export",
    "facts",
    "failures",
    "findings",
    "found",
    "holds_back",
    "init",
    "merge",
    "merging",
    "retention",
    "share",
    "taken",
    "turns",
    "undo",
    "undoable",
    "usage",
    "withdraw_certificate",
    "withhold",
]
