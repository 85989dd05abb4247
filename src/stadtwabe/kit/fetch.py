"""Fetching a public web address on behalf of a person, so that it can do no harm.

Guards: only http and https; every connection goes to an address that was checked after its name
was resolved, and to no other (so neither a redirect nor a name that changes its mind leads
inside); robots.txt is asked for every host (RFC 9309); limits of size, time and redirects hold
over the whole way, however slowly the other side speaks.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from protego import Protego

from stadtwabe import __version__
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.network import Address, CheckedNetwork, CheckedTransport, Refused, is_public
from stadtwabe.kit.numbers import whole_number

ROBOT = "Stadtwabe"
USER_AGENT = f"{ROBOT}/{__version__} (+robots.txt)"
REDIRECTS = 5
SECONDS = 30.0
NOT_MODIFIED = 304
ROBOTS_BYTES = 500 * 1024
"""What a crawler must read of a robots.txt at least (RFC 9309, 2.5)."""
TEXT_TYPES = frozenset(
    {
        "text/html",
        "text/plain",
        "application/xhtml+xml",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/octet-stream",
    }
)
"""What a document may come as; ``octet-stream`` is judged by its bytes later."""


class Unfetchable(DomainError):
    """An address cannot be fetched. ``code`` is stable and names the reason.

    ``address``, ``blocked``, ``robots``, ``redirects``, ``too_slow``, ``too_large``, ``type``,
    ``status``, ``unreachable``.
    """

    status = 422

    def __init__(self, message: str, *, remedy: str, code: str) -> None:
        super().__init__(message, field="address", remedy=remedy)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: ``address`` is where the redirects ended.

    ``is_unchanged``: it was asked under a condition, and nothing is new (304); there is no data.
    """

    data: bytes
    media_type: str
    address: str
    file_name: str
    etag: str = ""
    last_modified: str = ""
    is_unchanged: bool = False


def may_connect(address: Address) -> bool:
    """Whether this installation fetches from ``address``: public ones unless it allows all."""
    return settings.FETCH_PRIVATE_ADDRESSES or is_public(address)


def fetch(
    address: str,
    *,
    limit_bytes: int,
    types: frozenset[str] = TEXT_TYPES,
    seconds: float = SECONDS,
    allowed: Callable[[Address], bool] = may_connect,
    accept: str = "*/*",
    is_interface: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    """Fetch ``address``. Raises Unfetchable with what to do about it.

    ``is_interface``: a person has named it as an interface meant for programs, so robots.txt,
    which is about crawling pages, is not asked (CKAN forbids its own interface there).
    ``headers`` go to the host that ``address`` names, never to where it sends us on.
    """
    with _Visit(
        address,
        seconds,
        allowed,
        accept=accept,
        asks_robots=not is_interface,
        headers=headers,
    ) as visit:
        return visit.fetch(limit_bytes, types)


def check_address(address: str) -> str:
    """Return ``address`` without fragment. Raises Unfetchable when it is none to be fetched."""
    return _checked(address, address)


def origin_of(address: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address that has been checked."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port


def probe(
    address: str, *, seconds: float = 15.0, allowed: Callable[[Address], bool] = may_connect
) -> int:
    """Return the HTTP status that ``address`` ends with, its body unread.

    Raises Unfetchable when there is no answer, or robots.txt forbids to ask.
    """
    with _Visit(address, seconds, allowed) as visit:
        return visit.probe()


class _Visit:
    """One fetch with all its redirects, under one deadline."""

    def __init__(
        self,
        address: str,
        seconds: float,
        allowed: Callable[[Address], bool],
        *,
        accept: str = "*/*",
        asks_robots: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._headers = dict(headers or {})
        self._start = _checked(address, address)
        self._asks_robots = asks_robots
        self._named = address
        self._seconds = seconds
        self._robots: dict[str, Protego | None] = {}
        self._client = httpx.Client(
            transport=CheckedTransport(CheckedNetwork(time.monotonic() + seconds, allowed)),
            headers={
                "User-Agent": USER_AGENT,
                "Accept": accept,
                "Accept-Language": "de, en;q=0.5",
                "Accept-Encoding": "gzip",
            },
            timeout=seconds,
            trust_env=False,
        )

    def __enter__(self) -> "_Visit":
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def fetch(self, limit_bytes: int, types: frozenset[str]) -> Fetched:
        with _explained(self._named, self._seconds):
            url, response = self._follow()
            try:
                if response.status_code == NOT_MODIFIED and self._headers:
                    return Fetched(b"", "", url, "", is_unchanged=True)
                _check_status(response.status_code, self._named)
                media_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
                if media_type and media_type not in types:
                    raise Unfetchable(
                        _("„%(address)s“ ist kein Textdokument, sondern %(type)s.")
                        % {"address": self._named, "type": media_type},
                        remedy=_("Geben Sie die Adresse einer Seite, eines PDF oder DOCX an."),
                        code="type",
                    )
                data = _read(response, limit_bytes)
            finally:
                response.close()
        if data is None:
            raise Unfetchable(
                _("„%(address)s“ ist größer als %(limit)d MB.")
                % {"address": self._named, "limit": limit_bytes // 1024 // 1024},
                remedy=_("Laden Sie das Dokument herunter, kürzen Sie es und laden Sie es hoch."),
                code="too_large",
            )
        return Fetched(
            data,
            media_type,
            url,
            _file_name(response, url),
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
        )

    def probe(self) -> int:
        with _explained(self._named, self._seconds):
            _url, response = self._follow()
            response.close()
            return response.status_code

    def _follow(self) -> tuple[str, httpx.Response]:
        """Go from redirect to redirect; the last answer comes with its body unread."""
        url, visited = self._start, set[str]()
        while True:
            if url in visited or len(visited) > REDIRECTS:
                raise Unfetchable(
                    _("„%(address)s“ leitet im Kreis oder zu oft weiter.")
                    % {"address": self._named},
                    remedy=_(
                        "Öffnen Sie die Seite im Browser und geben Sie die letzte Adresse an."
                    ),
                    code="redirects",
                )
            visited.add(url)
            if self._asks_robots:
                self._ask_robots(url)
            own = self._headers if origin_of(url) == origin_of(self._start) else {}
            request = self._client.build_request("GET", url, headers=own)
            response = self._client.send(request, stream=True)
            target = response.headers.get("location")
            if response.status_code not in {301, 302, 303, 307, 308} or not target:
                return url, response
            response.close()
            url = _checked(urljoin(url, target), self._named)

    def _ask_robots(self, url: str) -> None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._rules_of(origin)
        rules = self._robots[origin]
        if rules is None or not rules.can_fetch(url, ROBOT):
            raise Unfetchable(
                _("„%(address)s“ darf laut robots.txt nicht automatisch abgerufen werden.")
                % {"address": self._named},
                remedy=_("Speichern Sie die Seite selbst und laden Sie die Datei hoch."),
                code="robots",
            )

    def _rules_of(self, origin: str) -> Protego | None:
        """Return the rules of an origin; None: ask nothing, the server has trouble (RFC 9309)."""
        url = f"{origin}/robots.txt"
        for _hop in range(REDIRECTS):
            response = self._client.send(self._client.build_request("GET", url), stream=True)
            try:
                if response.is_redirect and response.headers.get("location"):
                    url = _checked(urljoin(url, response.headers["location"]), self._named)
                    continue
                if response.status_code >= 500:
                    return None
                if response.status_code >= 400:
                    return Protego.parse("")
                start = _read(response, ROBOTS_BYTES, cut=True) or b""
                return Protego.parse(start.decode("utf-8", "replace"))
            finally:
                response.close()
        return Protego.parse("")


def _checked(url: str, named: str) -> str:
    """Return ``url`` when it may be asked at all: http(s), a host, no password."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        fine = fine and parts.username is None and parts.password is None
    except ValueError:
        fine = False
    if not fine:
        raise Unfetchable(
            _("„%(address)s“ ist keine Internetadresse, die abgerufen werden kann.")
            % {"address": named},
            remedy=_("Geben Sie eine Adresse an, die mit http:// oder https:// beginnt."),
            code="address",
        )
    return parts._replace(fragment="").geturl()


def _check_status(status: int, named: str) -> None:
    if status < 300:
        return
    if status in {401, 403, 407}:
        remedy = _("Die Seite verlangt eine Anmeldung: Speichern Sie sie und laden Sie sie hoch.")
    elif status in {404, 410}:
        remedy = _("Prüfen Sie die Adresse; vielleicht ist die Seite umgezogen.")
    else:
        remedy = _("Versuchen Sie es später noch einmal.")
    raise Unfetchable(
        _("„%(address)s“ antwortet mit dem Fehler %(status)d.")
        % {"address": named, "status": status},
        remedy=remedy,
        code="status",
    )


def _read(response: httpx.Response, limit_bytes: int, *, cut: bool = False) -> bytes | None:
    """Return the body, unpacked; when it is longer than allowed its start (``cut``) or None."""
    announced = whole_number(response.headers.get("content-length"))
    if not cut and announced is not None and announced > limit_bytes:
        return None
    data = bytearray()
    for chunk in response.iter_bytes(64 * 1024):
        data += chunk
        if len(data) > limit_bytes:
            return bytes(data[:limit_bytes]) if cut else None
    return bytes(data)


_NAMED = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", re.IGNORECASE)


def _file_name(response: httpx.Response, url: str) -> str:
    named = _NAMED.search(response.headers.get("content-disposition", ""))
    name = unquote(named.group(1) if named else urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1])
    return re.sub(r"[\x00-\x1f/\\]", "", name).strip()[:200] or urlsplit(url).hostname or ""


@contextmanager
def _explained(named: str, seconds: float) -> Iterator[None]:
    """Turn what goes wrong on the way into an Unfetchable."""
    about: dict[str, Any] = {"address": named, "seconds": int(seconds)}
    try:
        yield
    except Refused as error:
        raise Unfetchable(
            _("„%(address)s“ führt in ein internes Netz und wird nicht abgerufen.") % about,
            remedy=_("Laden Sie das Dokument als Datei hoch."),
            code="blocked",
        ) from error
    except (httpx.TimeoutException, httpcore.TimeoutException) as error:
        raise Unfetchable(
            _("„%(address)s“ hat nicht innerhalb von %(seconds)d Sekunden geantwortet.") % about,
            remedy=_("Versuchen Sie es später, oder laden Sie das Dokument als Datei hoch."),
            code="too_slow",
        ) from error
    except FAILURES as error:
        raise Unfetchable(
            _("„%(address)s“ ist nicht zu erreichen.") % about,
            remedy=_("Prüfen Sie die Adresse, oder laden Sie das Dokument als Datei hoch."),
            code="unreachable",
        ) from error


FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    OSError,
    UnicodeError,
)
"""What goes wrong on the way to another server, and is nobody's mistake here."""
