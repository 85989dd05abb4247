"""The form of a list of meters."""

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.metering.lists import text_of_file
from stadtwabe.hub.tables.table import Unreadable

MOST_BYTES = 2 * 1024 * 1024


class MeterListForm(forms.Form):
    """A list as text, or a file that becomes the text."""

    file = forms.FileField(
        label=_("Datei (CSV oder Excel)"),
        required=False,
        help_text=_("Sie wird in das Feld darunter übernommen."),
    )
    text = forms.CharField(
        label=_("Liste"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "wrap": "off"}),
        help_text=_(
            "Auch aus einer Tabelle hineinkopiert. Die erste Zeile nennt die Spalten: Messreihe,"
            " Gerät, Gebäude, Einheit, Art, Zählernummer, Stellen, Anfangsstand, Abgelesen am."
        ),
    )

    def clean_file(self) -> "File[bytes] | None":
        """Refuse what is too large to be a list."""
        file: File[bytes] | None = self.cleaned_data["file"]
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(_("Die Datei ist größer als 2 MB. Teilen Sie sie auf."))
        return file

    def clean(self) -> dict[str, object]:
        """Take the file as text, so that it can be corrected in place."""
        chosen: dict[str, object] = self.cleaned_data
        file = self.cleaned_data.get("file")
        if file is not None:
            try:
                chosen["text"] = text_of_file(file.read())
            except Unreadable as error:
                self.add_error("file", str(error))
        elif not self.errors and not str(chosen.get("text", "")).strip():
            self.add_error("text", _("Fügen Sie eine Liste ein, oder wählen Sie eine Datei."))
        return chosen
