"""What was found about each territory last, what was erased at the end of retention, what can be taken back."""

from django.db import models


class Examination(models.Model):
    """The findings and standings of one territory, as of two revisions and a day; made again when these moved."""

    territory = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()
    day = models.DateField()
    registers = models.BigIntegerField()
    sensing = models.BigIntegerField()
    body = models.BinaryField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_examination"


class Erased(models.Model):
    """One erasure at the end of retention: what, how many, and what the proof covers."""

    territory = models.CharField(max_length=100)
    purpose = models.CharField(max_length=100)
    at = models.DateTimeField()
    before = models.BigIntegerField(help_text="UTC milliseconds: what began before was erased")
    datastreams = models.BinaryField()
    count = models.BigIntegerField()
    covers = models.BinaryField()
    position = models.BigIntegerField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_erased"
        indexes = (models.Index(fields=("territory", "at")),)


class Undoable(models.Model):
    """One change that can be taken back: what to write, and who made it when."""

    territory = models.CharField(max_length=100)
    account = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_undoable"
        indexes = (models.Index(fields=("at",)),)


class Stood(models.Model):
    """Since when a promise (empty key) or one thing found about it stands as it does."""

    territory = models.CharField(max_length=100)
    promise = models.CharField(max_length=100)
    key = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=30)
    since = models.DateTimeField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_stood"
        constraints = (
            models.UniqueConstraint(fields=("territory", "promise", "key"), name="one_outcome_for_each_finding"),
        )


class Turn(models.Model):
    """One turn of a promise: how it stands from that moment on."""

    territory = models.CharField(max_length=100)
    promise = models.CharField(max_length=100)
    outcome = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_turn"
        indexes = (models.Index(fields=("territory", "at"), name="turns_of_territory"),)


class PutOff(models.Model):
    """What a person does not want to be shown as the next thing before a day."""

    territory = models.CharField(max_length=100)
    account = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    until = models.DateField()
    at = models.DateTimeField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_put_off"
        constraints = (
            models.UniqueConstraint(fields=("territory", "account", "key"), name="put_off_once_by_each_person"),
        )
