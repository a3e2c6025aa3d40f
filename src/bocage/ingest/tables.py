"""What transports and the gate remember in the relational database."""

from django.db import models


class Refused(models.Model):
    """Readings of one series refused (or kept but flagged) for one reason: how many, since when, of what shape."""

    territory = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    key = models.CharField(max_length=300)
    promise = models.CharField(max_length=100)
    code = models.CharField(max_length=100)
    kept = models.BooleanField(default=False)
    count = models.BigIntegerField(default=0)
    first = models.DateTimeField()
    last = models.DateTimeField()
    shape = models.CharField(max_length=200, default="")
    refusal = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "source", "key", "promise", "code"], name="one_count_for_each_reason"
            )
        ]
        indexes = [models.Index(fields=["territory", "last"], name="refused_by_territory")]


class Seen(models.Model):
    """A pattern that the text results of one datastream showed, and how many values showed it."""

    territory = models.CharField(max_length=200)
    datastream = models.CharField(max_length=200)
    pattern = models.CharField(max_length=100)
    count = models.BigIntegerField(default=0)
    last = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "datastream", "pattern"], name="one_count_for_each_pattern")
        ]


class Loaded(models.Model):
    """How far a file was loaded: bytes read and rows passed over, so that an interrupted load goes on."""

    territory = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    position = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    done = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "source", "digest"], name="one_position_for_a_file")
        ]


class Polled(models.Model):
    """The last reading of a source's address: what the server said, what to tell it next time, and not before when.

    `feeds`: ETag and date of each address it led to, as JSON.
    """

    territory = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    etag = models.CharField(max_length=500, default="")
    modified = models.CharField(max_length=100, default="")
    outcome = models.CharField(max_length=500, default="")
    failures = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True, default=None)
    took = models.DateTimeField(null=True, default=None)
    feeds = models.BinaryField(default=b"{}")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "source"], name="one_poll_for_each_source")]


class RefusedMonth(models.Model):
    """Readings of one territory refused (or only flagged) in one month for one reason; without who sent them."""

    territory = models.CharField(max_length=200)
    month = models.CharField(max_length=7)
    promise = models.CharField(max_length=100)
    code = models.CharField(max_length=100)
    kept = models.BooleanField(default=False)
    count = models.BigIntegerField(default=0)
    first = models.DateTimeField()
    last = models.DateTimeField()
    refusal = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "month", "promise", "code", "kept"], name="one_count_for_each_reason_a_month"
            )
        ]


class Session(models.Model):
    """Which topics a broker keeps for a source while we are away."""

    territory = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    client = models.CharField(max_length=100, default="")
    broker = models.CharField(max_length=300)
    topics = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "source", "client"], name="one_session_for_each_client")
        ]
