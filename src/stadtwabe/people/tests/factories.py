"""The standing cast of every permission test, and how to make more people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from stadtwabe.kit.actor import VISITOR, Actor
from stadtwabe.people.actors import actor_for
from stadtwabe.people.commands import party_for_network, party_for_place
from stadtwabe.people.models import Membership, Party, User
from stadtwabe.people.rules import Role
from stadtwabe.places.models import Network, NetworkMember, Place
from stadtwabe.places.rules import Level

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def make_place(key: str, name: str, **fields: object) -> Place:
    """Make a municipality with the district and the state above it."""
    state, _ = Place.objects.get_or_create(
        key=key[:2], defaults={"level": Level.STATE, "name": f"Land {key[:2]}", "slug": "land"}
    )
    district, _ = Place.objects.get_or_create(
        key=key[:5],
        defaults={
            "level": Level.DISTRICT,
            "name": f"Kreis {name}",
            "slug": "kreis",
            "parent": state,
        },
    )
    place, _ = Place.objects.get_or_create(
        key=key,
        defaults={
            "level": Level.MUNICIPALITY,
            "name": name,
            "slug": slugify(name),
            "parent": district,
            "edition": "Test",
            **fields,
        },
    )
    return place


def make_user(
    email: str, *roles: tuple[Party, Role], password: str | None = None, **fields: object
) -> User:
    """Make an account with a confirmed address and roles; hashing a password takes its time."""
    user = User.objects.create_user(email, password, **fields)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    for party, role in roles:
        Membership.objects.create(user=user, party=party, role=role, since=date(2020, 1, 1))
    return user


@dataclass
class Cast:
    """Visitor, citizen, editors and stewards of two towns, network administrator, operator.

    Menden and Olpe belong to the network; Beckum does not.
    """

    @cached_property
    def menden(self) -> Party:
        return party_for_place(make_place("05962040", "Menden (Sauerland)"))

    @cached_property
    def beckum(self) -> Party:
        return party_for_place(make_place("05570008", "Beckum"))

    @cached_property
    def network(self) -> Network:
        network = Network.objects.create(slug="suedwestfalen", name="5 für Südwestfalen")
        for place in (make_place("05962040", "Menden (Sauerland)"), make_place("05966024", "Olpe")):
            NetworkMember.objects.create(network=network, place=place, source="Test")
        return network

    visitor: Actor = VISITOR

    @cached_property
    def users(self) -> dict[str, User]:
        network = party_for_network(self.network)
        return {
            "citizen": make_user("buergerin@example.org"),
            "editor": make_user("redaktion@menden.example", (self.menden, Role.EDITOR)),
            "foreign_editor": make_user("redaktion@beckum.example", (self.beckum, Role.EDITOR)),
            "steward": make_user("daten@menden.example", (self.menden, Role.STEWARD)),
            "foreign_steward": make_user("daten@beckum.example", (self.beckum, Role.STEWARD)),
            "network_admin": make_user("leitung@verbund.example", (network, Role.NETWORK_ADMIN)),
            "operator": make_user("betrieb@example.org", is_operator=True),
        }

    def actor(self, name: str) -> Actor:
        """Return the actor of that name; ``visitor`` is nobody's account."""
        return VISITOR if name == "visitor" else actor_for(self.users[name], now=NOW)

    names = (
        "visitor",
        "citizen",
        "editor",
        "foreign_editor",
        "steward",
        "foreign_steward",
        "network_admin",
        "operator",
    )
