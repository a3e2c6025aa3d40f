"""The demonstration territories with what takes readings in, behind the routes for programs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.core.management import call_command
from starlette.applications import Starlette

from bocage.api import live, problem, push
from bocage.api.parts import Parts
from bocage.api.sensorthings import pushing, windows
from bocage.api.sensorthings import serving as sensorthings
from bocage.domain.errors import BocageError
from bocage.store.memory import MemoryStore

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MAIN, BESIDE = "val-de-loire", "marais"


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """What a test needs: the parts, the application, and a token for the source of air sensors."""

    parts: Parts
    app: push.App
    token: str

    @property
    def store(self) -> MemoryStore:
        assert isinstance(self.parts.store, MemoryStore)
        return self.parts.store


def running(data: Path) -> Iterator[Instance]:
    """Both territories of the demonstration, declared and empty."""
    from bocage import cli, evidence
    from bocage.accounts import OPERATOR
    from bocage.accounts.tokens import Tokens
    from bocage.ingest.intake import Intake

    call_command("flush", verbosity=0, interactive=False)
    store, tokens = MemoryStore(), Tokens()
    for name in (MAIN, BESIDE):
        folder = Path(cli.__file__).parent / "demonstration" / name
        evidence.apply(folder, "", OPERATOR, AT, evidence.Choice(rebase=False))
    evidence.connect(store)
    intake = Intake(store, lambda: AT, data)
    parts = Parts(store=store, intake=intake, clock=lambda: AT, data=data, tokens=tokens)
    routes = [*push.routes(parts), *live.routes(parts), *sensorthings.routes(parts)]
    routed = Starlette(routes=routes, exception_handlers={BocageError: problem.told})
    app = pushing.first(parts, push.first(parts, windows.first(parts, routed)))
    yield Instance(parts=parts, app=app, token=tokens.issue(MAIN, "operator", AT, source="air-ecoles"))
    evidence.connect(None)
    call_command("flush", verbosity=0, interactive=False)
