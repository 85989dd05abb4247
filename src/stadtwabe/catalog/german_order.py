"""What to sort names by in German, as the database's own order may know no German."""

from typing import Any

from django.db.models import Func, TextField


class GermanOrder(Func):
    """Umlauts beside their vowels, accents and case aside (DIN 5007-1).

    The function stands in the database (migration 3): unlike ``unaccent`` itself it may be
    indexed, as it names its dictionary.
    """

    function = "german_order"
    output_field: Any = TextField()
