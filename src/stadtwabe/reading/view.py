"""A view of the text that rules can match on: same length, one kind of space."""

from collections.abc import Iterable

from stadtwabe.reading.extract.extracted import Block

_SPACES = ("\u00a0", "\u202f", "\u2009", "\u2007", "\u2003", "\u2002", "\t")


def view_of(text: str, blocks: Iterable[Block]) -> str:
    """Replace every odd space, and line breaks inside a block, by a plain space.

    The result has the length of `text`, so offsets are the same in both.
    """
    for space in _SPACES:
        if space in text:
            text = text.replace(space, " ")
    pieces: list[str] = []
    at = 0
    for block in blocks:
        if "\n" in text[block.start : block.end]:
            pieces += [text[at : block.start], text[block.start : block.end].replace("\n", " ")]
            at = block.end
    pieces.append(text[at:])
    return "".join(pieces)
