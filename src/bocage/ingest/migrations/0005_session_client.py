# Several processes may each have a session of their own for one source.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0004_session")]

    operations = [
        migrations.AddField(model_name="session", name="client", field=models.CharField(default="", max_length=100)),
        migrations.RemoveConstraint(model_name="session", name="one_session_for_each_source"),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                fields=("territory", "source", "client"), name="one_session_for_each_client"
            ),
        ),
    ]
