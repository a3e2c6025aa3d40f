"""What the pages need of the running instance, wired once by `assembly` and given to Django as a setting."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from bocage.accounts.chosen import Chosen
from bocage.accounts.first import First
from bocage.accounts.openid.offered import OpenId
from bocage.accounts.sessions import Uses
from bocage.accounts.tokens import Tokens
from bocage.commons import Shelf
from bocage.evidence import acting
from bocage.imports.handing import Imports
from bocage.jobs import Runner
from bocage.outbox import Mailer
from bocage.publish.certificate.reaching import Reach, guarded
from bocage.publish.indicators import Figures
from bocage.publish.knowledge import Memory
from bocage.publish.paper import Press
from bocage.steer.alerts import Alert
from bocage.steer.letters import Event
from bocage.steer.raising import Tell
from bocage.store.protocol import Store
from bocage.upkeep.report import Report


def _nobody(_alert: Alert, _event: Event, _at: datetime) -> None:
    """Where no mail is set up."""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The wired objects views use; they reach them as `request.parts`.

    `clock` gives the present as an aware datetime. `data` is the data folder (drop folders, size on disk), `backups`
    the folder of backups. `intake` previews and loads files; `tiles` is the address of background tiles, empty when
    off; `chosen` holds what was set on the screen. `tokens` are those of machines. `runner` runs scheduled work.
    `mailer` sends letters. `press` prints documents.
    `memory` keeps what the public is told until something moves, `figures` those of indicators. `first` lets the
    first person of the instance come in.
    `report` tells how the machine does. `signing` lets people in by a provider.
    `commons` is the shelf of what territories share.
    `reach` asks the instance that a certificate comes from.
    `uses` notes when sessions are used. `tell` tells people of alerts that begin or end, `ask` asks those who may
    approve an order that waits.
    """

    store: Store
    clock: Callable[[], datetime]
    data: Path
    backups: Path
    tokens: Tokens
    intake: Any = None
    runner: Runner | None = None
    chosen: Chosen = msgspec.field(default_factory=Chosen)
    tiles: str = ""
    mailer: Mailer | None = None
    press: Press = msgspec.field(default_factory=Press)
    memory: Memory = msgspec.field(default_factory=Memory)
    figures: Figures = msgspec.field(default_factory=Figures)
    first: First = msgspec.field(default_factory=First)
    report: Callable[[], Report] | None = None
    signing: OpenId | None = None
    uses: Uses = msgspec.field(default_factory=Uses)
    tell: Tell = _nobody
    ask: acting.Ask = acting.nobody
    reach: Callable[[str], Reach] = guarded
    commons: Shelf = msgspec.field(default_factory=Shelf)

    @property
    def openid(self) -> OpenId:
        """Signing in by a provider."""
        return self.signing or OpenId(self.chosen, self.clock)

    @property
    def by_mail(self) -> bool:
        """Whether mails leave: a server takes them, and the links they hold lead here."""
        return self.mailer is not None and self.mailer.ready and bool(self.public_url)

    @property
    def imports(self) -> Imports:
        """What exists elsewhere, brought in and taken back."""
        return Imports(self.data, self.intake.reception, self.tell)

    @property
    def public_url(self) -> str:
        """The address people type; empty until somebody set it."""
        return self.chosen.now.public_url
