"""A declaration as the registers keep it, and what can be asked of them."""

from datetime import datetime

import msgspec

from bocage.domain.declaration import Declaration, Key

ANY = -1


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a declaration. `author` is the pseudonym of an account; `digest` its link in the chain.

    `erased` names the personal fields that were erased: they read as empty. `withdrawn`: this version says
    that the declaration no longer holds; its body is the last one that did.
    """

    key: Key
    version: int
    body: Declaration
    author: str
    at: datetime
    digest: str
    erased: frozenset[str] = frozenset()
    withdrawn: bool = False
    sequence: int = 0


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """Declare it, or declare it anew.

    `expected` is the version the writer saw: None says that there was none, ANY that it does not matter.
    """

    key: Key
    body: Declaration
    expected: int | None = None


class Withdraw(msgspec.Struct, frozen=True, kw_only=True):
    """It no longer holds; its history stays."""

    key: Key
    expected: int | None = ANY


Change = Put | Withdraw
