"""Search in German: stop words first, then accents, then endings; no superuser is needed.

The stop words must go before the accents do, or *für* becomes the word *fur*.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

CREATE = """
CREATE TEXT SEARCH DICTIONARY stadtwabe_stop (
    TEMPLATE = pg_catalog.simple, STOPWORDS = german, ACCEPT = false
);
CREATE TEXT SEARCH CONFIGURATION stadtwabe (COPY = pg_catalog.german);
ALTER TEXT SEARCH CONFIGURATION stadtwabe
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
    WITH stadtwabe_stop, unaccent, german_stem;
"""

DROP = """
DROP TEXT SEARCH CONFIGURATION stadtwabe;
DROP TEXT SEARCH DICTIONARY stadtwabe_stop;
"""


def vector() -> django.contrib.postgres.search.CombinedSearchVector:
    search_vector = django.contrib.postgres.search.SearchVector
    return (
        search_vector("title", config="stadtwabe", weight="A")
        + search_vector("summary", config="stadtwabe", weight="B")
        + search_vector("search_text", config="stadtwabe", weight="C")
        + search_vector("search_parts", config="stadtwabe", weight="D")
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.RemoveIndex("card", "card_search"),
        migrations.RemoveField("card", "search"),
        migrations.AddField(
            "card",
            "search_parts",
            models.TextField(
                blank=True, default="", help_text="Parts of the compounds of all texts."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "card",
            "search",
            models.GeneratedField(
                expression=vector(),
                output_field=django.contrib.postgres.search.SearchVectorField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "card",
            django.contrib.postgres.indexes.GinIndex(fields=["search"], name="card_search"),
        ),
    ]
