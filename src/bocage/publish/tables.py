"""What the outward side remembers: how far each subscriber has been sent what came."""

from django.db import models


class Sent(models.Model):
    """Up to which position of the log a subscription was sent what concerns it, and what is on its way.

    `bound`: the position the delivery on its way goes up to, 0 when none is; `parcel`: its number in the outbox.
    """

    territory = models.CharField(max_length=200)
    subscription = models.CharField(max_length=200)
    position = models.BigIntegerField()
    bound = models.BigIntegerField(default=0)
    parcel = models.BigIntegerField(default=0)
    count = models.BigIntegerField(default=0)
    last = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "subscription"], name="one_reach_for_each_subscription")
        ]
