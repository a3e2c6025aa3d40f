# Which location said that a thing stood somewhere.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sensing", "0001_initial")]

    operations = [
        migrations.AddField(model_name="historicallocation", name="location", field=models.IntegerField(null=True)),
    ]
