"""Collects blocks and joins them to one text, so that every reader counts offsets alike."""

from collections.abc import Iterable

from stadtwabe.reading.extract.extracted import Block, BlockKind, Link

Marks = Iterable[tuple[int, int, str]]


class Builder:
    """Blocks of a list or a table stand on consecutive lines, all others after an empty one."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._at = 0
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.emphases: list[tuple[int, int]] = []
        self.first_heading = ""

    def add(
        self,
        kind: BlockKind,
        line: str,
        *,
        level: int = 0,
        page: int | None = None,
        links: Marks = (),
        emphases: Iterable[tuple[int, int]] = (),
    ) -> None:
        """Add a block; positions of links and emphases count from the start of `line`."""
        line = line.rstrip()
        if not line.strip(" |"):
            return
        prefix = "- " if kind == BlockKind.BULLET else ""
        gap = ""
        if self.blocks:
            close = kind == self.blocks[-1].kind and kind in {BlockKind.BULLET, BlockKind.ROW}
            gap = "\n" if close else "\n\n"
        start = self._at + len(gap)
        shift = start + len(prefix)
        self._parts += [gap, prefix, line]
        self._at = shift + len(line)
        self.blocks.append(Block(kind, start, self._at, level, page))
        for a, b, address in links:
            if a < len(line):
                self.links.append(Link(shift + a, min(shift + b, self._at), address))
        if kind == BlockKind.HEADING:
            self.first_heading = self.first_heading or line
            return
        for a, b in emphases:
            if b - a < len(line) - 2 and a < len(line):
                self.emphases.append((shift + a, min(shift + b, self._at)))

    @property
    def text(self) -> str:
        """All blocks joined."""
        return "".join(self._parts)
