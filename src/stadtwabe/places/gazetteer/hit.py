"""One place in a text where a name stands, and how sure it is that the name means a place."""

from dataclasses import dataclass, field
from functools import lru_cache

from stadtwabe.places.gazetteer.forms import Form
from stadtwabe.places.gazetteer.index import Written
from stadtwabe.places.gazetteer.model import Level

TOWN_SIZE = 20_000
"""Inhabitants from which on a bare name is nearly always the town."""


@dataclass(slots=True)
class Hit:
    """One place where a written form stands, and what the words around it say."""

    start: int
    end: int
    written: Written
    belief: float = 0.0
    """How sure it is, from 0 to 1, that the words name a place."""
    reasons: list[str] = field(default_factory=list)
    district: bool = False
    town: bool = False
    both: bool = False
    person: bool = False
    part_of_town: bool = False
    plural_cue: bool = False
    determined: bool = False
    prepositional: bool = False
    cued: bool = False
    listed: bool = False
    state: bool = False
    followed_by: str = ""

    @property
    def form(self) -> Form:
        """The nearest form among the readings."""
        return self.written.form

    def has_level(self, level: Level) -> bool:
        """Whether one of the readings is of this level."""
        return level in levels(self.written)

    def believe(self, belief: float, reason: str) -> None:
        """Raise the belief to at least this value."""
        if belief > self.belief:
            self.belief = belief
        self.reasons.append(reason)

    def doubt(self, factor: float, reason: str) -> None:
        """Lower the belief by a factor."""
        self.belief *= factor
        self.reasons.append(reason)

    @property
    def is_shown_to_be_a_place(self) -> bool:
        """Whether the words beside it say so, whatever the name means elsewhere."""
        return self.town or self.district or self.cued or self.prepositional or self.listed

    @property
    def refuted(self) -> bool:
        """Whether something beside the name speaks against a place."""
        return self.person or self.determined or self.belief == 0.0

    def refute(self, reason: str) -> None:
        """This is no place."""
        self.belief = 0.0
        self.reasons.append(reason)


@lru_cache(maxsize=20_000)
def levels(written: Written) -> frozenset[Level]:
    """The levels of all readings."""
    return frozenset(entry.level for entry, _ in written.readings)


@lru_cache(maxsize=20_000)
def prior(written: Written) -> float:
    """How often the bare form is a place at all."""
    known = levels(written)
    if Level.STATE in known or Level.REGION in known:
        return 0.95
    if written.common:
        return 0.08
    if written.verb:
        return 0.5
    population = max(
        (entry.population or 0) * (0.5 if form is Form.SHORT else 1)
        for entry, form in written.readings
    )
    town = any(entry.kind != "Gemeinde" for entry, _ in written.readings)
    compound = bool(written.rest) and written.form is not Form.ADJECTIVE
    if known == {Level.DISTRICT}:
        return 0.95 if "reis" in written.text or "egion" in written.text else 0.6
    if population >= TOWN_SIZE or (compound and town):
        return 0.95
    if population >= 5_000 or town or compound:
        return 0.88
    return 0.75 if population >= 1_000 else 0.6
