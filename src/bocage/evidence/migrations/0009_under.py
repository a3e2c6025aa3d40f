# Which rule or slip of the archives let something be erased.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0008_offers")]

    operations = [
        migrations.AddField(
            model_name="erased",
            name="under",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
