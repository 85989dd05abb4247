"""What an open page may listen to: the datastreams it shows, signed by the page."""

from collections.abc import Iterable

from django.core import signing

PATH = "/daten/live/"
SALT = "hub.live"
VALID_SECONDS = 12 * 3600
"""After that the page has to be loaded again; the browser is told not to come back."""

MOST_STREAMS = 300


def topic_of(streams: Iterable[int]) -> str:
    """Return the address at which new values of ``streams`` are to be had; empty without any.

    The caller has seen to it that the actor may see them. Who listens is asked again when
    listening begins and whenever something changes, so that the address alone opens nothing.
    """
    ids = sorted(set(streams))[:MOST_STREAMS]
    return PATH + signing.dumps(ids, salt=SALT, compress=True) if ids else ""


def streams_of(path: str) -> frozenset[int] | None:
    """Return the datastreams of a topic's address; None when it is too old, or not ours."""
    try:
        ids = signing.loads(path.removeprefix(PATH), salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    return frozenset(ids)
