"""Each import of what existed before: who did it with which files, what it wrote, and which rows of the log are its."""

from django.db import models


class Import(models.Model):
    """One import; `body` is `record.Told` as JSON."""

    territory = models.CharField(max_length=100)
    form = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    source = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=("territory", "at"), name="imports_by_territory"),)


class Kept(models.Model):
    """Rows of the log that an import left there: `runs` as JSON, `rows` how many they are."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE)
    runs = models.BinaryField()
    rows = models.BigIntegerField()
