# Which topics a broker keeps for a source while we are away.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0003_polled_feeds")]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=200)),
                ("broker", models.CharField(max_length=300)),
                ("topics", models.JSONField(default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "source"), name="one_session_for_each_source")
                ],
            },
        ),
    ]
