"""Plain text in whatever encoding it came."""

import re

from stadtwabe.reading.extract.extracted import Extracted
from stadtwabe.reading.extract.layout import blocks_of
from stadtwabe.reading.extract.unreadable import Unreadable

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf“”žœ™˜¦]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_DIVIDED = re.compile(
    "(?<=[A-Za-zÄÖÜäöüß])[-\u2010\u00ad]\n[ \t]*"
    "(?!(?:und|oder|bzw|sowie|bis|als|wie|statt)\\b)(?P<rest>[A-Za-zÄÖÜäöüß][^\\s]*)(?P<after> ?)"
)
_ADDRESS = re.compile(r"://|www\.|@")


def plain(data: bytes, name: str) -> Extracted:
    """Read plain text; wrong and mixed encodings are repaired line by line, with a warning."""
    text, warnings = decode(data, name)
    text = clean(undivided(_with_plain_line_ends(text)))
    return Extracted(text=text, blocks=blocks_of(text), media_type="text/plain", warnings=warnings)


def clean(text: str) -> str:
    """Unify line ends and drop control and invisible characters, before offsets are counted."""
    return _INVISIBLE.sub("", _CONTROLS.sub("", _with_plain_line_ends(text)))


def _with_plain_line_ends(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return text.replace("\x0c", "\n").replace("\u2029", "\n").replace("\x85", "\n")


def undivided(text: str) -> str:
    """Join words that the end of a line divides; the line then ends behind the word.

    ``Neun-/kirchen`` becomes ``Neunkirchen``; before a capital the hyphen is the word's own and
    stays (``Smart-/City``), before "und" it stands for a part left out and the line break stays.
    """
    return _DIVIDED.sub(_whole, text) if _DIVIDED.search(text) else text


def _whole(word: re.Match[str]) -> str:
    before = word.string[word.string.rfind("\n", 0, word.start()) + 1 : word.start()]
    if _ADDRESS.search(before.rpartition(" ")[2]):
        return word.group()
    hyphen = "-" if word["rest"][0].isupper() else ""
    return hyphen + word["rest"] + ("\n" if word["after"] else "")


def decode(data: bytes, name: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Decode bytes; the second value holds warnings in German."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError:
                break
    wide = _wide(data)
    if wide:
        return wide, ("Die Datei ist in UTF-16 ohne Kennung gespeichert.",)
    if b"\x00" in data[:4096]:
        raise Unreadable(
            f"„{name}“ enthält keinen Text, sondern Binärdaten.",
            "Speichern Sie das Dokument als PDF, DOCX, HTML oder Text und laden Sie es neu hoch.",
            code="unknown_type",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _mixed(data, declared)
    if _MOJIBAKE.search(text):
        return _repaired(text)
    return text, ()


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of western text is zero."""
    sample = data[:2000]
    if len(sample) < 8 or b"\x00" not in sample:
        return None
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if zeros.count(0) > len(zeros) * 0.7:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _mixed(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """Each line as UTF-8 where it is valid, otherwise as declared or as Windows-1252."""
    lines, foreign = [], 0
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            continue
        except UnicodeDecodeError:
            foreign += 1
        lines.append(_legacy(line, declared))
    total = data.count(b"\n") + 1
    plain_ascii = sum(1 for line in data.split(b"\n") if line.isascii())
    if foreign + plain_ascii == total:
        return "\n".join(lines), ("Die Datei ist nicht in UTF-8, sondern in Windows-1252 kodiert.",)
    return "\n".join(lines), (
        f"Die Datei mischt Zeichenkodierungen; {foreign} Zeilen wurden als Windows-1252 gelesen.",
    )


def _legacy(line: bytes, declared: str | None) -> str:
    for encoding in (declared, "cp1252"):
        if encoding:
            try:
                return line.decode(encoding)
            except (LookupError, UnicodeDecodeError):
                continue
    return line.decode("latin-1")


def _repaired(text: str) -> tuple[str, tuple[str, ...]]:
    """Undo UTF-8 that was once read as Windows-1252 (``fÃ¼r``), line by line."""
    repaired, count = [], 0
    for line in text.split("\n"):
        if _MOJIBAKE.search(line):
            for encoding in ("cp1252", "latin-1"):
                try:
                    line = line.encode(encoding).decode("utf-8")
                    count += 1
                    break
                except UnicodeError:
                    continue
        repaired.append(line)
    if not count:
        return text, ()
    return "\n".join(repaired), (f"In {count} Zeilen wurden falsch kodierte Umlaute berichtigt.",)
