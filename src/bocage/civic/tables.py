"""The rows of requests: what names persons stands in columns of its own, which are emptied in time."""

from django.db import models


class RequestRow(models.Model):
    """A request of a person about their data. `name`, `reach`, `words`, `reason`, `reply` may name people; erased once
    `erased` has its moment."""

    territory = models.CharField(max_length=80)
    number = models.IntegerField()
    right = models.CharField(max_length=20)
    purpose = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=20)
    identity = models.CharField(max_length=20)
    received = models.DateField()
    extended = models.DateField(null=True)
    answered = models.DateField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    grounds = models.TextField(blank=True)  # separated by spaces
    name = models.TextField(blank=True)
    reach = models.TextField(blank=True)
    words = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    erased = models.DateTimeField(null=True)

    class Meta:
        app_label = "civic"
        constraints = [models.UniqueConstraint(fields=["territory", "number"], name="one_request_number")]


class RequestStep(models.Model):
    """What was done with a request, when and by whom; it holds no words."""

    request = models.ForeignKey(RequestRow, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    account = models.CharField(max_length=40)
    action = models.CharField(max_length=20)

    class Meta:
        app_label = "civic"


class RestrictionRow(models.Model):
    """A series whose use is restricted at a request, from `since` on and until `lifted`; `told`: when the person was
    told that it would be lifted. It holds no words."""

    territory = models.CharField(max_length=80)
    request = models.IntegerField()
    case = models.CharField(max_length=20)
    series = models.CharField(max_length=120)
    datastream = models.IntegerField()
    since = models.DateField()
    told = models.DateField(null=True)
    lifted = models.DateField(null=True)

    class Meta:
        app_label = "civic"
        constraints = [
            models.UniqueConstraint(fields=["territory", "request", "datastream", "since"], name="one_restriction")
        ]
