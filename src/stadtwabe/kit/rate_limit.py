"""How often one connection may do something: counted in memory, for an hour, by a hash."""

from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from stadtwabe.kit.errors import TooMany

HOUR_SECONDS = 3600
IPV6_PREFIX = 64
"""One connection has at least so many bits to itself (RIPE-690)."""


def count_once(request: HttpRequest, what: str, *, per_hour: int) -> None:
    """Count that somebody does ``what``; raises TooMany from the hour's ``per_hour`` + 1 on.

    The hour begins with the first time. What is kept is a keyed hash of the address of the
    connection, in the memory of the process that answers; after the hour it is gone.
    """
    key = f"rate:{what}:{_hash(request.META.get('REMOTE_ADDR', ''))}"
    cache.add(key, 0, HOUR_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:  # the hour has ended between the two calls
        return
    if count > per_hour:
        raise TooMany(
            _("Von Ihrem Anschluss kam das in der letzten Stunde schon oft."),
            remedy=_("Bitte versuchen Sie es in einer Stunde noch einmal."),
        )


def _hash(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        known = None
    if isinstance(known, IPv6Address):
        address = str(ip_network((known, IPV6_PREFIX), strict=False))
    return sha256(f"{settings.SECRET_KEY}:{address}".encode()).hexdigest()
