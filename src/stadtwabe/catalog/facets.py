"""From what cards say to the numbers that their facets are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q

from stadtwabe.catalog.changes import note_rename
from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.models import Facet
from stadtwabe.catalog.rules import FacetName
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.kit.clock import day_of
from stadtwabe.places.models import NetworkMember, Place
from stadtwabe.places.rules import ancestors_of_key

LONGEST_PERIOD_YEARS = 60
LONGEST_LABEL = 200

FacetKey = tuple[str, str]
"""A facet's name and a value: ``("thema", "mobility")``."""


def facet_ids_for(spec: CardSpec, *, now: datetime) -> list[int]:
    """Return the ids of all facet values of a card, sorted; missing ones are made."""
    return facet_ids_for_all([spec], now=now)[0]


def facet_ids_for_all(specs: Sequence[CardSpec], *, now: datetime) -> list[list[int]]:
    """Return the same for many cards, with as many queries as for one."""
    keys = {key for spec in specs for key in _place_keys(spec)}
    names = dict(Place.objects.filter(key__in=keys).values_list("key", "name"))
    networks = _networks_of({key for spec in specs for key in _own_place_keys(spec)}, now=now)
    values = [
        {
            **_of_kind(spec),
            **{(FacetName.PLACE.value, key): names[key] for key in _place_keys(spec)},
            **{
                (FacetName.NETWORK.value, slug): name
                for key in _own_place_keys(spec)
                for slug, name in networks[key]
            },
            **_of_period(spec),
            **_of_parties(spec),
            **{(str(name), value): label for (name, value), label in spec.facets.items()},
        }
        for spec in specs
    ]
    ids = _ids_of({key: str(label) for of_one in values for key, label in of_one.items()})
    return [sorted(ids[key] for key in of_one) for of_one in values]


def _ids_of(labels: dict[FacetKey, str]) -> dict[FacetKey, int]:
    labels = {key: label[:LONGEST_LABEL] for key, label in labels.items()}
    known = _known(labels)
    missing = [
        Facet(name=name, value=value, label=label)
        for (name, value), label in labels.items()
        if (name, value) not in known
    ]
    if missing:
        Facet.objects.bulk_create(missing, ignore_conflicts=True)
        known = _known(labels)
    # Organisations and networks get new names; their value stays.
    renamed = [
        Facet(pk=pk, label=labels[key])
        for key, (pk, label) in known.items()
        if label != labels[key]
    ]
    if renamed:
        Facet.objects.bulk_update(renamed, ["label"])
        note_rename()
    return {key: pk for key, (pk, _label) in known.items()}


def _known(keys: Iterable[FacetKey]) -> dict[FacetKey, tuple[int, str]]:
    """Return number and label of those that are there."""
    names, values = zip(*keys, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, value, id, label FROM catalog_facet"
            " JOIN unnest(%s::text[], %s::text[]) AS wanted (name, value) USING (name, value)",
            [list(names), list(values)],
        )
        return {(name, value): (pk, label) for name, value, pk, label in cursor.fetchall()}


def _own_place_keys(spec: CardSpec) -> set[str]:
    return {place.key for place in (*spec.places, *filter(None, [spec.place]))}


def _place_keys(spec: CardSpec) -> set[str]:
    own = _own_place_keys(spec)
    return own.union(*(ancestors_of_key(key) for key in own))


def _networks_of(keys: set[str], *, now: datetime) -> dict[str, list[FacetKey]]:
    today = day_of(now)
    found: dict[str, list[FacetKey]] = defaultdict(list)
    members = NetworkMember.objects.filter(place__in=keys).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    for key, slug, name in members.values_list("place_id", "network__slug", "network__name"):
        found[key].append((slug, name))
    return found


def _of_kind(spec: CardSpec) -> dict[FacetKey, str]:
    return {(FacetName.KIND.value, spec.kind): str(kind_of(spec.kind).plural)}


def _of_period(spec: CardSpec) -> dict[FacetKey, str]:
    if spec.starts_on is None:
        return {}
    first = spec.starts_on.year
    last = spec.ends_on.year if spec.ends_on else first
    years = range(first, min(last, first + LONGEST_PERIOD_YEARS) + 1)
    return {(FacetName.PERIOD.value, str(year)): str(year) for year in years}


def _of_parties(spec: CardSpec) -> dict[FacetKey, str]:
    return {
        (FacetName.PARTY.value, str(party.pk)): str(party)
        for party, _role in spec.parties
        if party.place_id is None
    }
