"""Check that a folder of annotated documents agrees with itself.

An annotation is made by hand, so it can be wrong in ways that a machine sees: a key that no place
has, a quote that is not in the text, a project linked to a town the record does not list. Usage::

    python bench/reading/check_corpus.py FOLDER...     (default: the tuned half)
"""

import csv
import datetime
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REGISTER = HERE.parents[1] / "src" / "stadtwabe" / "places" / "data" / "register.csv"

FIELDS = {
    "doc": str,
    "municipalities": list,
    "projects": list,
    "events": list,
    "strategies": list,
    "publications": list,
    "organisations": list,
    "amounts_eur": list,
    "dates": list,
    "urls": list,
    "topics": list,
    "sdgs": list,
    "note": str,
}
TOPICS = {
    "administration",
    "mobility",
    "energy_environment",
    "society_participation",
    "education",
    "health_care",
    "economy_retail",
    "data_infrastructure",
    "security_privacy",
    "planning_building",
}
LEVELS = {5: "kreis", 8: "gemeinde"}
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>„“\"]+")
NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:,\d+)?")
DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?|--(?P<m>\d\d)-(?P<d>\d\d)")


class _VisibleText(HTMLParser):
    """Collects what a browser would show; a tag ends a word only if it is a block."""

    HIDDEN = {"script", "style", "head", "noscript"}
    INLINE = {"a", "b", "em", "i", "small", "span", "strong"}

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in self.HIDDEN
        if tag not in self.INLINE:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in self.HIDDEN
        if tag not in self.INLINE:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.pieces.append(data)


def visible_text(path: Path) -> str:
    """What a reader sees of a document, white space (no-break too) as single blanks."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        parser = _VisibleText()
        parser.feed(text)
        parser.close()
        text = "".join(parser.pieces)
    return " ".join(text.split())


def problems(folder: Path, keys: frozenset[str] = frozenset()) -> list[str]:
    """What is wrong in a folder with ``gold.jsonl``, a line each; places checked if keys given."""
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines if line.strip()]
    names = [record.get("doc") for record in records]
    documents = {path.name for path in folder.iterdir() if path.suffix in (".txt", ".html")}
    found = [f"{name}: annotated twice" for name in set(names) if names.count(name) > 1]
    found += [f"{name}: not annotated" for name in sorted(documents - set(names))]
    for record in records:
        doc = record.get("doc")
        if doc not in documents:
            found.append(f"{doc}: no such document")
            continue
        shape = list(_shape(record))
        checks = shape or _content(record, visible_text(folder / doc), keys)
        found += [f"{doc}: {problem}" for problem in checks]
    return found


def _shape(record: dict[str, Any]) -> Iterator[str]:
    if record.keys() != FIELDS.keys():
        yield f"fields differ: {sorted(record.keys() ^ FIELDS.keys())}"
        return
    for name, kind in FIELDS.items():
        if not isinstance(record[name], kind):
            yield f"{name} is no {kind.__name__}"


def _content(record: dict[str, Any], text: str, keys: frozenset[str]) -> Iterator[str]:
    yield from _places(record, text, keys)
    yield from _things(record, text)
    yield from _dates(record, text)
    yield from _sets(record, text)


def _places(record: dict[str, Any], text: str, keys: frozenset[str]) -> Iterator[str]:
    own = [place["ags"] for place in record["municipalities"]]
    yield from (f"place {key} twice" for key in sorted(set(own)) if own.count(key) > 1)
    for place in record["municipalities"]:
        name, key = place["name"], place["ags"]
        if not key.isdigit() or LEVELS.get(len(key)) != place["level"]:
            yield f"{name}: key {key} does not fit the level {place['level']}"
        if keys and key not in keys:
            yield f"{name}: no place has the key {key}"
        if place["role"] not in ("actor", "mention"):
            yield f"{name}: role {place['role']}"
        if max(re.findall(r"\w+", name), key=len) not in text:
            yield f"place {name} is not in the text"
    for field in ("projects", "strategies"):
        for thing in record[field]:
            for key in set(thing["municipalities"]) - set(own):
                yield f"{field}: {key} is no place of the document"
    for event in record["events"]:
        if event["place"] not in (None, "online", *own):
            yield f"event {event['title']}: {event['place']} is no place of the document"


def _things(record: dict[str, Any], text: str) -> Iterator[str]:
    for project in record["projects"]:
        if " ".join(project["anchor"].split()) not in text:
            yield f"anchor is not in the text: {project['anchor']}"
    for name in record["organisations"]:
        if not any(alias in text for alias in name.split("|")):
            yield f"organisation is not in the text: {name}"
    titles = [project["name"] for project in record["projects"]]
    for field in ("events", "strategies", "publications"):
        titles += [thing["title"] for thing in record[field]]
    folded = text.lower()
    for title in titles:
        if max(re.findall(r"\w+", title.lower()), key=len) not in folded:
            yield f"nothing in the text sounds like: {title}"


def _dates(record: dict[str, Any], text: str) -> Iterator[str]:
    own = record["dates"]
    if own != sorted(set(own)):
        yield "dates are not sorted, or twice"
    for event in record["events"]:
        for date in set(event["dates"]) - set(own):
            yield f"event {event['title']}: {date} is no date of the document"
    for date in own:
        if problem := _date_problem(date, text):
            yield f"date {date}: {problem}"


def _date_problem(date: str, text: str) -> str:
    parts = DATE.fullmatch(date)
    if not parts:
        return "is no YYYY-MM-DD, YYYY-MM or --MM-DD"
    year, month, day = parts["year"], parts["month"] or parts["m"], parts["day"] or parts["d"]
    try:
        datetime.date(int(year or 2024), int(month), int(day or 1))
    except ValueError:
        return "is not in the calendar"
    if day and not re.search(rf"(?<!\d)0?{int(day)}\.", text):
        return "its day is not in the text"
    if year and not re.search(rf"(?<!\d){year}(?!\d)|\.{year[2:]}(?!\d)", text):
        return "its year is not in the text"
    return ""


def _sets(record: dict[str, Any], text: str) -> Iterator[str]:
    seen = {address.rstrip(".,;:!?)") for address in ADDRESS.findall(text)}
    for url in seen ^ {url.rstrip(".,;:!?)") for url in record["urls"]}:
        yield f"address {url} is only {'in the text' if url in seen else 'annotated'}"
    numbers = {
        float(number.replace(".", "").replace(" ", "").replace(",", "."))
        for number in NUMBER.findall(text)
    }
    written = {round(number * unit, 2) for number in numbers for unit in (1, 1e3, 1e6, 1e9)}
    for amount in record["amounts_eur"]:
        if round(float(amount), 2) not in written:
            yield f"no number of the text reads as {amount} euros"
    if strange := set(record["topics"]) - TOPICS:
        yield f"topics: {sorted(strange)}"
    if not all(goal in range(1, 18) for goal in record["sdgs"]):
        yield f"sdgs: {record['sdgs']}"


def register_keys(path: Path = REGISTER) -> frozenset[str]:
    """The keys of all states, districts and municipalities in the project's register."""
    with path.open(encoding="utf-8", newline="") as rows:
        return frozenset(row["key"] for row in csv.DictReader(rows))


def main(folders: Sequence[str] = ()) -> int:
    """Print the problems of each folder; 1 if there are any."""
    keys = register_keys()
    chosen: Iterable[Path] = [Path(folder) for folder in folders] or [HERE / "corpus" / "tuned"]
    status = 0
    for folder in chosen:
        found = problems(folder, keys)
        status |= bool(found)
        print(*found, f"{folder}: {len(found)} problems", sep="\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
