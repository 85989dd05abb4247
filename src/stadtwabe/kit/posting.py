"""Sending a message to a web address that a person has named, so that it can do no harm.

The guards of ``kit.fetch``: only http and https, only addresses that were checked after the name
was resolved, one deadline for all of it. No redirect is followed (a message is for whom it was
written to) and the body of the answer is not read.
"""

import ipaddress
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import httpcore
import httpx
from django.utils.translation import gettext as _

from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.fetch import FAILURES, USER_AGENT, Unfetchable, check_address, may_connect
from stadtwabe.kit.network import Address, CheckedNetwork, CheckedTransport, Refused

SECONDS = 10.0


class Undelivered(Exception):
    """A message did not arrive; the text says why, in words for the person who named the address.

    ``is_final``: trying again is of no use.
    """

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


def check_target(address: str, *, field: str) -> str:
    """Return ``address`` as it will be used. Raises Invalid for what can never be sent to."""
    try:
        checked = check_address(address.strip())
    except Unfetchable as error:
        raise Invalid(error.message, field=field, remedy=error.remedy) from error
    host = urlsplit(checked).hostname or ""
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return checked
    if not may_connect(literal):
        raise Invalid(
            _("„%(address)s“ führt in ein internes Netz.") % {"address": address},
            field=field,
            remedy=_("Geben Sie eine Adresse an, die im Internet zu erreichen ist."),
        )
    return checked


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    allowed: Callable[[Address], bool] = may_connect,
) -> int:
    """Send ``body`` and return the HTTP status (2xx). Raises Undelivered for everything else."""
    network = CheckedNetwork(time.monotonic() + seconds, allowed)
    sent = {"User-Agent": USER_AGENT, **headers}
    try:
        target = check_address(address)
        with httpx.Client(
            transport=CheckedTransport(network), timeout=seconds, trust_env=False
        ) as client:
            request = client.build_request("POST", target, content=body, headers=sent)
            answer = client.send(request, stream=True)
            answer.close()
    except (Refused, Unfetchable) as error:
        message = _("Die Adresse führt in ein internes Netz oder ist keine Internetadresse.")
        raise Undelivered(message, is_final=True) from error
    except (httpx.TimeoutException, httpcore.TimeoutException) as error:
        message = _("Keine Antwort innerhalb von %(seconds)d Sekunden.") % {"seconds": seconds}
        raise Undelivered(message) from error
    except FAILURES as error:
        raise Undelivered(_("Der Server ist nicht zu erreichen.")) from error
    if not 200 <= answer.status_code < 300:
        # 410 is how a receiver says that it wants no more (Standard Webhooks).
        message = _("Der Server hat mit dem Status %(status)d geantwortet.")
        is_final = answer.status_code == httpx.codes.GONE
        raise Undelivered(message % {"status": answer.status_code}, is_final=is_final)
    return answer.status_code
