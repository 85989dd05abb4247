"""The counter that says whether anything has changed; not part of a transaction, so never a lock."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_orders")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE catalog_change", "DROP SEQUENCE catalog_change")
    ]
