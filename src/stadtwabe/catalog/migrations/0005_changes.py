"""Counters that say whether anything has changed; outside of transactions, so never a lock."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_orders")]

    operations = [
        # The first number is taken here: reading an unused sequence shows it all the same.
        migrations.RunSQL(
            [f"CREATE SEQUENCE {name}", f"SELECT nextval('{name}')"], f"DROP SEQUENCE {name}"
        )
        for name in ("catalog_change", "catalog_rename")
    ]
