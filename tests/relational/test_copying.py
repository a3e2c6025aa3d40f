"""Every row of the tables is taken over into another database, and both are compared."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from tests.postgres import Databases

from bocage import relational
from bocage.domain.errors import Conflict
from bocage.jobs.tables import Run
from bocage.store.postgres.connections import parts


def _rows() -> None:
    for number in range(3):
        Run.objects.create(name=f"job {number}", started=timezone.now(), outcome="done", text="é")
    Session.objects.create(session_key="a", session_data="b", expire_date=timezone.now())


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_copy_holds_every_row(db: Path, databases: Databases, tmp_path: Path, kind: str) -> None:
    _rows()
    target = tmp_path / "copy.sqlite" if kind == "file" else parts(databases.new())
    found = {table.name: table.rows for table in relational.copied(target)}
    assert found["jobs_run"] == 3
    assert found["django_session"] == 1
    assert found["auth_permission"] > 0
    with pytest.raises(Conflict):
        relational.copied(target)
    assert connection.vendor == "sqlite"  # what it did aside is over
    assert Run.objects.count() == 3
