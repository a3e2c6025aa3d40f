"""People and machines: who is speaking, and what they may do."""

from bocage.accounts.grants import refresh_grants
from bocage.accounts.rights import ANYONE, OPERATOR, Actor, Grant, Machine
from bocage.accounts.sessions import actor, who

__all__ = ["ANYONE", "OPERATOR", "Actor", "Grant", "Machine", "actor", "refresh_grants", "who"]
