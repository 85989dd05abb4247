"""Networks and organisations that somebody is typing the name of."""

from django.db.models import Q
from django.db.models.functions import Length

from stadtwabe.people.models import Organisation
from stadtwabe.places.models import Network


def networks_like(text: str, *, limit: int = 3) -> list[Network]:
    """Return networks with ``text`` in their name, the shortest names first."""
    return list(Network.objects.filter(name__icontains=text).order_by(Length("name"))[:limit])


def organisations_like(text: str, *, limit: int = 5) -> list[Organisation]:
    """Return organisations with ``text`` in their name or at the start of their short name."""
    found = Organisation.objects.filter(Q(name__icontains=text) | Q(short_name__istartswith=text))
    return list(found.order_by(Length("name"))[:limit])
