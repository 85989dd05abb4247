"""Addresses of the desk, below ``/redaktion/``."""

from django.urls import path

from stadtwabe.desk.pages import documents, inbox, quality, suggestions

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("qualitaet/", quality.quality, name="quality"),
    path("aenderungen/", quality.changes, name="changes"),
    path("dokumente/<int:pk>/", documents.document, name="document"),
    path("dokumente/<int:pk>/zurueck/", documents.undo_last, name="undo_last"),
    path("dokumente/<int:pk>/orte/", documents.safe_places, name="safe_places"),
    path("dokumente/<int:pk>/erneut/", documents.again, name="again"),
    path("dokumente/<int:pk>/abbrechen/", documents.cancel, name="cancel"),
    path("dokumente/<int:pk>/angaben/", documents.describe, name="describe"),
    path("dokumente/<int:pk>/schwaerzen/", documents.redact, name="redact"),
    path("vorschlaege/<int:pk>/", suggestions.suggestion, name="suggestion"),
    path("vorschlaege/<int:pk>/uebernehmen/", suggestions.accept, name="accept"),
    path("vorschlaege/<int:pk>/verwerfen/", suggestions.reject, name="reject"),
    path("vorschlaege/<int:pk>/zuruecknehmen/", suggestions.undo, name="undo"),
]
