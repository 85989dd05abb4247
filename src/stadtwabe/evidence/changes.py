"""What a command changed, in a form that can be stored and taken back."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from stadtwabe.catalog.models import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One write to one thing: enough to undo it while nobody has written after it.

    ``before`` holds the earlier values of the changed columns as JSON, ``parties_before`` the
    earlier pairs of party id and role (None: the parties were left alone), ``withdrawn_because``
    why the thing was not there before the write brought it back (empty: it was there).
    """

    card_id: int
    created: bool
    before: dict[str, Any] = field(default_factory=dict)
    parties_before: list[list[Any]] | None = None
    statements_added: list[int] = field(default_factory=list)
    statements_superseded: list[int] = field(default_factory=list)
    withdrawn_because: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the change for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Change":
        """Read what ``as_json`` wrote."""
        return cls(**stored)


def json_value(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: dates as ISO 8601, decimals as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return value.pk if isinstance(value, Card) else str(value.pk)
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return value
