"""Taking values into a row: what every command checks in the same way."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from stadtwabe.kit.errors import Invalid

OBJECTS = frozenset({"properties", "quality_rules"})
"""Columns that hold a JSON object."""


def take(
    row: models.Model,
    values: Mapping[str, Any],
    allowed: Collection[str],
    *,
    required: Iterable[str] = (),
) -> list[str]:
    """Set ``values`` on ``row``; return the names of what changed.

    Raises Invalid, naming the field, for one that may not be set, a value that does not fit, or
    the first of ``required`` that is empty then.
    """
    changed = []
    for name, value in values.items():
        if name not in allowed:
            raise Invalid(
                _("%(name)s lässt sich nicht setzen.") % {"name": name},
                field=name,
                remedy=_("Möglich sind: %(names)s.") % {"names": ", ".join(sorted(allowed))},
            )
        if name in OBJECTS and not isinstance(value, dict):
            raise Invalid(_("%(name)s muss ein JSON-Objekt sein.") % {"name": name}, field=name)
        if any("\x00" in text for text in _texts(value)):
            raise Invalid(_("Das Zeichen NUL ist nicht erlaubt."), field=name)
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    try:
        row.clean_fields(exclude=[f.name for f in row._meta.fields if f.name not in values])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(messages), field=field) from error
    for name in required:
        if getattr(row, name) in ("", None):
            raise Invalid(_("%(name)s fehlt.") % {"name": name}, field=name)
    return changed


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(key)
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
