"""Indexes for the orders that lists come in: newest first, and by name as German sorts."""

from django.db import migrations, models

from stadtwabe.catalog.german_order import GermanOrder

# The standard's way of writing a body: names are resolved once, here, so that the index also
# works while a dump is restored with an empty search path.
CREATE = """
CREATE FUNCTION german_order(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(unaccent('unaccent'::regdictionary, $1));
"""
DROP = "DROP FUNCTION german_order(text);"

PLACES = ["municipality", "district", "state", "network"]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_size_facet"), ("places", "0003_place_position")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.AlterField("card", "changed_at", models.DateTimeField()),
        migrations.AddIndex(
            "card", models.Index(fields=["-changed_at", "-id"], name="card_newest")
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=["-changed_at", "-id"],
                name="card_newest_thing",
                condition=~models.Q(kind__in=PLACES),
            ),
        ),
        migrations.AddIndex(
            "card", models.Index(GermanOrder("title"), "id", name="card_title_order")
        ),
    ]
