"""Tables of scheduled work: what ran, when, and how it ended."""

from django.db import connection, models


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


def let_go() -> None:
    """Close this thread's connection; a thread that ends without it would leave the file open."""
    connection.close()
