"""The script of the demo: its documents, and what a careful editor accepts from each of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCUMENTS, INBOX = HERE / "documents", HERE / "inbox"

FIRST = ("foerderprogramme.docx", "portraet-solingen.txt", "loesungen-und-nachnutzung.html")
"""Read before the others, which name the programmes, the original and the solutions in them."""

ORDER = (
    "network",
    "organisation",
    "solution",
    "funding",
    "strategy",
    "project",
    "publication",
    "event",
    "portrait",
    "deployment",
    "reuse",
    "grant",
    "effect",
)
"""Within a document: what others point to comes first."""

FACTS_BETWEEN = frozenset({"deployment", "reuse", "grant", "effect"})
"""Kinds that are facts between or about things and have no card of their own."""

BEYOND_READING = FACTS_BETWEEN | {"network", "portrait"}
"""Kinds that the reader does not propose: an editor derives them."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of one property, and the words of the document that say so."""

    name: str
    value: Any
    quote: str
    is_claim: bool = False


@dataclass(frozen=True, slots=True)
class NamedParty:
    """A party in its role: a place by its key, a network or an organisation by its name."""

    name: str
    role: str
    place: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the editor writes, with its facts in the order of the script."""

    kind: str
    name: str
    summary: str
    facts: tuple[Fact, ...]
    places: tuple[str, ...]
    parties: tuple[NamedParty, ...]
    links: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    goals: tuple[int, ...]

    def fact(self, name: str) -> Fact | None:
        """Return the first fact called ``name``."""
        return next((fact for fact in self.facts if fact.name == name), None)


@dataclass(frozen=True, slots=True)
class DocumentScript:
    """One document and its entries, those first that others point to."""

    file_name: str
    title: str
    publisher: str
    published_on: date
    licence: str
    entries: tuple[Entry, ...]

    @property
    def path(self) -> Path:
        """Where the document lies."""
        return DOCUMENTS / self.file_name


@cache
def script() -> tuple[DocumentScript, ...]:
    """Return all documents in the order in which they are read."""
    lines = (HERE / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    documents = [_document(json.loads(line)) for line in lines]
    first = {name: position for position, name in enumerate(FIRST)}
    return tuple(sorted(documents, key=lambda each: first.get(each.file_name, len(FIRST))))


@cache
def inbox() -> tuple[Path, ...]:
    """Return the documents that stay in the inbox, for visitors to try the desk with."""
    return tuple(sorted(INBOX.iterdir()))


def _document(stored: dict[str, Any]) -> DocumentScript:
    about = stored["document"]
    entries = [_entry(thing) for thing in stored["things"]]
    return DocumentScript(
        file_name=stored["doc"],
        title=about["title"],
        publisher=about["publisher"],
        published_on=date.fromisoformat(about["published_on"]),
        licence=about["licence"],
        entries=tuple(sorted(entries, key=lambda entry: ORDER.index(entry.kind))),
    )


def _entry(stored: dict[str, Any]) -> Entry:
    kind = {"funding_programme": "funding"}.get(stored["kind"], stored["kind"])
    return Entry(
        kind=kind,
        name=stored["name"],
        summary=stored["summary"],
        facts=tuple(_facts(stored["properties"])),
        places=tuple(stored["places"]),
        parties=tuple(NamedParty(**party) for party in stored["parties"]),
        links=tuple((link["kind"], link["to"]) for link in stored["links"]),
        topics=tuple(stored["topics"]),
        goals=tuple(stored["sdgs"]),
    )


def _facts(stored: dict[str, Any]) -> Iterator[Fact]:
    """Yield each value; further values that another source gives follow the first."""
    for name, fact in stored.items():
        for each in (fact, *fact.get("others", ())):
            yield Fact(name, each["value"], each["quote"], is_claim=each.get("claim", False))
