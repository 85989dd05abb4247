"""Collects the German wording from code and templates into the English catalogue.

`python -m stadtwabe.site.wording`, after any change of what people see. Needs Babel, which only
developers have, and no GNU gettext. Nothing is guessed: a new message has no translation until a
person writes one, and a message that nobody says any more is dropped.
"""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
API = PACKAGE.parents[1] / "docs" / "openapi.json"
ENGLISH = PACKAGE / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"

# Babel says which of the arguments are context, message and plural.
FUNCTIONS = ("gettext", "ngettext", "pgettext", "npgettext")
KEYWORDS = {
    name + ending: DEFAULT_KEYWORDS[name] for name in FUNCTIONS for ending in ("", "_lazy", "_noop")
} | {"_": None}

NOTE = "Translators"
"""A comment that starts with this word stands above the message in the catalogue."""


@dataclass
class Message:
    """One wording, and the files that say it."""

    text: str
    plural: str = ""
    context: str | None = None
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_entry(self) -> polib.POEntry:
        """The message as a line of a catalogue, without a translation."""
        return polib.POEntry(
            msgid=self.text,
            msgid_plural=self.plural,
            msgctxt=self.context,
            msgstr_plural={0: "", 1: ""} if self.plural else {},
            occurrences=[(name, "") for name in self.files],
            comment="\n".join(self.notes),
            flags=["python-format"] if "%(" in self.text + self.plural else [],
        )


def collect_messages(package: Path = PACKAGE, api: Path | None = API) -> list[Message]:
    """Every wording below `package` and in the description `api`, in the order of the files."""
    messages: dict[tuple[str | None, str], Message] = {}
    paths = [path for path in sorted(package.rglob("*")) if "tests" not in path.parts]
    for path in [*paths, api] if api else paths:
        name = path.relative_to(package).as_posix() if path != api else f"docs/{path.name}"
        for context, text, plural, notes in _messages_of(path):
            message = messages.setdefault((context, text), Message(text, context=context))
            message.plural = message.plural or plural
            message.notes += [note for note in notes if note not in message.notes]
            if name not in message.files:
                message.files.append(name)
    return list(messages.values())


def _messages_of(path: Path) -> Iterator[tuple[str | None, str, str, list[str]]]:
    if path.suffix == ".py":
        source = path.read_text(encoding="utf-8")
    elif "templates" in path.parts and path.is_file():
        # In brackets, because the indentation of a template is none to Python.
        source = f"(\n{templatize(path.read_text(encoding='utf-8'), origin=str(path))}\n)"
    elif path.suffix == ".json" and path.parent.name == "docs":
        yield from ((None, text, "", []) for text in _described(path))
        return
    else:
        return
    for _line, words, notes, context in extract(
        "python", io.BytesIO(source.encode()), KEYWORDS, [NOTE], {"encoding": "utf-8"}
    ):
        text, plural = (words, "") if isinstance(words, str) else words[:2]
        yield context, text, plural, notes


def _described(api: Path) -> Iterator[str]:
    """What the page about the API shows people of its calls and their parameters."""
    for methods in json.loads(api.read_text(encoding="utf-8"))["paths"].values():
        for call in methods.values():
            parameters = call.get("parameters", ())
            found = [call, *parameters, *(parameter["schema"] for parameter in parameters)]
            yield from (each["description"] for each in found if each.get("description"))


def merge(messages: list[Message], catalogue: Path) -> polib.POFile:
    """Writes `messages` into `catalogue`: translations stay, unused messages go."""
    old = polib.pofile(str(catalogue)) if catalogue.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Project-Id-Version": "Stadtwabe",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message in messages:
        entry = message.as_entry()
        before = known.get((entry.msgctxt, entry.msgid))
        if before and bool(before.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr = before.msgstr
            entry.msgstr_plural = before.msgstr_plural
        new.append(entry)
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(catalogue))
    return new


if __name__ == "__main__":
    missing = merge(collect_messages(), ENGLISH).untranslated_entries()
    sys.stdout.write(f"{len(missing)} messages have no English translation yet\n")
    for entry in missing:
        sys.stdout.write(f"  {entry.msgid!r}\n")
