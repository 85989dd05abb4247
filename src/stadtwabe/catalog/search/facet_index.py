"""Which cards have which facets, as bits in memory: counting a facet is one AND.

Bit number ``pk`` of a set of cards stands for the card with that id. The index only says what
facets cards have; which of them somebody may see is the database's answer (``visible_to``), and
only those are counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from threading import Lock

from django.db.models import Q

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries.changes import State, state_of_catalogue
from stadtwabe.catalog.queries.facets import FacetValue, facet_values
from stadtwabe.catalog.rules import Audience, FacetName

STEP = 1 << 14
"""Sets have room for a multiple of so many cards: a new card rarely makes them all too short."""

OVERLAP = timedelta(minutes=10)
"""A transaction that began earlier may be seen later, by at most so much."""

CHUNK = 5000


class FacetIndex:
    """The facets of all cards; one per process, brought up to date by each search."""

    def __init__(self) -> None:
        """Begin without knowing anything."""
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Know nothing again."""
        self._state = State(0, 0, None, 0)
        self._facets_of: dict[int, tuple[int, ...]] = {}
        self._members: dict[int, set[int]] = {}
        self._public: set[int] = set()
        self._bits: dict[int, int] = {}
        self._public_bits: int | None = None
        self._size = STEP
        self._values: dict[str, dict[int, FacetValue]] = {}
        self._places: dict[str, list[FacetValue]] = {}

    def refresh(self) -> None:
        """Read what has changed since the last time; everything after a step back."""
        state = state_of_catalogue()
        if state == self._state:
            return
        known = self._state
        if known.changed_at is None or state.is_before(known) or state.renames != known.renames:
            self.forget()
            self._read(Q())
        else:
            self._read(Q(changed_at__gte=known.changed_at - OVERLAP) | Q(pk__gt=known.last))
        self._state = state

    def _read(self, which: Q) -> None:
        rows = Card.objects.filter(which).values_list("pk", "facet_ids", "audience", "withdrawn_at")
        for pk, facets, audience, withdrawn_at in rows.iterator(chunk_size=CHUNK):
            is_there = withdrawn_at is None
            self._set(pk, tuple(facets) if is_there else ())
            if is_there and audience == Audience.PUBLIC:
                self._public.add(pk)
            else:
                self._public.discard(pk)
        self._public_bits = None
        last = max(self._facets_of, default=0)
        if last >= self._size:
            self._size = (last // STEP + 1) * STEP
            self._bits.clear()
        self._name_values()

    def _set(self, pk: int, facets: tuple[int, ...]) -> None:
        before = self._facets_of.get(pk, ())
        if before == facets:
            return
        for facet in before:
            self._members[facet].discard(pk)
            self._bits.pop(facet, None)
        for facet in facets:
            self._members.setdefault(facet, set()).add(pk)
            self._bits.pop(facet, None)
        self._facets_of[pk] = facets

    def _name_values(self) -> None:
        known = {pk for of_name in self._values.values() for pk in of_name}
        missing = self._members.keys() - known
        values = facet_values(missing)
        for pk in missing:
            value = values[pk]
            self._values.setdefault(value.name, {})[pk] = value
            if value.name == FacetName.PLACE:
                self._places.setdefault(_above(value.value), []).append(value)

    def bits_of(self, cards: Iterable[int]) -> int:
        """Return the set of these cards; those that the index does not know are left out."""
        flags = bytearray(b"0") * self._size
        size = self._size
        for pk in cards:
            if pk < size:
                flags[pk] = 49  # "1"
        return int(flags, 2)

    @property
    def public(self) -> int:
        """The set of the cards that everybody may see."""
        if self._public_bits is None:
            self._public_bits = self.bits_of(self._public)
        return self._public_bits

    def cards_with(self, facet: int) -> int:
        """Return the set of the cards that have a facet."""
        found = self._bits.get(facet)
        if found is None:
            found = self._bits[facet] = self.bits_of(self._members.get(facet, ()))
        return found

    def most(self, facet: int) -> int:
        """Return how many cards have a facet: no count can be higher."""
        return len(self._members.get(facet, ()))

    def values(self, name: str) -> Mapping[int, FacetValue]:
        """Return the values of a facet by id."""
        return self._values.get(name, {})

    def places_in(self, key: str) -> Sequence[FacetValue]:
        """Return the places one level below ``key``; without a key the states."""
        return self._places.get(key, ())


def _above(key: str) -> str:
    """Return the key of the place that a place lies in, empty for a state."""
    return {2: "", 5: key[:2]}.get(len(key), key[:5])
