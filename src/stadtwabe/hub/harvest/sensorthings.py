"""Other SensorThings servers: each thing with datastreams is a dataset (OGC 18-088)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.hub.dcat.entries import Entry, Offer, web_address
from stadtwabe.hub.dcat.reader import Problem, ReadPage
from stadtwabe.hub.harvest.asking import MOST_PAGES, Get, SourceFailed, ask_json
from stadtwabe.hub.vocabularies import Frequency, licence_called

STREAMS = ("Datastreams", "MultiDatastreams")
PAGE = 100


def pages(address: str, get: Get) -> Iterator[ReadPage]:
    """Yield the things of a server; ``address`` is the root of its API. Raises SourceFailed."""
    root = address.rstrip("/").removesuffix("/Things")
    named = ask_json(get, root)
    sets = _list(named.get("value")) if isinstance(named, dict) else []
    names = {each.get("name") for each in sets if isinstance(each, dict)}
    if "Things" not in names:
        raise SourceFailed(_("„%s“ antwortet nicht wie ein SensorThings-Server.") % root)
    expanded = ["Datastreams($expand=ObservedProperty)"]
    if "MultiDatastreams" in names:
        expanded.append("MultiDatastreams($expand=ObservedProperties)")
    here = f"{root}/Things?$orderby=id&$top={PAGE}&$expand={','.join(expanded)}"
    visited = set[str]()
    while here:
        if here in visited or len(visited) >= MOST_PAGES:
            raise SourceFailed(_("Die Seiten von „%s“ führen im Kreis oder enden nicht.") % root)
        visited.add(here)
        answer = ask_json(get, here)
        if not isinstance(answer, dict) or not isinstance(answer.get("value"), list):
            raise SourceFailed(_("„%s“ antwortet nicht wie ein SensorThings-Server.") % root)
        yield _page_of(answer["value"], root)
        here = web_address(answer.get("@iot.nextLink"))


def _page_of(things: list[Any], root: str) -> ReadPage:
    entries, problems = [], []
    for thing in things:
        if not isinstance(thing, dict) or thing.get("@iot.id") is None:
            problems.append(Problem(root, "", _("Der Eintrag hat keine eigene Adresse.")))
            continue
        pk = thing["@iot.id"]
        quoted = "'" + pk.replace("'", "''") + "'" if isinstance(pk, str) else str(pk)
        address = web_address(thing.get("@iot.selfLink")) or f"{root}/Things({quoted})"
        title = _text(thing, "name")
        if not title:
            problems.append(Problem(address, "", _("Der Titel fehlt.")))
        elif entry := _entry(thing, address, title, root):
            entries.append(entry)
    return ReadPage(tuple(entries), tuple(problems), "")


def _entry(thing: Mapping[str, Any], address: str, title: str, root: str) -> Entry | None:
    streams = [
        stream for name in STREAMS for stream in _list(thing.get(name)) if isinstance(stream, dict)
    ]
    properties = thing.get("properties")
    licence = _text(properties, "licence") or _text(properties, "license")
    licence = licence_called(licence) or web_address(licence)
    offers = [
        Offer(
            access_url=link,
            title=_text(stream, "name")[:250],
            description=_text(stream, "description"),
            file_type="JSON",
            media_type="application/json",
            licence=licence,
            service=f"{root}/",
        )
        for stream in streams
        if (link := web_address(stream.get("@iot.selfLink")))
    ]
    if not offers:
        return None
    starts = [day for stream in streams if (day := _first_day(stream))]
    return Entry(
        address=address,
        title=title[:250],
        description=_text(thing, "description"),
        keywords=tuple(sorted({name[:100] for each in streams for name in _observed(each)})),
        starts_on=min(starts, default=None),
        frequency=Frequency.CONTINUOUS.value,
        page=address,
        offers=tuple(sorted(offers, key=lambda each: (each.access_url, each.title))),
    )


def _observed(stream: Mapping[str, Any]) -> Iterator[str]:
    several = [stream.get("ObservedProperty"), *_list(stream.get("ObservedProperties"))]
    for observed in several:
        if name := _text(observed, "name"):
            yield name


def _first_day(stream: Mapping[str, Any]) -> date | None:
    start = _text(stream, "phenomenonTime").partition("/")[0]
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        return None
    return moment.astimezone(UTC).date()


def _text(thing: object, name: str) -> str:
    value = thing.get(name) if isinstance(thing, Mapping) else None
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
