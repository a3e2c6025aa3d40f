"""Tables of people: accounts, sessions, one-time links, failed sign-ins, grants, wishes; and tokens of machines."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their folded address."""

    def named(self, email: str) -> "Account | None":
        """The account of this address, whatever its capitals."""
        return self.filter(email=fold(email)).first()


class Account(AbstractBaseUser):
    """A person who may sign in. `id` is the pseudonym that stands in the registers' chain."""

    id = models.CharField(primary_key=True, max_length=32)
    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    territory = models.CharField(max_length=100, blank=True)
    administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    last_login = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.name


class Session(AbstractBaseSession):
    """A signed-in browser; it knows its account, so that it can be listed and ended."""

    account = models.CharField(max_length=32, blank=True, default="", db_index=True)
    began = models.DateTimeField(null=True)
    agent = models.CharField(max_length=200, blank=True, default="")
    network = models.CharField(max_length=50, blank=True, default="")
    used = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        """Where Django finds the reader of these rows."""
        return SessionStore


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, with the account beside the signed content."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The rows it keeps."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this content."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.account = str(data.get("_auth_user_id", ""))
        began = data.get("began", "")
        row.began = datetime.fromisoformat(began) if began else None
        row.agent = str(data.get("agent", ""))[:200]
        row.network = str(data.get("network", ""))[:50]
        row.used = timezone.now()  # what is written into a session is a use of it
        return row


class OneTimeLink(models.Model):
    """A link that lets one person choose a password once; only the digest of its secret is kept."""

    digest = models.CharField(primary_key=True, max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    expires = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.account.name


class ProviderLink(models.Model):
    """Who an account is at an identity provider, by the provider's own name for the person, which never changes."""

    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_a_person"),
            models.UniqueConstraint(fields=["issuer", "account"], name="one_person_an_account"),
        ]

    def __str__(self) -> str:
        return self.account.name


class Attempt(models.Model):
    """Failed sign-ins of one account or one address; kept for a day at most."""

    subject = models.CharField(primary_key=True, max_length=64)
    failures = models.IntegerField()
    last = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.subject


class GrantRow(models.Model):
    """A role declaration, as sign-in needs it: whose, where, for what, until when. Rebuilt from the registers."""

    territory = models.CharField(max_length=100)
    slug = models.CharField(max_length=200)
    email = models.CharField(max_length=254, db_index=True)
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "slug"], name="one_grant_a_role")]

    def __str__(self) -> str:
        return f"{self.territory}/{self.slug}"


class Token(models.Model):
    """The right of a machine: to write to one source, or to read some datasets. Only the digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    territory = models.CharField(max_length=100, db_index=True)
    title = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    datasets = models.JSONField(default=list)
    issued_by = models.CharField(max_length=32)
    issued_at = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class MailWish(models.Model):
    """What a person wishes of the mails about alerts of one territory; without a row, they come in French."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    territory = models.CharField(max_length=100)
    mails = models.BooleanField(default=True)
    lang = models.CharField(max_length=5, default="fr")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "territory"], name="one_wish_a_territory")]

    def __str__(self) -> str:
        return self.territory


def fold(email: str) -> str:
    """An address as it is compared."""
    return email.strip().casefold()
