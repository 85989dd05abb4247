"""The values of facets by id: written once and never changed, so each process reads each once."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stadtwabe.catalog.models import Facet


class FacetValue(NamedTuple):
    """One value of one facet, such as topic *mobility*, with its German label."""

    pk: int
    name: str
    value: str
    label: str
    pair: tuple[str, str]
    """Value and label once more: files of lists share it a hundred thousand times."""


_known: dict[int, FacetValue] = {}


def facet_values(ids: Iterable[int]) -> Mapping[int, FacetValue]:
    """Return the values with these ids, and others; one query if some are new to this process."""
    missing = set(ids) - _known.keys()
    if missing:
        rows = Facet.objects.filter(pk__in=missing).values_list("pk", "name", "value", "label")
        for pk, name, value, label in rows:
            _known[pk] = FacetValue(pk, name, value, label, (value, label))
    return _known


_ids: dict[tuple[str, str], int] = {}


def facet_id(name: str, value: str) -> int:
    """Return the id of a value of a facet; -1, which no card has, while there is none."""
    known = _ids.get((name, value))
    if known is None:
        known = Facet.objects.filter(name=name, value=value).values_list("pk", flat=True).first()
        if known is None:
            return -1
        _ids[name, value] = known
    return known
