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


_known: dict[int, FacetValue] = {}


def facet_values(ids: Iterable[int]) -> Mapping[int, FacetValue]:
    """Return the values with these ids, and others; one query if some are new to this process."""
    missing = set(ids) - _known.keys()
    if missing:
        rows = Facet.objects.filter(pk__in=missing).values_list("pk", "name", "value", "label")
        _known.update((pk, FacetValue(pk, *rest)) for pk, *rest in rows)
    return _known
