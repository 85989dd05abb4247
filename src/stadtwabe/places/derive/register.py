"""The register: one row per state, district and municipality, joined by AGS and never by name.

Base is VG250 (BKG) with territorial status 2016. GeoNames of March 2023 contributes population
and the keys of municipalities whose district was dissolved since; a name alone joins nothing.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from stadtwabe.places.derive import geometry
from stadtwabe.places.derive.packages import AREAS, CITIES, fetch, read_areas, read_member

BKG = "bkg-2016"
GEONAMES = "geonames-2023"

_UNINCORPORATED = 65
_MUNICIPALITY_KINDS = {60: "Kreisfreie Stadt", 61: "Stadt", 63: "Stadt"}
_DISTRICT_KINDS = {45: "Kommunalverband besonderer Art", 46: "Kommunalverband besonderer Art"}


@dataclass(frozen=True)
class Dissolution:
    """A district that ended: its key, its last day, and the district it went to."""

    key: str
    last_day: str
    successor: str


DISSOLUTIONS = (
    Dissolution("03152", "2016-10-31", "03159"),
    Dissolution("03156", "2016-10-31", "03159"),
    Dissolution("16056", "2021-06-30", "16063"),
)
"""Göttingen and Osterode am Harz became the new district Göttingen; Eisenach went to
Wartburgkreis. Nothing else changed among the districts between the two editions."""


@dataclass
class Row:
    """One line of `register.csv`; the columns are explained in `places/data/README.md`."""

    key: str
    level: str
    name: str
    kind: str
    ars: str = ""
    nuts: str = ""
    seat: str = ""
    population: str = ""
    longitude: str = ""
    latitude: str = ""
    area_km2: str = ""
    geonames_id: str = ""
    edition: str = BKG
    valid_until: str = ""
    successor: str = ""
    successor_hint: str = ""


@dataclass(frozen=True)
class City:
    """The columns used here of one German place of GeoNames."""

    geonames_id: str
    name: str
    latitude: float
    longitude: float
    code: str
    key: str
    population: int
    spellings: frozenset[str] = field(repr=False)


def read_cities(archive: Path) -> list[City]:
    """Read the German places that carry a municipality key (admin4)."""
    cities = []
    for line in read_member(archive, "dist/cities500.txt").decode().split("\n"):
        column = line.split("\t")
        if len(column) < 15 or column[8] != "DE" or not re.fullmatch(r"\d{8}", column[13]):
            continue
        spellings = {column[1], *column[3].split(",")}
        cities.append(
            City(
                geonames_id=column[0],
                name=column[1],
                latitude=float(column[4]),
                longitude=float(column[5]),
                code=column[7],
                key=column[13],
                population=int(column[14]),
                spellings=frozenset(core(name) for name in spellings if name),
            )
        )
    return cities


def core(name: str) -> str:
    """Reduce a name to what registers agree on: "Neustadt a.d. Aisch" -> "neustadt"."""
    name = re.split(r"\s*[(/,]", name, maxsplit=1)[0].lower()
    name = re.split(r" (?:an|am|im|in|bei|ob|vorm|auf|unter|[abiv]\.)", name, maxsplit=1)[0]
    return name.replace("sankt ", "st. ").strip()


def best_city(name: str, cities: Iterable[City]) -> City | None:
    """Of the places that carry a key, the one that is the municipality itself, or None.

    It bears the municipality's name (in any spelling GeoNames knows), or is its only seat.
    """
    cities = sorted(cities, key=lambda city: (-city.population, city.geonames_id))
    wanted = core(name)
    for city in cities:
        if core(city.name) == wanted:
            return city
    for city in cities:
        if wanted in city.spellings:
            return city
    seats = [city for city in cities if city.code.startswith("PPLA") or city.code == "PPLC"]
    return seats[0] if len(seats) == 1 else None


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}"


def _area_row(feature: dict[str, Any], level: str) -> Row:
    area = feature["properties"]
    shape = geometry.measure(feature["geometry"])
    kind = area["BEZ"]
    if level == "municipality":
        kind = _MUNICIPALITY_KINDS.get(area["IBZ"], "Gemeinde")
    elif level == "district":
        kind = _DISTRICT_KINDS.get(area["IBZ"], area["BEZ"])
    seat = area["SDV_RS"]
    return Row(
        key=area["AGS"],
        level=level,
        name=re.sub(r"\s+", " ", area["GEN"]).strip(),
        kind=kind,
        ars=area["RS"],
        nuts=area["NUTS"],
        seat=seat[:5] + seat[9:] if level != "municipality" else "",
        longitude=_number(shape.longitude, 4),
        latitude=_number(shape.latitude, 4),
        area_km2=_number(shape.area_km2, 2),
    )


def build(folder: Path) -> list[Row]:
    """Build all rows, sorted by key, from the archives in `folder` (fetched if missing)."""
    areas = fetch(AREAS, folder)
    cities: dict[str, list[City]] = defaultdict(list)
    for city in read_cities(fetch(CITIES, folder)):
        cities[city.key].append(city)

    rows = {}
    for layer, level in (("laender", "state"), ("kreise", "district")):
        for feature in read_areas(areas, layer):
            row = _area_row(feature, level)
            rows[row.key] = row
    shapes = {}
    for feature in read_areas(areas, "gemeinden"):
        if feature["properties"]["IBZ"] == _UNINCORPORATED:
            continue
        row = _area_row(feature, "municipality")
        rows[row.key] = row
        shapes[row.key] = feature["geometry"]
        town = best_city(row.name, cities.get(row.key, ()))
        if town is None:
            continue
        row.geonames_id = town.geonames_id
        row.population = str(town.population) if town.population else ""
        if not geometry.contains(shapes[row.key], float(row.longitude), float(row.latitude)):
            # The middle of a crescent-shaped area lies outside it: take the town itself.
            row.longitude = _number(town.longitude, 4)
            row.latitude = _number(town.latitude, 4)
    _dissolve_districts(rows, cities, shapes)
    _hint_at_successors(rows, cities, shapes)
    return sorted(rows.values(), key=lambda row: row.key)


def _dissolve_districts(
    rows: dict[str, Row], cities: dict[str, list[City]], shapes: dict[str, dict[str, Any]]
) -> None:
    """Close the dissolved districts and give their municipalities the keys of the newer source.

    A municipality is re-keyed only if a GeoNames place of its name, or the only place of the
    new key, lies within its polygon. The others keep the key of 2016.
    """
    ended = {dissolution.key: dissolution for dissolution in DISSOLUTIONS}
    goettingen = [rows[key] for key in ("03152", "03156")]
    area = sum(float(row.area_km2) for row in goettingen)
    rows["03159"] = Row(
        key="03159",
        level="district",
        name="Göttingen",
        kind="Landkreis",
        seat="03159016",
        longitude=_weighted(goettingen, "longitude", area),
        latitude=_weighted(goettingen, "latitude", area),
        area_km2=_number(area, 2),
        edition=GEONAMES,
    )
    new_keys = [
        key
        for key in cities
        if key not in rows and key[:5] in {dissolution.successor for dissolution in DISSOLUTIONS}
    ]
    claims: dict[str, list[tuple[Row, City]]] = defaultdict(list)
    for old in rows.values():
        if old.level != "municipality" or old.key[:5] not in ended:
            continue
        for key in new_keys:
            if key[:5] == ended[old.key[:5]].successor and (
                city := _place_within(old, cities[key], shapes[old.key])
            ):
                claims[key].append((old, city))
    for key, claimants in claims.items():
        if len(claimants) > 1:
            continue  # merged: the points do not tell which name the new municipality bears
        old, city = claimants[0]
        alone = len(cities[key]) == 1
        rows[key] = Row(
            key=key,
            level="municipality",
            name=old.name,
            kind="Stadt" if old.kind == "Kreisfreie Stadt" else old.kind,
            population=str(city.population) if alone and city.population else "",
            longitude=old.longitude,
            latitude=old.latitude,
            # Several places under the new key tell of a merger: the old area is too small.
            area_km2=old.area_km2 if alone else "",
            geonames_id=city.geonames_id,
            edition=GEONAMES,
        )
        old.valid_until, old.successor = ended[old.key[:5]].last_day, key
        old.geonames_id = old.population = ""
    for dissolution in DISSOLUTIONS:
        row = rows[dissolution.key]
        row.valid_until, row.successor = dissolution.last_day, dissolution.successor
    growing, eisenach = rows["16063"], rows["16056"]
    area = float(growing.area_km2) + float(eisenach.area_km2)
    growing.longitude = _weighted([growing, eisenach], "longitude", area)
    growing.latitude = _weighted([growing, eisenach], "latitude", area)
    growing.area_km2 = _number(area, 2)
    growing.edition = GEONAMES


def _weighted(rows: list[Row], column: str, area: float) -> str:
    return _number(sum(float(getattr(r, column)) * float(r.area_km2) for r in rows) / area, 4)


def _place_within(old: Row, cities: list[City], shape: dict[str, Any]) -> City | None:
    within = [c for c in cities if geometry.contains(shape, c.longitude, c.latitude)]
    named = [city for city in within if core(city.name) == core(old.name)]
    if named:
        return named[0]
    return within[0] if len(within) == len(cities) == 1 else None


def _hint_at_successors(
    rows: dict[str, Row], cities: dict[str, list[City]], shapes: dict[str, dict[str, Any]]
) -> None:
    """Where GeoNames puts the town itself under another key of the district, note that key.

    A hint for editors, no fact: of 252 such hints the official register of 2023 contradicts one.
    """
    by_core: dict[tuple[str, str], list[City]] = defaultdict(list)
    for places in cities.values():
        for city in places:
            by_core[city.key[:5], core(city.name)].append(city)
    for row in rows.values():
        if row.level != "municipality" or row.key in cities or row.successor:
            continue
        for city in by_core[row.key[:5], core(row.name)]:
            if row.key in shapes and geometry.contains(
                shapes[row.key], city.longitude, city.latitude
            ):
                row.successor_hint = city.key


def as_csv(rows: Iterable[Row]) -> str:
    """Write the rows as CSV with a header line, `\\n` as line end."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [column.name for column in fields(Row)]
    writer.writerow(names)
    for row in rows:
        writer.writerow([getattr(row, name) for name in names])
    return out.getvalue()
