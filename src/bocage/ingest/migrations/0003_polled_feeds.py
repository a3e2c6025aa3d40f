# Not before when an address is read again, when it last gave something, and the addresses it led to.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0002_refused_month")]

    operations = [
        migrations.AddField("polled", "not_before", models.DateTimeField(default=None, null=True)),
        migrations.AddField("polled", "took", models.DateTimeField(default=None, null=True)),
        migrations.AddField("polled", "feeds", models.BinaryField(default=b"{}")),
    ]
