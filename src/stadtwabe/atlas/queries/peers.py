"""Towns like this one, each with the reasons why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from stadtwabe.atlas.rules import SIZE_FROM, SizeClass, size_class
from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.rules import FacetName, Topic
from stadtwabe.kit.actor import Actor
from stadtwabe.places.models import NetworkMember, Place
from stadtwabe.places.rules import Level

MOST = 10
MOST_TOPICS = 4
WEIGHT_TOPIC, WEIGHT_STATE, WEIGHT_KIND, WEIGHT_NETWORK, WEIGHT_SIZE, WEIGHT_KNOWN = (
    2,
    2,
    1,
    3,
    3,
    2,
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A town like another, with what they have in common and how many entries it has."""

    place: Place
    reasons: tuple[str, ...]
    things: int
    score: float


def towns_like(actor: Actor, place: Place, *, most: int = MOST) -> Sequence[Peer]:
    """Return the towns most like ``place``: state, size, kind, network, topics in common.

    Only towns of the same size class are looked at (all of its state while its population is
    unknown); those about which nothing is known here come last.
    """
    own_size = size_class(place.population)
    candidates = Place.objects.filter(level=Level.MUNICIPALITY).exclude(key=place.key)
    if own_size is None:
        candidates = candidates.filter(key__startswith=place.key[:2])
    else:
        candidates = candidates.filter(population__gte=SIZE_FROM[own_size])
        bigger = [least for least in SIZE_FROM.values() if least > SIZE_FROM[own_size]]
        if bigger:
            candidates = candidates.filter(population__lt=min(bigger))
    topics = _topics_by_place(actor)
    networks = _networks_by_place()
    own_topics = set(topics.get(place.key, {}))
    found = [
        _peer(place, other, own_size, own_topics, topics.get(other.key, {}), networks)
        for other in candidates.only("key", "name", "slug", "kind", "population", "level")
    ]
    found.sort(key=lambda peer: (-peer.score, peer.place.key))
    return found[:most]


def _peer(
    place: Place,
    other: Place,
    own_size: SizeClass | None,
    own_topics: set[str],
    topics: Mapping[str, int],
    networks: Mapping[str, frozenset[str]],
) -> Peer:
    reasons, score = [], 0.0
    if other.key[:2] == place.key[:2]:
        reasons.append(_("im selben Land"))
        score += WEIGHT_STATE
    if own_size is not None and place.population and other.population:
        reasons.append(str(own_size.label).split(",", maxsplit=1)[0])
        score += WEIGHT_SIZE * max(0.0, 1 - abs(math.log(other.population / place.population)))
    if other.kind == place.kind:
        reasons.append(other.kind)
        score += WEIGHT_KIND
    for name in sorted(networks.get(place.key, frozenset()) & networks.get(other.key, frozenset())):
        reasons.append(_("auch in „%s“") % name)
        score += WEIGHT_NETWORK
    shared = [topic for topic in topics if topic in own_topics]
    if shared:
        labels = ", ".join(str(Topic(topic).label) for topic in shared[:MOST_TOPICS])
        reasons.append(_("gemeinsame Themen: %s") % labels)
        score += WEIGHT_TOPIC * min(len(shared), MOST_TOPICS)
    if topics:
        score += WEIGHT_KNOWN
    return Peer(other, tuple(reasons), sum(topics.values()), score)


def _topics_by_place(actor: Actor) -> dict[str, dict[str, int]]:
    """Return how many visible things of each topic concern each municipality."""
    cards, parameters = (
        visible_to(actor).order_by().values("pk", "facet_ids").query.sql_with_params()
    )
    sql = f"""
    SELECT place.value, topic.value, count(*)
    FROM ({cards}) AS card
    JOIN catalog_facet AS place
      ON place.id = ANY(card.facet_ids) AND place.name = %s AND length(place.value) = 8
    JOIN catalog_facet AS topic ON topic.id = ANY(card.facet_ids) AND topic.name = %s
    GROUP BY 1, 2 ORDER BY 3 DESC, 2
    """  # noqa: S608  # every value is a parameter; the inner query is Django's own
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, FacetName.PLACE.value, FacetName.TOPIC.value])
        found: dict[str, dict[str, int]] = {}
        for key, topic, count in cursor.fetchall():
            found.setdefault(key, {})[topic] = count
    return found


def _networks_by_place() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    rows = NetworkMember.objects.filter(until__isnull=True).values_list("place", "network__name")
    for key, name in rows:
        found.setdefault(key, set()).add(name)
    return {key: frozenset(names) for key, names in found.items()}
