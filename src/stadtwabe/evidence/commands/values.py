"""The one door for values that people type: what no column takes, whoever brings it."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from stadtwabe.evidence.things import column_of
from stadtwabe.kit.visible_text import visible
from stadtwabe.kit.web_address import check_web_address


def checked_values(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` without invisible characters.

    Raises Invalid for an address of the web that does not begin with http or https.
    """
    checked = {
        name: visible(value) if isinstance(value, str) else value for name, value in values.items()
    }
    for name, value in checked.items():
        if value and isinstance(column_of(model, name), models.URLField):
            check_web_address(value, field=name)
    return checked
