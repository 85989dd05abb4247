"""The English catalogue is complete, and says in every message what the German one says."""

import re

import polib
import pytest
from django.utils import translation

from stadtwabe.site.tests.german import GERMAN_WORDS
from stadtwabe.site.wording import ENGLISH, collect_messages, merge

CATALOGUE = polib.pofile(str(ENGLISH))


def said_in(entry):
    """Pairs of a German wording and its English translation."""
    if entry.msgid_plural:
        yield entry.msgid, entry.msgstr_plural[0]
        yield entry.msgid_plural, entry.msgstr_plural[1]
    else:
        yield entry.msgid, entry.msgstr


def everything_said():
    return [pair for entry in CATALOGUE for pair in said_in(entry)]


def test_the_catalogue_holds_what_code_and_templates_say(tmp_path):
    collected = {(message.context, message.text) for message in collect_messages()}
    written = {(entry.msgctxt, entry.msgid) for entry in CATALOGUE}
    hint = "run python -m stadtwabe.site.wording"
    assert collected - written == set(), hint
    assert written - collected == set(), hint


def test_every_message_is_translated():
    assert [entry.msgid for entry in CATALOGUE if not entry.translated()] == []
    assert [entry.msgid for entry in CATALOGUE if entry.fuzzy] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"%\(\w+\)\w",
        r"%[sd]",
        r"(?<!%)\{\w*\}",
        r"</?\w+[^>]*>",
        r"STADTWABE_\w+",
        r"https?://\w\S*",
    ],
    ids=["named", "positional", "braces", "tags", "settings", "addresses"],
)
def test_placeholders_and_tags_agree(pattern):
    def parts(text):
        return sorted(re.findall(pattern, text))

    assert [pair for pair in everything_said() if parts(pair[0]) != parts(pair[1])] == []


def test_line_breaks_and_blanks_at_the_ends_agree():
    def edges(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [pair for pair in everything_said() if edges(pair[0]) != edges(pair[1])] == []


def test_no_translation_is_german():
    without_names = [re.sub("‘[^’]*’", "", english) for _german, english in everything_said()]
    assert [english for english in without_names if GERMAN_WORDS.search(english)] == []


def test_german_readers_see_the_wording_as_it_is_written():
    # Django and allauth bring German catalogues; a word of ours must not be a key in them.
    with translation.override("de"):
        changed = [
            (entry.msgid, translation.gettext(entry.msgid))
            for entry in CATALOGUE
            if not entry.msgctxt
            and not entry.msgid_plural
            and translation.gettext(entry.msgid) != entry.msgid
        ]
    assert changed == []


def test_english_readers_see_the_translation():
    with translation.override("en"):
        assert translation.gettext("Projekt") == "Project"
        assert translation.pgettext("role", "Förderung") == "funder"
        assert translation.ngettext("%(things)s Eintrag", "%(things)s Einträge", 2) == (
            "%(things)s entries"
        )


def test_one_thing_has_one_name():
    """The addresses say /atlas/projekte/, and so does everything else."""
    assert [entry.msgid for entry in CATALOGUE if "Vorhaben" in entry.msgid] == []


@pytest.fixture
def package(tmp_path):
    """A package with one template and one module, and their catalogue."""
    folder = tmp_path / "package"
    (folder / "templates").mkdir(parents=True)
    (folder / "rules.py").write_text(
        "kind = pgettext('role', 'Förderung')\n"
        "count = ngettext('%(count)s Ort', '%(count)s Orte', n)\n"
        "unknown = _(kind)\n",
        encoding="utf-8",
    )
    (folder / "templates" / "page.html").write_text(
        "  <p>{% translate 'Zur Übersicht' %}</p>\n"
        " {% blocktranslate with day=card.day|date %}Bis {{ day }} (100 %).{% endblocktranslate %}"
        "{% blocktranslate count n=rows|length %}{{ n }} Zeile{% plural %}{{ n }} Zeilen"
        "{% endblocktranslate %}{% include 'x.html' with title=_('Nichts da') %}",
        encoding="utf-8",
    )
    return folder


def test_messages_are_found_with_plural_and_context(package):
    found = {(m.context, m.text, m.plural) for m in collect_messages(package, None)}
    assert found == {
        ("role", "Förderung", ""),
        (None, "%(count)s Ort", "%(count)s Orte"),
        (None, "Zur Übersicht", ""),
        (None, "Bis %(day)s (100 %%).", ""),
        (None, "%(n)s Zeile", "%(n)s Zeilen"),
        (None, "Nichts da", ""),
    }


def test_merging_keeps_translations_and_drops_what_nobody_says(package, tmp_path):
    catalogue = tmp_path / "en" / "django.po"
    first = merge(collect_messages(package, None), catalogue)
    assert len(first.untranslated_entries()) == 6
    for entry in first:
        if entry.msgid == "Nichts da":
            entry.msgstr = "Nothing there"
        if entry.msgid_plural == "%(n)s Zeilen":
            entry.msgstr_plural = {0: "%(n)s row", 1: "%(n)s rows"}
    first.save()
    (package / "rules.py").write_text("label = _('Neu')\n", encoding="utf-8")

    second = {entry.msgid: entry for entry in merge(collect_messages(package, None), catalogue)}

    assert second["Nichts da"].msgstr == "Nothing there"
    assert second["%(n)s Zeile"].msgstr_plural == {0: "%(n)s row", 1: "%(n)s rows"}
    assert second["Neu"].msgstr == ""
    assert not second["Neu"].fuzzy
    assert "Förderung" not in second
