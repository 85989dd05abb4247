"""Projects that the layout names: headings in a project section, a column of a table."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import Block, BlockKind
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.mentions.heads import head_of
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.sections import announces, section_of

_LABEL = re.compile(
    r"(?:Projekt|Projekttitel|Projektname|Vorhaben|Maßnahme|Titel|Name des Projekts|Bezeichnung)"
    r"(?: (?:[A-Z]?\d+(?:\.\d+)?))?(?:: +| – )(?=\S)"
)
_NUMBER = re.compile(
    r"(?:[-•*>] +|#+ +|\(?\d{1,2}(?:\.\d{1,2})*[.)]? +|(?:TOP|AP) \d+:? +|"
    r"[A-Z]{1,2} ?\d{1,2}(?:\.\d{1,2})?[.):]? +[–-]? ?|"
    r"(?:[Pp]rojekt|[Mm]aßnahme|[Bb]austein|[Vv]orhaben) [A-Z]?\d+(?:\.\d+)?[:. –-]+)"
)
_CODE = re.compile(
    r"(?:[A-Z]{1,2} ?\d{1,2}(?:\.\d{1,2})?|[Mm]aßnahme [A-Z]?\d+(?:\.\d+)?)[.):]? +[–-]? ?"
)
"""``A1``, ``M 12``, ``Maßnahme 3``: so plans count what they set out to do."""
_REMARK = re.compile(r" \((?:[A-ZÄÖÜ]?[a-zäöüß]+(?:projekt)?|[A-Z]+ ?\d*)\)$")
_COUNTED = re.compile(
    r"(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|folgende[nr]?|Schlüssel)\w* ?"
    r"(?:Schlüssel|Leit|Leucht)?\w*(?:projekte|maßnahmen|vorhaben|bausteine)n?\b",
    re.IGNORECASE,
)
_COUNTED_NOUN = re.compile(r"projekte|maßnahmen|vorhaben|bausteine")
_CLAUSE = re.compile(r"[.:,;!?]|\b(?:[a-zäöü]+(?:t|en)|statt|und|mit|ohne|in|im|für)\b")
MAX_HEADING = 90
_COLUMN = re.compile(r"(?:Vorhaben|Projekt|Projekttitel|Maßnahme|Projektname)$")
_NO_PROJECT = pattern("cues", "no_project_heading")


def structured_projects(document: Document) -> list[Candidate]:
    """Headings below "Projekte", table cells below "Vorhaben", labelled lines."""
    return [*_headings(document), *_cells(document), *_labels(document)]


def _headings(document: Document) -> list[Candidate]:
    found = []
    counting = {
        document.block_at(noun.start()) for noun in _COUNTED_NOUN.finditer(document.lowered)
    }
    coded = {
        index
        for index, block in enumerate(document.blocks)
        if block.kind in {BlockKind.HEADING, BlockKind.BULLET} and _CODE.match(document.line(index))
    }
    for index, block in enumerate(document.blocks):
        if block.kind not in {BlockKind.HEADING, BlockKind.BULLET}:
            continue
        if block.end - block.start > MAX_HEADING or not _has_body(document, index):
            continue
        line = document.line(index)
        number = _NUMBER.match(line)
        offset = number.end() if number else 0
        title = _REMARK.sub("", line[offset:].rstrip(" :"))
        if not 3 < len(title) <= 70 or title[-1] in "?!." or len(title.split()) > 8:
            continue
        if not title[0].isupper() or _NO_PROJECT.match(title) or announces(title):
            continue
        if document.dates.within(block.start, block.start + 12):
            continue
        start = block.start + offset
        below = (index in coded and len(coded) > 1) or _below_projects(document, index, counting)
        if not below and not _speaks_of_a_project(document, block, title, start):
            continue
        kind = head_of(title.split()[0])
        if kind and kind[0] in {"event", "publication", "strategy"}:
            continue
        extent = _extent(document, index)
        found.append(
            Candidate(
                ThingKind.PROJECT,
                document.view[start : start + len(title)],
                start,
                start + len(title),
                index,
                0.68 if below else 0.56,
                "Überschrift unter Projekten" if below else "Überschrift mit Gattungswort",
                extent=extent,
            )
        )
    return found


def _speaks_of_a_project(document: Document, block: Block, title: str, start: int) -> bool:
    """``Quartiersspeicher Spremberg``: a heading without a verb, made of a project's noun."""
    if block.kind != BlockKind.HEADING or len(title.split()) > 4 or _CLAUSE.search(title):
        return False
    if document.quoted.within(block.start, block.end):
        return False
    heads = document.heads.within(start, block.end)
    if not any(head.kind == "project" and head.compound for head in heads):
        return False
    return not document.organisations.within(block.start, block.end)


def _below_projects(document: Document, index: int, counting: set[int]) -> bool:
    """Directly below a heading that announces projects, or in a numbered run below one.

    `counting`: the blocks in which a noun stands that `_COUNTED` may count.
    """
    if section_of(document, index) == ThingKind.PROJECT:
        return True
    for above in range(index - 1, max(-1, index - 40), -1):
        if above in counting and document.says(
            _COUNTED, document.blocks[above].start, document.blocks[above].end
        ):
            return True
        if (
            document.blocks[above].kind == BlockKind.HEADING
            and document.blocks[above].level < document.blocks[index].level
        ):
            return False
    return False


def _has_body(document: Document, index: int) -> bool:
    below = index + 1
    if below >= len(document.blocks):
        return False
    block = document.blocks[below]
    return block.kind in {BlockKind.PARAGRAPH, BlockKind.FIELD} and block.end - block.start > 40


def _extent(document: Document, index: int) -> int:
    below = index + 1
    while below < len(document.blocks) and document.blocks[below].kind not in {
        BlockKind.HEADING,
    }:
        if (
            document.blocks[index].kind == BlockKind.BULLET
            and document.blocks[below].kind == BlockKind.BULLET
        ):
            break
        below += 1
    return below - index - 1


def _cells(document: Document) -> list[Candidate]:
    """Tables with a column "Vorhaben" or "Projekt"."""
    found: list[Candidate] = []
    column: int | None = None
    for index, block in enumerate(document.blocks):
        if block.kind != BlockKind.ROW:
            column = None
            continue
        cells = cells_of(document.line(index))
        heads = [i for i, (a, b) in enumerate(cells) if _COLUMN.search(document.line(index)[a:b])]
        if heads and len(cells) > 1:
            column = heads[0]
            continue
        if column is None or column >= len(cells):
            continue
        a, b = cells[column]
        name = document.line(index)[a:b]
        if len(name) < 4 or not name[0].isupper() or name.startswith(("Summe", "Gesamt")):
            continue
        start = block.start + a
        found.append(
            Candidate(
                ThingKind.PROJECT, name, start, start + len(name), index, 0.75, "Spalte der Tabelle"
            )
        )
    return found


def cells_of(line: str) -> list[tuple[int, int]]:
    """Where the cells of a table row stand; columns by bars, tabs or wide gaps."""
    mark = r"[^|]*[^|\s]" if "|" in line else r"\S+(?: \S+)*"
    return [
        (m.start() + len(m.group()) - len(m.group().lstrip()), m.end())
        for m in re.finditer(mark, line)
    ]


def _labels(document: Document) -> list[Candidate]:
    found = []
    for index, block in enumerate(document.blocks):
        if block.kind not in {BlockKind.FIELD, BlockKind.HEADING, BlockKind.BULLET}:
            continue
        line = document.line(index)
        label = _LABEL.match(line.lstrip("#-•* "))
        if label is None:
            continue
        offset = line.index(label.group()) + label.end()
        name = re.split(r" \(|, |\. | – ", line[offset:])[0].strip('„“”"» «.')
        if not 3 < len(name) <= 90:
            continue
        start = block.start + line.index(name, offset)
        confidence = 0.75 if label.group().startswith("Projekt") else 0.6
        found.append(
            Candidate(
                ThingKind.PROJECT,
                name,
                start,
                start + len(name),
                index,
                confidence,
                "Zeile mit Bezeichnung",
                extent=4 if block.kind == BlockKind.FIELD else 1,
            )
        )
    return found
