"""Tables of scheduled work: what ran, when, and how it ended."""

from collections.abc import Sequence

from django.db import connection, models
from django.db.models.functions import RowNumber


class Run(models.Model):
    """One run of a job; `ended` is empty while it runs."""

    name = models.CharField(max_length=100)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["name", "-started"], name="runs_of_job")]

    def __str__(self) -> str:
        return f"{self.name} {self.started:%Y-%m-%d %H:%M} {self.outcome}"


def newest(names: Sequence[str]) -> list[Run]:
    """The last run of each of these jobs that ever ran, by one question."""
    place = models.Window(RowNumber(), partition_by="name", order_by=("-started", "-id"))
    return list(Run.objects.filter(name__in=names).annotate(place=place).filter(place=1))


def let_go() -> None:
    """Close this thread's connection; a thread that ends without it would leave the file open."""
    connection.close()
