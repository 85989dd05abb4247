"""From what a card says to the numbers that its facets are."""

from datetime import datetime

from django.db.models import Q

from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.models import Facet
from stadtwabe.catalog.rules import FacetName
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.places.models import NetworkMember, Place
from stadtwabe.places.rules import ancestors_of_key

LONGEST_PERIOD_YEARS = 60


def facet_ids_for(spec: CardSpec, *, now: datetime) -> list[int]:
    """Return the ids of all facet values of a card, sorted; missing ones are made."""
    values = {
        **_of_kind(spec),
        **_of_places(spec, now=now),
        **_of_period(spec),
        **_of_parties(spec),
        **{(str(name), value): label for (name, value), label in spec.facets.items()},
    }
    wanted = Q()
    for name, value in values:
        wanted |= Q(name=name, value=value)
    known = {(facet.name, facet.value): facet.pk for facet in Facet.objects.filter(wanted)}
    missing = [
        Facet(name=name, value=value, label=str(label)[:200])
        for (name, value), label in values.items()
        if (name, value) not in known
    ]
    if missing:
        Facet.objects.bulk_create(missing, ignore_conflicts=True)
        known = {(facet.name, facet.value): facet.pk for facet in Facet.objects.filter(wanted)}
    return sorted(known.values())


def _of_kind(spec: CardSpec) -> dict[tuple[str, str], str]:
    return {(FacetName.KIND.value, spec.kind): str(kind_of(spec.kind).plural)}


def _of_places(spec: CardSpec, *, now: datetime) -> dict[tuple[str, str], str]:
    places = {place.key: place for place in (*spec.places, *filter(None, [spec.place]))}
    keys = set(places)
    for key in places:
        keys.update(ancestors_of_key(key))
    names = dict(Place.objects.filter(key__in=keys).values_list("key", "name"))
    values = {(FacetName.PLACE.value, key): name for key, name in names.items()}
    today = now.date()
    members = NetworkMember.objects.filter(place__in=places).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    for member in members.select_related("network"):
        values[FacetName.NETWORK.value, member.network.slug] = member.network.name
    return values


def _of_period(spec: CardSpec) -> dict[tuple[str, str], str]:
    if spec.starts_on is None:
        return {}
    first = spec.starts_on.year
    last = spec.ends_on.year if spec.ends_on else first
    years = range(first, min(last, first + LONGEST_PERIOD_YEARS) + 1)
    return {(FacetName.PERIOD.value, str(year)): str(year) for year in years}


def _of_parties(spec: CardSpec) -> dict[tuple[str, str], str]:
    return {
        (FacetName.PARTY.value, str(party.pk)): str(party)
        for party, _role in spec.parties
        if party.place_id is None
    }
