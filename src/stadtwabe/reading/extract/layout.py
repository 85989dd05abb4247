"""Plain text to blocks: headings, bullets, table rows, labelled fields, wrapped paragraphs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from stadtwabe.reading.extract.extracted import Block, BlockKind

_BULLET = re.compile(r"\s*(?:[-–—•●▪■◦‣·*+►➢✓]|\(?\d{1,2}\)|[a-z]\))\s+(?=\S)")
_NUMBERED = re.compile(r"\s*\d{1,2}(?:\.\d{1,2})*\.?\s+(?=\S)")
_LISTED = re.compile(r"\s*\d{1,2}\.\s+(?=\S)")
_FIELD = re.compile(r"\s*[A-ZÄÖÜ][\w.()*/ -]{1,34}:\s+(?=\S)")
_DATE_START = re.compile(
    r"\s*\d{1,2}\.(?:\s*[/–-]|\s*\d{1,2}\.|\s*(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez))"
)
_DAY_LINE = re.compile(
    r"\s*(?:(?:Mo|Di|Mi|Do|Fr|Sa|So)[a-zäöü]*\.?,? (?:den )?)"
    r"\d{1,2}\. ?(?:\d{1,2}\.|Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
)
_COLUMNS = re.compile(r"\S[ \u00a0]{3,}\S")
_SENTENCE_END = re.compile(r"[.!?:;…][\"“”»)\]]*\s*$")
_UNDERLINE = re.compile(r"\s*(=|-|~){4,}\s*$")
_DECORATED = re.compile(
    r"\s*(?P<mark>\+{2,}|\*{2,}|={2,}|~{2,}|-{2,}|>{2,}) *(?P<title>\w[^+*=~<>|]{1,88}?) *"
    r"(?:\+{2,}|\*{2,}|={2,}|~{2,}|-{2,}|<{2,})\s*$"
)
"""``+++ Termine +++``"""
_HASHES = re.compile(r"(#{1,6})\s+\S")

WRAP_AT_MOST = 110
WIDE_AT_MOST = 140
HEADING_AT_MOST = 100
BESIDE = 2


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def blocks_of(text: str, *, page: int | None = None, offset: int = 0) -> tuple[Block, ...]:
    """Split text into blocks; every non-blank line lies in exactly one of them."""
    lines = list(_lines(text))
    wrapped = _is_wrapped(lines)
    dated = _dated(lines)
    blocks: list[Block] = []
    i = 0
    while i < len(lines):
        if lines[i].blank or _UNDERLINE.match(lines[i].text):
            i += 1
            continue
        if decorated := _DECORATED.match(lines[i].text):
            at = offset + lines[i].start
            span = at + decorated.start("title"), at + decorated.end("title")
            blocks.append(Block(BlockKind.HEADING, *span, 2, page))
            i += 1
            continue
        kind, level = _kind(lines, i, wrapped)
        last = i
        if kind in {BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.FIELD}:
            while (
                wrapped
                and last + 1 < len(lines)
                and last + 1 not in dated
                and _continues(lines, last, wrapped)
            ):
                last += 1
        blocks.append(
            Block(
                kind,
                offset + lines[i].start + _indent(lines[i].text),
                offset + lines[last].start + len(lines[last].text.rstrip()),
                level,
                page,
            )
        )
        i = last + 1
    return tuple(blocks)


def _dated(lines: list[_Line]) -> frozenset[int]:
    """Lines that begin with a day, where others beside them do: each is an item of its own."""
    found = [i for i, line in enumerate(lines) if _DAY_LINE.match(line.text)]
    return frozenset(
        i for i in found if sum(1 for other in found if 0 < abs(other - i) <= BESIDE) > 0
    )


def _lines(text: str) -> Iterable[_Line]:
    start = 0
    for line in text.split("\n"):
        yield _Line(start, start + len(line), line)
        start += len(line) + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_wrapped(lines: list[_Line]) -> int:
    """Width of the wrapped lines, or 0 where each line is a paragraph of its own."""
    lengths = sorted(len(line.text) for line in lines if len(line.text) >= 30)
    if len(lengths) < 4 or lengths[-1] > WRAP_AT_MOST + 40:
        return 0
    typical = lengths[(len(lengths) * 9) // 10]
    if WRAP_AT_MOST < typical <= WIDE_AT_MOST and _run_on_often(lines, typical):
        return typical
    return typical if 45 <= typical <= WRAP_AT_MOST else 0


def _run_on_often(lines: list[_Line], typical: int) -> bool:
    """Lines of full width that the next one goes on in small letters: nobody writes so."""
    going_on = sum(
        1
        for here, following in pairwise(lines)
        if typical * 0.8 < len(here.text) and following.text.lstrip()[:1].islower()
    )
    return going_on >= 4


def _continues(lines: list[_Line], i: int, width: int) -> bool:
    """Does line i run on in line i + 1, because the text was wrapped at `width`?"""
    here, following = lines[i].text.rstrip(), lines[i + 1].text
    if not following.strip() or _starts_block(following) or _UNDERLINE.match(following):
        return False
    if following.lstrip()[0].islower():
        return True
    word = len(following.split(maxsplit=1)[0])
    if len(here) + 1 + word <= width * 0.85:
        return False
    return not (_SENTENCE_END.search(here) and len(here) + 1 + word <= width)


def _starts_block(line: str) -> bool:
    return bool(
        _BULLET.match(line)
        or _DECORATED.match(line)
        or _HASHES.match(line)
        or _FIELD.match(line)
        or _is_row(line.strip())
    )


def _is_row(stripped: str) -> bool:
    return "\t" in stripped or " | " in stripped or bool(_COLUMNS.search(stripped))


def _kind(lines: list[_Line], i: int, wrapped: int) -> tuple[BlockKind, int]:
    line = lines[i].text
    stripped = line.strip()
    if hashes := _HASHES.match(stripped):
        return BlockKind.HEADING, len(hashes.group(1))
    if i + 1 < len(lines) and _UNDERLINE.match(lines[i + 1].text) and len(stripped) <= 120:
        return BlockKind.HEADING, 1 if "=" in lines[i + 1].text else 2
    if _is_row(stripped):
        return BlockKind.ROW, 0
    if _BULLET.match(line):
        return BlockKind.BULLET, _indent(line)
    if _FIELD.match(line) and len(stripped) <= 200:
        return BlockKind.FIELD, 0
    if _is_heading(lines, i, stripped, wrapped):
        numbered = _NUMBERED.match(stripped)
        depth = numbered.group(0).strip().rstrip(".").count(".") + 2 if numbered else 2
        return BlockKind.HEADING, 1 if i == 0 else depth
    if _LISTED.match(line) and not _DATE_START.match(line):
        return BlockKind.BULLET, _indent(line)
    return BlockKind.PARAGRAPH, 0


def _is_heading(lines: list[_Line], i: int, stripped: str, wrapped: int) -> bool:
    if len(stripped) > HEADING_AT_MOST or _DATE_START.match(stripped):
        return False
    if not (stripped[0].isupper() or stripped[0].isdigit() or stripped[0] in '„“"»'):
        return False
    if stripped[-1] in ".,;" or "http" in stripped or "@" in stripped:
        return False
    if wrapped and i + 1 < len(lines) and _continues(lines, i, wrapped):
        return False
    if wrapped and i > 0 and not lines[i - 1].blank and _runs_on(lines[i - 1].text):
        return False
    following = next((line for line in lines[i + 1 :] if not line.blank), None)
    if following is None:
        return i == 0
    adjacent = i + 1 < len(lines) and following is lines[i + 1]
    return not (adjacent and following.text.strip()[0].islower())


def _runs_on(line: str) -> bool:
    """Is this line so long, without an end of sentence, that the next one belongs to it?"""
    return len(line.rstrip()) > 45 and not _SENTENCE_END.search(line)
