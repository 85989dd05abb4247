"""Parties are made when they are first needed; they carry nothing of their own."""

from stadtwabe.people.models import Organisation, Party
from stadtwabe.places.models import Network, Place


def party_for_place(place: Place) -> Party:
    """Return the party of a municipality, district or state."""
    return Party.objects.get_or_create(place=place)[0]


def party_for_network(network: Network) -> Party:
    """Return the party of a network of towns."""
    return Party.objects.get_or_create(network=network)[0]


def party_for_organisation(organisation: Organisation) -> Party:
    """Return the party of an organisation."""
    return Party.objects.get_or_create(organisation=organisation)[0]
