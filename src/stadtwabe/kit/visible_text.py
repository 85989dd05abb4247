"""Text that people see as it is stored: nothing in it that reorders or hides what it says."""

import unicodedata

LINE_BREAK = "\n"
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of the Unicode Standard (chapter 4.5): control, format, surrogate, separators."""
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that are no format characters, yet show nothing."""


def visible(text: str) -> str:
    """Return ``text`` without characters that nobody sees.

    Marks of direction (Unicode Standard Annex 9) can make a name read as another one, invisible
    ones let two different names look the same. Line breaks stay, tabs become blanks.
    """
    text = text.replace("\r\n", LINE_BREAK).replace("\r", LINE_BREAK).replace("\t", " ")
    return "".join(each for each in text if each == LINE_BREAK or not _is_hidden(each))


def _is_hidden(character: str) -> bool:
    return character in BLANK_LETTERS or unicodedata.category(character) in HIDDEN
