"""Web pages: main content with headings, lists and tables, without navigation and footers."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from stadtwabe.reading.extract.builder import Builder
from stadtwabe.reading.extract.extracted import BlockKind, Extracted
from stadtwabe.reading.extract.plain import clean, decode

_DROP = (
    "script, style, noscript, template, svg, iframe, object, embed, nav, footer, form, button, "
    "select, dialog, head, [hidden], [aria-hidden=true], [role=navigation], [role=contentinfo], "
    "[role=banner], [role=search], [role=dialog]"
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navigation|navbar|menu|menue|breadcrumbs?|cookies?|consent|footer|"
    r"skip-?links?|share|sharing|social|pagination|metanav|toolbar|offcanvas|search-?form|suche|"
    r"sidebar|widgets?|widget-area|comments?|kommentare|related|related-\w+|recommendations?|"
    r"topbar|logo|lang-?switch(?:er)?|back-?to-?top|totop|cybotcookiebotdialog|usercentrics-root)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\s*(?:Das könnte (?:Sie|dich|euch) auch interessieren|Auch interessant|Mehr zum Thema|"
    r"(?:Weitere|Ähnliche|Verwandte|Neueste|Letzte|Aktuelle) (?:Artikel|Beiträge|Meldungen|"
    r"Nachrichten|News|Pressemitteilungen)|Meistgelesen\w*|(?:Seite )?[Tt]eilen|Kommentare|"
    r"(?:Hinterlasse|Schreibe) einen Kommentar.*|Lesen Sie auch|Nach oben)\W*"
)
"""Headings of what belongs to other pages."""
_MAIN = ("main", "[role=main]", "#content", "#main", "#inhalt", ".content", "article")
_BLOCK_TAGS = """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption
    figure h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section summary table
    tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_EMPHASIS = frozenset(["b", "strong", "i", "em", "cite", "q"])
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
MAX_DEPTH = 400
MAX_LABEL = 40
"""A longer term of a definition list is a block of its own."""


def html(data: bytes, name: str) -> Extracted:
    """Read a web page."""
    charset = _CHARSET.search(data[:4096])
    text, warnings = decode(data, name, charset.group(1).decode("ascii") if charset else None)
    tree = LexborHTMLParser(clean(text))
    title_node = tree.css_first("title")
    title = _SPACE.sub(" ", title_node.text()).strip() if title_node else ""
    root = _content(tree)
    writer = _Writer()
    if root is not None:
        writer.walk(root)
    return Extracted(
        text=writer.built.text,
        blocks=tuple(writer.built.blocks),
        media_type="text/html",
        title=writer.built.first_heading or title,
        links=tuple(writer.built.links),
        emphases=tuple(writer.built.emphases),
        warnings=warnings,
    )


def _content(tree: LexborHTMLParser) -> LexborNode | None:
    body = tree.body
    if body is None:
        return None
    for node in body.css(_DROP):
        if not _holds_main(node):
            node.decompose()
    for node in body.css("[class], [id]"):
        label = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if _FURNITURE.search(label) and _removable(node):
            node.decompose()
    for node in body.css("h2, h3, h4, h5"):
        if _ELSEWHERE.fullmatch(node.text()):
            _drop_section(node)
    whole = len(body.text())
    for selector in _MAIN:
        found = body.css(selector)
        # Several articles are a list of teasers: then the page is what surrounds them.
        if len(found) == 1 and len(found[0].text()) >= 0.3 * whole:
            return found[0]
    for node in body.css("header, aside"):
        if not _holds_main(node):
            node.decompose()
    return body


def _drop_section(heading: LexborNode) -> None:
    """Take away a heading and what stands under it: its box, or all up to the next heading."""
    box = heading.parent
    first = box.css_first("h1, h2, h3, h4, h5") if box is not None else None
    if box is not None and first is not None and first.text() == heading.text() and _removable(box):
        box.decompose()
        return
    after = heading.next
    while after is not None and after.tag not in {"h1", "h2", "h3", "h4", "h5"}:
        following = after.next
        if _holds_main(after):
            break
        after.decompose()
        after = following
    heading.decompose()


def _removable(node: LexborNode) -> bool:
    if node.tag in {"body", "main", "article", "html"} or _holds_main(node):
        return False
    return len(node.text()) < 4000


def _holds_main(node: LexborNode) -> bool:
    return node.css_first("main, article, h1") is not None and node.tag not in {"nav", "footer"}


class _Writer:
    """Walks the tree and writes text, blocks and links with their offsets."""

    def __init__(self) -> None:
        self.built = Builder()
        self._line: list[str] = []
        self._line_length = 0
        self._label = ""
        self._line_links: list[tuple[int, int, str]] = []
        self._line_emphases: list[tuple[int, int]] = []

    def walk(self, root: LexborNode) -> None:
        self._visit(root, BlockKind.PARAGRAPH, 0, 0)
        self._flush(BlockKind.PARAGRAPH, 0)

    def _visit(self, node: LexborNode, kind: BlockKind, level: int, depth: int) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._write(node.text_content or "")
            return
        if tag.startswith(("-", "!")) or depth > MAX_DEPTH:
            return
        if tag == "br":
            self._flush(kind, level)
            return
        if tag == "tr" and not _lays_out(node):
            self._row(node, depth)
            return
        if tag not in _BLOCKS:
            before = node.prev
            if tag == "span" and before is not None and before.tag == "span":
                self._write(" ")  # two boxes side by side: "12." and "Mai"
            start = self._line_length
            self._children(node, kind, level, depth)
            if tag == "a":
                self._link(start, node.attributes.get("href") or "")
            elif tag in _EMPHASIS and start < self._line_length:
                self._line_emphases.append((start, self._line_length))
            return
        self._flush(kind, level)
        if tag == "dt" and len(label := _SPACE.sub(" ", node.text()).strip()) <= MAX_LABEL:
            self._label = label.rstrip(" :")
            return
        if tag == "dd" and self._label:
            self._write(f"{self._label}: ")
            self._label = ""
            self._children(node, BlockKind.FIELD, 0, depth)
            self._flush(BlockKind.FIELD, 0)
            return
        inner_kind, inner_level = _kind_of(tag, kind, level)
        self._children(node, inner_kind, inner_level, depth)
        self._flush(inner_kind, inner_level)

    def _children(self, node: LexborNode, kind: BlockKind, level: int, depth: int) -> None:
        child = node.child
        while child is not None:
            self._visit(child, kind, level, depth + 1)
            child = child.next

    def _row(self, row: LexborNode, depth: int) -> None:
        self._flush(BlockKind.PARAGRAPH, 0)
        cell = row.child
        first = True
        while cell is not None:
            if cell.tag in {"td", "th"}:
                if not first:
                    self._line.append(" | ")
                    self._line_length += 3
                first = False
                self._cell(cell, depth + 1)
            cell = cell.next
        self._flush(BlockKind.ROW, 0)

    def _cell(self, node: LexborNode, depth: int) -> None:
        """Everything inside a cell stays in one line."""
        child = node.child
        while child is not None and depth <= MAX_DEPTH:
            if child.tag == "-text":
                self._write(child.text_content or "")
            elif not (child.tag or "").startswith("-"):
                start = self._line_length
                self._cell(child, depth + 1)
                if child.tag == "a":
                    self._link(start, child.attributes.get("href") or "")
                if child.tag in _BLOCKS or child.tag == "br":
                    self._write(" ")
            child = child.next

    def _write(self, text: str) -> None:
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and (not self._line or self._line[-1].endswith(" ")):
            text = text[1:]
        if text:
            self._line.append(text)
            self._line_length += len(text)

    def _link(self, start: int, address: str) -> None:
        if address.startswith(("http://", "https://")) and start < self._line_length:
            self._line_links.append((start, self._line_length, address))

    def _flush(self, kind: BlockKind, level: int) -> None:
        line = "".join(self._line)
        links, emphases = self._line_links, self._line_emphases
        self._line, self._line_length, self._line_links, self._line_emphases = [], 0, [], []
        self.built.add(kind, line, level=level, links=links, emphases=emphases)


def _lays_out(row: LexborNode) -> bool:
    """Is this table mere page layout? Then its cells hold headings, lists or other tables."""
    return row.css_first("h1, h2, h3, h4, h5, h6, table, ul, ol, p + p") is not None


def _kind_of(tag: str, kind: BlockKind, level: int) -> tuple[BlockKind, int]:
    if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        return BlockKind.HEADING, int(tag[1])
    if tag == "li":
        return BlockKind.BULLET, level + 1
    if tag in {"ul", "ol", "p", "div", "dd", "td", "section"}:
        return kind, level
    return BlockKind.PARAGRAPH, 0
