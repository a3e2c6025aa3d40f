"""Who may look after the account of somebody else: never whoever administers only one of the territories it opens."""

from collections.abc import Iterable

from bocage.accounts.rights import Actor, Right, may


def may_manage(actor: Actor, territories: Iterable[str], *, administrator: bool) -> bool:
    """Whether a person may invite again, rename or close an account tied to these territories.

    An administrator of one territory never gets hold of an account that opens another, nor of an administrator
    of the instance.
    """
    if actor.operator or actor.administrator:
        return True
    tied = tuple(territories)
    return bool(tied) and not administrator and all(may(actor, Right.MANAGE_ACCOUNTS, place) for place in tied)
