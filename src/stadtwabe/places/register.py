"""The register and the networks as they stand in ``places/data`` (see the README there)."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

TOWN_KINDS = frozenset({"Stadt", "Kreisfreie Stadt", "Stadtkreis"})
"""Kinds that hold the title of a town, alone or as a district of their own."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A state, district or municipality that is in force."""

    key: str
    level: str
    name: str
    kind: str
    ars: str
    population: int | None
    population_on: date | None
    population_source: str
    longitude: float | None
    latitude: float | None
    area_km2: Decimal | None
    geonames_id: int | None
    edition: str
    previous_keys: tuple[str, ...]

    @property
    def official_name(self) -> str:
        """What the place calls itself: *Stadt Iserlohn*, *Kreis Soest*, *Freistaat Bayern*."""
        if self.kind.lower() in self.name.lower() or self.name.lower().endswith("kreis"):
            return self.name
        kind = {"Kreisfreie Stadt": "Stadt", "Stadtkreis": "Stadt"}.get(self.kind, self.kind)
        return (
            f"Region {self.name}" if kind.startswith("Kommunalverband") else f"{kind} {self.name}"
        )


@dataclass(frozen=True, slots=True)
class MemberRow:
    """That a place belongs to a network; days are None when unknown."""

    key: str
    since: date | None
    until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A network with the members that public documents name."""

    slug: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    members: tuple[MemberRow, ...]


@cache
def editions() -> dict[str, dict[str, str]]:
    """Return the editions by key: label, attribution, licence, territorial status."""
    text = (DATA / "sources.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


def register_rows() -> list[RegisterRow]:
    """Return all places in force, states before districts before municipalities.

    A key that ended is kept as ``previous_keys`` of its successor. A district that ended is
    returned all the same while municipalities with its key are in force because nobody has
    proven their new key; its name then says until when it was one.
    """
    with (DATA / "register.csv").open(encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))
    previous: dict[str, list[str]] = {}
    for row in raw:
        if row["valid_until"]:
            previous.setdefault(row["successor"], []).append(row["key"])
    parents = {row["key"][:5] for row in raw if not row["valid_until"]}
    in_force = [row for row in raw if not row["valid_until"]]
    in_force += [
        {**row, "name": f"{row['name']} (bis {row['valid_until'][:4]})"}
        for row in raw
        if row["valid_until"] and row["key"] in parents
    ]
    return [
        _row(row, previous.get(row["key"], []))
        for row in sorted(in_force, key=lambda row: (len(row["key"]), row["key"]))
    ]


def network_rows() -> list[NetworkRow]:
    """Return the networks, each with its own members and those of its member networks."""
    known = json.loads((DATA / "networks.json").read_text(encoding="utf-8"))["networks"]
    by_slug = {network["slug"]: network for network in known}
    return [
        NetworkRow(
            slug=network["slug"],
            name=network["name"],
            kind=network["kind"],
            aliases=tuple(network["aliases"]),
            members=tuple(_members(network, by_slug)),
        )
        for network in known
    ]


def _row(row: dict[str, str], previous: list[str]) -> RegisterRow:
    population = int(row["population"]) if row["population"] else None
    geonames = editions()["geonames-2023"]
    return RegisterRow(
        key=row["key"],
        level=row["level"],
        name=row["name"],
        kind=row["kind"],
        ars=row["ars"],
        population=population,
        population_on=None if population is None else first_day(geonames["population_date"]),
        population_source="" if population is None else geonames["label"],
        longitude=float(row["longitude"]) if row["longitude"] else None,
        latitude=float(row["latitude"]) if row["latitude"] else None,
        area_km2=Decimal(row["area_km2"]) if row["area_km2"] else None,
        geonames_id=int(row["geonames_id"]) if row["geonames_id"] else None,
        edition=row["edition"],
        previous_keys=tuple(sorted(previous)),
    )


def _members(network: dict[str, Any], by_slug: dict[str, dict[str, Any]]) -> Iterator[MemberRow]:
    seen = set()
    for part in (network, *(by_slug[slug] for slug in network["member_networks"])):
        for member in part["members"]:
            if member["key"] not in seen:
                seen.add(member["key"])
                yield MemberRow(
                    key=member["key"],
                    since=first_day(member["since"]),
                    until=last_day(member["until"]),
                    source=part["sources"][member["source"]][:300],
                )


def first_day(text: str | None) -> date | None:
    """Return the first day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None for None."""
    if text is None:
        return None
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_day(text: str | None) -> date | None:
    """Return the last day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None for None."""
    first = first_day(text)
    if text is None or first is None or len(text) == len("YYYY-MM-DD"):
        return first
    if len(text) == len("YYYY"):
        return date(first.year, 12, 31)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
