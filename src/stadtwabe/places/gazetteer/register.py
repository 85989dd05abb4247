"""Reads the derived files of `places/data/` (formats: the README there)."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from stadtwabe.places.gazetteer.model import Level, NetworkEntry, RegisterEntry

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class WordLists:
    """Town names that are common words (nouns, verbs), and given names."""

    nouns: frozenset[str]
    verbs: frozenset[str]
    given_names: frozenset[str]


def read_entries() -> list[RegisterEntry]:
    """Read the places in force; a key that was replaced by a proven successor is left out."""
    with (DATA / "register.csv").open(encoding="utf-8", newline="") as file:
        return [
            RegisterEntry(
                key=row["key"],
                level=Level(row["level"]),
                name=row["name"],
                kind=row["kind"],
                population=int(row["population"]) if row["population"] else None,
                longitude=float(row["longitude"]) if row["longitude"] else None,
                latitude=float(row["latitude"]) if row["latitude"] else None,
                merged_hint=bool(row["successor_hint"]),
            )
            for row in csv.DictReader(file)
            if not row["successor"]
        ]


def read_networks() -> list[NetworkEntry]:
    """Read the networks with the members that public documents name."""
    networks = json.loads((DATA / "networks.json").read_text(encoding="utf-8"))["networks"]
    return [
        NetworkEntry(
            slug=network["slug"],
            name=network["name"],
            aliases=tuple(network["aliases"]),
            members=tuple(member["key"] for member in network["members"]),
        )
        for network in networks
    ]


def read_regions() -> list[str]:
    """Read the names of landscapes, which are never a municipality."""
    regions: list[str] = json.loads((DATA / "networks.json").read_text(encoding="utf-8"))["regions"]
    return regions


def read_words() -> WordLists:
    """Read the word lists."""
    common = (DATA / "common_words.txt").read_text(encoding="utf-8").split()
    return WordLists(
        nouns=frozenset(word for word in common if not word.endswith("*")),
        verbs=frozenset(word.rstrip("*") for word in common if word.endswith("*")),
        given_names=frozenset((DATA / "given_names.txt").read_text(encoding="utf-8").split()),
    )
