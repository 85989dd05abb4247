"""Counters that say whether anything has changed; outside of transactions, so never a lock."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_orders")]

    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {name} START 2", f"DROP SEQUENCE {name}")
        for name in ("catalog_change", "catalog_rename")
    ]
