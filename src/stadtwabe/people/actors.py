"""From a request to the actor: the one place where sessions and tokens become permissions."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from stadtwabe.kit.actor import VISITOR, Actor, Grant
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.people.models import Membership, User
from stadtwabe.people.rules import Role
from stadtwabe.places.models import NetworkMember


def actor_of(request: HttpRequest) -> Actor:
    """Return who is acting in ``request``; the answer is kept on the request."""
    known = getattr(request, "_stadtwabe_actor", None)
    if isinstance(known, Actor):
        return known
    user = request.user
    actor = VISITOR
    if isinstance(user, User) and user.is_active and (settings.DEMO or not user.is_demo):
        actor = actor_for(user, now=clock_now())
    request._stadtwabe_actor = actor  # type: ignore[attr-defined]  # a cache on the request
    return actor


def actor_for(user: User, *, now: datetime, scopes: frozenset[str] | None = None) -> Actor:
    """Return the actor that ``user`` is today, limited to ``scopes`` if a token acts."""
    today = day_of(now)
    memberships = list(
        Membership.objects.filter(user=user, since__lte=today)
        .filter(_open(today))
        .select_related("party")
    )
    places = {m.party.place_id for m in memberships if m.party.place_id}
    networks = {m.party.network_id for m in memberships if m.party.network_id}
    if places:
        networks |= set(
            NetworkMember.objects.filter(place__in=places)
            .filter(Q(since__isnull=True) | Q(since__lte=today))
            .filter(_open(today))
            .values_list("network_id", flat=True)
        )
    return Actor(
        person=user.number,
        name=str(user),
        grants=frozenset(Grant(Role(m.role).value, m.party_id) for m in memberships),
        audiences=frozenset(networks),
        is_operator=user.is_operator,
        scopes=scopes,
    )


def _open(today: date) -> Q:
    return Q(until__isnull=True) | Q(until__gte=today)
