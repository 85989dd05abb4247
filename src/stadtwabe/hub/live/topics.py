"""What an open page may listen to: the datastreams it shows, signed by the page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.translation import get_language

PATH = "/daten/live/"
SALT = "hub.live"
VALID_SECONDS = 12 * 3600
"""After that the page has to be loaded again; the browser is told not to come back."""

MOST_STREAMS = 300


@dataclass(frozen=True, slots=True)
class Topic:
    """What a page shows, and in which language it wants to hear of it."""

    language: str
    streams: frozenset[int]


def topic_of(streams: Iterable[int]) -> str:
    """Return the address at which new values of ``streams`` are to be had; empty without any.

    The caller has seen to it that the actor may see them. Who listens is asked again when
    listening begins and whenever something changes, so that the address alone opens nothing.
    """
    ids = sorted(set(streams))[:MOST_STREAMS]
    signed = [get_language() or settings.LANGUAGE_CODE, ids]
    return PATH + signing.dumps(signed, salt=SALT, compress=True) if ids else ""


def topic_at(path: str) -> Topic | None:
    """Return the topic of an address; None when it is too old, or not ours."""
    try:
        language, ids = signing.loads(path.removeprefix(PATH), salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    return Topic(language, frozenset(ids))
