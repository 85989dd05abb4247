"""Towns like this one, each with the reasons why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from django.db import connection
from django.utils.translation import gettext as _

from stadtwabe.atlas.rules import SIZE_FROM, SizeClass, size_class
from stadtwabe.catalog.queries.changes import kept_for_visitors
from stadtwabe.catalog.queries.places import things_visible_to
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
    topics = kept_for_visitors(actor, "topics by place", lambda: _topics_by_place(actor))
    networks = _networks_by_place()
    own_topics = set(topics.get(place.key, {}))
    # Thousands are compared: as plain rows, and put in words only when they are among the best.
    best = nsmallest(
        most,
        (
            (-_score(place, row, own_topics, topics.get(row[0], {}), networks), row[0])
            for row in candidates.values_list("key", "kind", "population")
        ),
    )
    found = Place.objects.only("key", "name", "slug", "kind", "population", "level").in_bulk(
        [key for _negative, key in best]
    )
    return [
        Peer(
            found[key],
            _reasons(place, found[key], own_size, own_topics, topics.get(key, {}), networks),
            sum(topics.get(key, {}).values()),
            -negative,
        )
        for negative, key in best
    ]


def _score(
    place: Place,
    other: tuple[str, str, int | None],
    own_topics: set[str],
    topics: Mapping[str, int],
    networks: Mapping[str, frozenset[str]],
) -> float:
    """Return how much a town has in common with ``other``: key, kind and population."""
    key, kind, population = other
    score = 0.0
    if key[:2] == place.key[:2]:
        score += WEIGHT_STATE
    if place.population and population:
        score += WEIGHT_SIZE * max(0.0, 1 - abs(math.log(population / place.population)))
    if kind == place.kind:
        score += WEIGHT_KIND
    score += WEIGHT_NETWORK * len(_shared_networks(place.key, key, networks))
    if topics:
        score += WEIGHT_KNOWN + WEIGHT_TOPIC * min(len(own_topics & topics.keys()), MOST_TOPICS)
    return score


def _reasons(
    place: Place,
    other: Place,
    own_size: SizeClass | None,
    own_topics: set[str],
    topics: Mapping[str, int],
    networks: Mapping[str, frozenset[str]],
) -> tuple[str, ...]:
    """Return what the score is made of, in words."""
    reasons = []
    if other.key[:2] == place.key[:2]:
        reasons.append(_("im selben Land"))
    if own_size is not None and other.population:
        reasons.append(str(own_size.label).split(",", maxsplit=1)[0])
    if other.kind == place.kind:
        reasons.append(other.kind)
    reasons += [
        _("auch in „%s“") % name
        for name in sorted(_shared_networks(place.key, other.key, networks))
    ]
    shared = [topic for topic in topics if topic in own_topics]
    if shared:
        labels = ", ".join(str(Topic(topic).label) for topic in shared[:MOST_TOPICS])
        reasons.append(_("gemeinsame Themen: %s") % labels)
    return tuple(reasons)


def _shared_networks(
    one: str, other: str, networks: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    return networks.get(one, frozenset()) & networks.get(other, frozenset())


def _topics_by_place(actor: Actor) -> dict[str, dict[str, int]]:
    """Return how many visible things of each topic concern each municipality."""
    cards, parameters = (
        things_visible_to(actor).order_by().values("pk", "facet_ids").query.sql_with_params()
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
