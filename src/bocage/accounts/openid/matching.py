"""Which account somebody of the provider has here: by the address the provider checked, then by its own name for them.

Nobody gets an account this way: people are invited, and what they may do follows from the register of roles.
"""

from datetime import datetime

from bocage import relational
from bocage.accounts.openid.claims import Claims
from bocage.accounts.openid.fault import Fault, SignInFailure
from bocage.accounts.tables import Account, ProviderLink


def matched(issuer: str, claims: Claims, *, vouches: bool = False) -> str:
    """The account of somebody; SignInFailure says why there is none for them.

    `vouches`: the provider is trusted for the addresses it gives, even where it does not say that it checked them.
    """
    link = ProviderLink.objects.filter(issuer=issuer, subject=claims.subject).select_related("account").first()
    if link:
        return _open(link.account)
    if not claims.email:
        raise SignInFailure(Fault.NO_EMAIL)
    if not claims.verified and not vouches:
        raise SignInFailure(Fault.UNVERIFIED, claims.email)
    row = Account.objects.named(claims.email)
    if row is None:
        raise SignInFailure(Fault.UNKNOWN, claims.email)
    if ProviderLink.objects.filter(issuer=issuer, account=row).exists():
        raise SignInFailure(Fault.REPLACED, claims.email)
    return _open(row)


def pin(issuer: str, claims: Claims, account: str, at: datetime) -> None:
    """Remember that this account is this person of the provider: another one with the same address is not let in."""
    with relational.transaction():
        row, _new = ProviderLink.objects.get_or_create(
            issuer=issuer, account_id=account, defaults={"subject": claims.subject, "since": at}
        )
        if row.subject != claims.subject:  # somebody else was quicker
            raise SignInFailure(Fault.REPLACED, claims.email)


def pinned() -> dict[str, datetime]:
    """The accounts that are known to a provider, and since when."""
    return dict(ProviderLink.objects.order_by("since").values_list("account_id", "since"))


def unpin(account: str) -> int:
    """Forget who this account is at the provider: the next one with its address is taken for it."""
    return ProviderLink.objects.filter(account_id=account).delete()[0]


def _open(account: Account) -> str:
    if not account.is_active:
        raise SignInFailure(Fault.CLOSED)
    return str(account.pk)
