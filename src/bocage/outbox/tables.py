"""The table of deliveries: what leaves the instance, and how far it got."""

from django.db import models


class ParcelRow(models.Model):
    """One delivery; `key` is the same at every try, so that the receiver can drop repeats."""

    kind = models.CharField(max_length=50)
    key = models.CharField(max_length=200, unique=True)
    payload = models.BinaryField()
    made_at = models.DateTimeField()
    since = models.DateTimeField()
    state = models.CharField(max_length=20)
    tries = models.IntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try"], name="parcels_due")]

    def __str__(self) -> str:
        return self.key


def by_state() -> dict[str, int]:
    """How many deliveries are in each state, by one question; states of none are left out."""
    return dict(ParcelRow.objects.values_list("state").annotate(models.Count("id")))
