"""CKAN: its action ``package_search``, and the extras that portals in Germany use.

Source: the CKAN API guide (action API, version 3); field names as ckanext-dcat and DCAT-AP.de
portals fill them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from stadtwabe.hub.dcat.entries import Entry, Offer, web_address
from stadtwabe.hub.dcat.reader import Problem, ReadPage
from stadtwabe.hub.harvest.asking import MOST_PAGES, Get, SourceFailed, ask_json
from stadtwabe.hub.vocabularies import (
    FREQUENCIES,
    MEDIA_TYPE_OF,
    THEMES,
    Frequency,
    Theme,
    file_type_called,
    licence_called,
    place_key_of,
)

ROWS = 100


def pages(address: str, get: Get) -> Iterator[ReadPage]:
    """Yield the datasets of a portal; ``address`` is its home page. Raises SourceFailed."""
    home = re.sub(r"/api(/.*)?$", "", address.rstrip("/"))
    start, total = 0, 1
    for _page in range(MOST_PAGES):
        if start >= total:
            return
        query = f"rows={ROWS}&start={start}&sort={quote('id asc')}"
        answer = ask_json(get, f"{home}/api/3/action/package_search?{query}")
        result = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(result, dict) or not isinstance(result.get("results"), list):
            raise SourceFailed(_("„%s“ antwortet nicht wie ein CKAN-Portal.") % home)
        packages = result["results"]
        total = _number(result.get("count")) or 0
        if not packages:
            return
        start += len(packages)
        yield _page_of(packages, home)
    raise SourceFailed(_("Die Seiten von „%s“ führen im Kreis oder enden nicht.") % home)


def _page_of(packages: list[Any], home: str) -> ReadPage:
    entries, problems = [], []
    for package in packages:
        name = _text(package, "name") or _text(package, "id") if isinstance(package, dict) else ""
        if not name:
            problems.append(Problem(home, "", _("Der Eintrag hat keine eigene Adresse.")))
        elif not _text(package, "title"):
            problems.append(Problem(f"{home}/dataset/{quote(name)}", name, _("Der Titel fehlt.")))
        else:
            entries.append(_entry(package, name, home))
    return ReadPage(tuple(entries), tuple(problems), "")


def _entry(package: Mapping[str, Any], name: str, home: str) -> Entry:
    extras = {
        _text(extra, "key"): extra.get("value")
        for extra in _list(package.get("extras"))
        if isinstance(extra, dict)
    }
    organisation = package.get("organization")
    licence = _licence(package)
    page = f"{home}/dataset/{quote(name)}"
    names = {
        name.upper()
        for group in _list(package.get("groups"))
        if isinstance(group, dict) and (name := _text(group, "name"))
    }
    names |= {theme.removeprefix(THEMES) for theme in _several(extras.get("theme"))}
    frequency = str(extras.get("frequency") or "").removeprefix(FREQUENCIES)
    places = sorted(
        filter(None, map(place_key_of, _several(extras.get("politicalGeocodingURI")))), key=len
    )
    offers = [
        _offer(resource, licence)
        for resource in _list(package.get("resources"))
        if isinstance(resource, dict) and web_address(resource.get("url"))
    ]
    return Entry(
        address=page,
        identifier=_text(extras, "identifier") or _text(extras, "guid") or _text(package, "id"),
        title=_text(package, "title")[:250],
        description=_text(package, "notes"),
        publisher=(
            _text(extras, "publisher_name")
            or _text(organisation, "title")
            or _text(package, "author")
        )[:250],
        publisher_page=web_address(extras.get("publisher_url")),
        contact_name=(_text(extras, "contact_name") or _text(package, "maintainer"))[:200],
        contact_email=_email(extras.get("contact_email") or package.get("maintainer_email")),
        contact_page=web_address(extras.get("contact_url")),
        themes=tuple(sorted(names & set(Theme.values))),
        keywords=tuple(
            sorted(
                {_text(tag, "name")[:100] for tag in _list(package.get("tags"))} - {""},
            )
        ),
        starts_on=_day(extras.get("temporal_start")),
        ends_on=_day(extras.get("temporal_end")),
        place_key=places[-1] if places else "",
        frequency=frequency if frequency in Frequency.values else "",
        contributor=next(filter(None, map(web_address, _several(extras.get("contributorID")))), ""),
        page=page,
        issued=_moment(extras.get("issued") or package.get("metadata_created")),
        modified=_moment(extras.get("modified") or package.get("metadata_modified")),
        offers=tuple(
            sorted(offers, key=lambda each: (each.access_url, each.file_type, each.title))
        ),
    )


def _offer(resource: Mapping[str, Any], licence: str) -> Offer:
    media_type = _text(resource, "mimetype").split(";")[0]
    file_type = file_type_called(_text(resource, "format")) or file_type_called(media_type)
    digest = _text(resource, "hash").lower().removeprefix("sha256:")
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type):
        media_type = MEDIA_TYPE_OF.get(file_type, "")
    return Offer(
        access_url=web_address(resource.get("url")),
        download_url=web_address(resource.get("download_url")),
        title=_text(resource, "name")[:250],
        description=_text(resource, "description"),
        file_type=file_type,
        media_type=media_type,
        licence=licence_called(_text(resource, "license")) or licence,
        byte_size=_number(resource.get("size")),
        sha256=digest if re.fullmatch(r"[0-9a-f]{64}", digest) else "",
    )


def _licence(package: Mapping[str, Any]) -> str:
    for stated in ("license_id", "license_url"):
        if known := licence_called(_text(package, stated)):
            return known
    return web_address(package.get("license_id")) or web_address(package.get("license_url"))


def _text(thing: object, name: str) -> str:
    value = thing.get(name) if isinstance(thing, Mapping) else None
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _several(value: object) -> list[str]:
    """Several values come as JSON in a text, as a list, or alone."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    return [str(each) for each in (value if isinstance(value, list) else [value]) if each]


def _number(value: object) -> int | None:
    try:
        number = int(value)  # type: ignore[call-overload]  # whatever it is, it says so
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number < 2**63 else None


def _email(value: object) -> str:
    text = str(value or "").removeprefix("mailto:").strip()
    return text if re.fullmatch(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,189}", text) else ""


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value or "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(value: object) -> date | None:
    moment = _moment(value)
    return moment.date() if moment else None
