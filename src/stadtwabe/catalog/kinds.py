"""The kinds of cards: each domain registers its own in ``apps.ready``."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.functional import Promise

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Appointment:
    """What calendars show beyond the days of a card: times in Germany, the very place, the status.

    ``status`` is one of RFC 5545 (TENTATIVE, CONFIRMED, CANCELLED), or empty while unknown.
    """

    starts_at: time | None = None
    ends_at: time | None = None
    venue: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class CardKind:
    """What the catalogue must know of a kind of thing.

    ``prefix`` is the start of its addresses (``/atlas/projekte/``); ``accent`` names the module
    colour and icon; ``schema_type`` the schema.org type for JSON-LD; ``statements`` lists the
    properties whose values carry sources, with their labels. ``can_edit_action`` is asked
    before a page offers to edit.
    """

    name: str
    label: Label
    plural: Label
    prefix: str
    accent: str
    schema_type: str = "Thing"
    statements: tuple[tuple[str, Label], ...] = ()
    can_edit_action: str = ""
    icon: str = ""
    """Name of an icon of ``frontend/icons``; empty: ``kind-`` and the name."""
    has_compounds: bool = True
    """Whether compounds in its texts are found by their parts; not in names of places."""
    is_dated: bool = True
    """Whether its things have days that a list could be sorted by."""
    appointments_of: Callable[[Collection[int]], Mapping[int, Appointment]] | None = None
    """From numbers of cards to their appointments; None: days are all that is known."""
    thing_of: Callable[[Any], Any] | None = None
    """From a card to its thing, for permission checks; None: the card is asked about itself."""

    @property
    def icon_name(self) -> str:
        """The icon that stands beside its label."""
        return self.icon or f"kind-{self.name}"

    def property_label(self, name: str) -> Label:
        """Return what people call the property ``name``."""
        return dict(self.statements).get(name, name)


_kinds: dict[str, CardKind] = {}


def register(kind: CardKind) -> None:
    """Make ``kind`` known; the same again is nothing, another of that name a ValueError."""
    known = _kinds.setdefault(kind.name, kind)
    if known.prefix != kind.prefix:
        message = f"The kind {kind.name} is there already"
        raise ValueError(message)


def kind_of(name: str) -> CardKind:
    """Return the kind called ``name``; KeyError when no domain has registered it."""
    return _kinds[name]


def all_kinds() -> tuple[CardKind, ...]:
    """Return all kinds in the order of their registration."""
    return tuple(_kinds.values())
