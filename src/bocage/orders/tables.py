"""The rows of orders, and what was done with each, when and by whom."""

from django.db import models
from django.db.models import Exists, OuterRef

HOLDING = ("sent", "taken", "obeyed", "returning")
GIVEN = (*HOLDING, "returned", "seen")


class OrderRow(models.Model):
    """An order. What the equipment was declared to be when two persons agreed stands with it, so that its way back
    does not depend on what is declared meanwhile. Accounts are pseudonyms."""

    territory = models.CharField(max_length=80)
    number = models.IntegerField()
    actuator = models.CharField(max_length=120)
    version = models.IntegerField()  # of the actuator, as it was read by whoever prepared it
    value = models.FloatField()
    minutes = models.IntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=20)
    prepared_by = models.CharField(max_length=40)
    prepared_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    known = models.BooleanField(default=False)  # whether an identity provider knows both persons
    refused = models.TextField(blank=True)
    address = models.CharField(max_length=500, blank=True)
    sets = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    safe = models.FloatField(default=0.0)
    tolerance = models.FloatField(default=0.0)
    within = models.IntegerField(default=0)  # minutes
    series = models.IntegerField(default=0)  # number of the datastream that shows it, 0 without one
    until = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    obeyed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, blank=True)
    returning_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    parcel = models.BigIntegerField(default=0)

    class Meta:
        app_label = "orders"
        constraints = [
            models.UniqueConstraint(fields=["territory", "number"], name="one_order_number"),
            models.UniqueConstraint(
                fields=["territory", "actuator"], condition=models.Q(state__in=HOLDING), name="one_order_holds"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "territory", "shown_at"], name="orders_by_state"),
            models.Index(fields=["territory", "actuator", "number"], name="orders_by_actuator"),
        ]


class OrderStep(models.Model):
    """What was done with an order; `account` is empty when it happened by itself."""

    order = models.ForeignKey(OrderRow, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    account = models.CharField(max_length=40)
    action = models.CharField(max_length=20)

    class Meta:
        app_label = "orders"


def unended(territory: str) -> list[OrderRow]:
    """Orders that are on their way back, and those back whose series does not show it, unless another one left for the
    same equipment since: what came after says more than what was before."""
    same = {"territory": OuterRef("territory"), "actuator": OuterRef("actuator")}
    later = OrderRow.objects.filter(**same, number__gt=OuterRef("number")).exclude(address="")
    rows = OrderRow.objects.filter(territory=territory)
    unshown = rows.filter(state="returned", shown_at=None, series__gt=0).exclude(Exists(later))
    return sorted((*rows.filter(state="returning"), *unshown), key=lambda row: int(row.number))
