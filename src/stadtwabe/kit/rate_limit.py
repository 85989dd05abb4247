"""How often somebody may do something: counted in memory, connections by a hash."""

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
    key = _hash(request.META.get("REMOTE_ADDR", ""))
    if is_too_often(what, key, most=per_hour, seconds=HOUR_SECONDS):
        raise TooMany(
            _("Von Ihrem Anschluss kam das in der letzten Stunde schon oft."),
            remedy=_("Bitte versuchen Sie es in einer Stunde noch einmal."),
        )


def is_too_often(what: str, key: object, *, most: int, seconds: int) -> bool:
    """Count one more ``what`` of ``key``; whether that is more than ``most`` in ``seconds``.

    Counted in this process: with several the limit is as many times as high.
    """
    entry = f"rate:{what}:{key}"
    cache.add(entry, 0, timeout=seconds)
    try:
        return cache.incr(entry) > most
    except ValueError:  # it ran out between the two
        return False


def _hash(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        known = None
    if isinstance(known, IPv6Address):
        address = str(ip_network((known, IPV6_PREFIX), strict=False))
    return sha256(f"{settings.SECRET_KEY}:{address}".encode()).hexdigest()
