"""The values of facets by id: each process reads each once, until one is renamed."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stadtwabe.catalog.models import Facet
from stadtwabe.catalog.queries.changes import number_of_renames


class FacetValue(NamedTuple):
    """One value of one facet, such as topic *mobility*, with its German label."""

    pk: int
    name: str
    value: str
    label: str
    pair: tuple[str, str]
    """Value and label once more: files of lists share it a hundred thousand times."""


class _Known(NamedTuple):
    """What this process has read since a facet was last renamed."""

    renames: int
    values: dict[int, FacetValue]


_known = _Known(0, {})


def facet_values(ids: Iterable[int]) -> Mapping[int, FacetValue]:
    """Return the values with these ids, and others; those that are known are not read again."""
    global _known  # replaced as a whole, so that no thread sees half of it
    renames = number_of_renames()
    known = _known if _known.renames == renames else _Known(renames, {})
    missing = set(ids) - known.values.keys()
    if missing:
        rows = Facet.objects.filter(pk__in=missing).values_list("pk", "name", "value", "label")
        for pk, name, value, label in rows:
            known.values[pk] = FacetValue(pk, name, value, label, (value, label))
    _known = known
    return known.values


_ids: dict[tuple[str, str], int] = {}


def forget() -> None:
    """Read everything anew: for tests, which take back what they wrote."""
    _ids.clear()
    _known.values.clear()


def facet_id(name: str, value: str) -> int:
    """Return the id of a value of a facet; -1, which no card has, while there is none."""
    known = _ids.get((name, value))
    if known is None:
        known = Facet.objects.filter(name=name, value=value).values_list("pk", flat=True).first()
        if known is None:
            return -1
        _ids[name, value] = known
    return known
