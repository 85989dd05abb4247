"""What the properties of a proposal become: columns of which noun, parties in which role."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from stadtwabe.catalog.rules import PartyRole, Precision

PREFILLED = 0.5
"""From this confidence on a value is filled in; below it is only offered beside the field."""

_ALL = {"name": "title", "summary": "summary", "url": "website", "topic": "topics"}

COLUMNS: dict[str, dict[str, str]] = {
    "project": {**_ALL, "stage": "stage", "amount": "funding", "date": "starts_on"},
    "solution": _ALL,
    "event": {**_ALL, "date": "starts_on", "format": "format"},
    "strategy": {**_ALL, "status": "status", "date": "adopted_on"},
    "publication": {
        **_ALL,
        "date": "published_on",
        "publisher": "publisher",
        "sample_size": "sample_size",
    },
    "funding": {
        **_ALL,
        "funder": "funder",
        "amount": "budget_eur",
        "deadline": "deadline",
        "date": "starts_on",
    },
    "organisation": {"name": "title", "url": "website"},
}
"""For each kind: which property of a reading is which column."""

PRECISION = {
    "starts_on": "starts_precision",
    "ends_on": "ends_precision",
    "adopted_on": "adopted_precision",
    "published_on": "published_precision",
}
"""The column that says how exactly a day is known."""

PLACE_ROLES = {
    "project": PartyRole.LEAD,
    "solution": PartyRole.PARTNER,
    "event": PartyRole.ORGANISER,
    "strategy": PartyRole.OWNER,
    "publication": PartyRole.PUBLISHER,
    "funding": PartyRole.PARTNER,
}
ORGANISATION_ROLES = {
    "project": PartyRole.PARTNER,
    "solution": PartyRole.PROVIDER,
    "event": PartyRole.ORGANISER,
    "strategy": PartyRole.PARTNER,
    "publication": PartyRole.PARTNER,
    "funding": PartyRole.FUNDER,
}
PARTY_PROPERTIES = {
    "organisation": None,
    "publisher": PartyRole.PUBLISHER,
    "funder": PartyRole.FUNDER,
}
"""Properties that name a party; the role, where it is not the kind's ordinary one."""

_STATUS = {"adopted": "adopted", "updating": "updating", "draft": "in_preparation"}


@dataclass(frozen=True, slots=True)
class Value:
    """A value for a column, as the form shows it: text, or a list of texts for topics."""

    column: str
    value: str
    start: int
    end: int
    confidence: float
    reasons: tuple[str, ...] = ()

    @property
    def is_prefilled(self) -> bool:
        """Whether the form has it filled in."""
        return self.confidence >= PREFILLED


def values_of(kind: str, properties: list[dict[str, Any]]) -> list[Value]:
    """Return what the properties of a proposal say about columns of ``kind``, surest first."""
    found = []
    for each in properties:
        column = COLUMNS.get(kind, {}).get(each["name"])
        value = _converted(column, each["value"]) if column else None
        if column and value:
            confidence = each["confidence"]
            if column == "starts_on" and kind == "project":
                confidence = min(confidence, PREFILLED - 0.01)  # any date in the passage
            found.append(
                Value(
                    column,
                    value,
                    each["start"],
                    each["end"],
                    confidence,
                    tuple(each.get("reasons", ())),
                )
            )
    if kind == "event":
        found += _ends(found)
    return sorted(found, key=lambda value: (value.column, -value.confidence))


_GERMAN_DAY = re.compile(r"(?:(?:(\d{1,2})\.)?(\d{1,2})\.)?(\d{4})")


def day_of(text: str) -> tuple[date, str] | None:
    """Return the day and its precision of ``2021-06-18``, ``18.06.2021``, ``06.2021``, ``2021``.

    None for anything else, such as a day whose year is not known (``--06-18``).
    """
    text = text.strip()
    if german := _GERMAN_DAY.fullmatch(text.replace(" ", "")):
        parts = [part for part in reversed(german.groups()) if part]
    else:
        parts = text.split("-")
    try:
        year, month, day = (int(part) for part in [*parts, "1", "1"][:3])
        found = date(year, month, day)
    except ValueError:
        return None
    return found, (Precision.YEAR, Precision.MONTH, Precision.DAY)[min(len(parts), 3) - 1]


def amount_of(text: str) -> Decimal | None:
    """Return a sum of money from ``250000.00`` or ``250.000,00 Euro``, else None."""
    digits = text.replace("Euro", "").replace("€", "").strip()
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    elif digits.count(".") > 1 or (digits.count(".") == 1 and len(digits.split(".")[1]) == 3):
        digits = digits.replace(".", "")
    try:
        return Decimal(digits.replace(" ", ""))
    except InvalidOperation:
        return None


def _converted(column: str, value: str) -> str | None:
    if column == "status":
        return _STATUS.get(value)
    if column.endswith("_on") or column == "deadline":
        first = value.split("/")[0]
        return first if day_of(first) else None
    if column == "summary":
        return value.lstrip("-•*–— ").strip() or None
    if column == "funding":
        euros = amount_of(value)
        return f"{euros:,.0f} Euro".replace(",", ".") if euros is not None else None
    return value.strip() or None


def _ends(found: list[Value]) -> list[Value]:
    """Return the last day of an event whose dates are several: it ends then."""
    days = sorted(
        (value for value in found if value.column == "starts_on" and value.is_prefilled),
        key=lambda value: value.value,
    )
    if len(days) < 2:
        return []
    last = days[-1]
    for day in days[1:]:
        found.remove(day)
    return [Value("ends_on", last.value, last.start, last.end, last.confidence, last.reasons)]
