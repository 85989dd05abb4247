"""/konto/ and /verwaltung/."""

from django.urls import path

from stadtwabe.people.pages import account, administration

app_name = "people"
urlpatterns = [
    path("konto/", account.account, name="account"),
    path("konto/schluessel/<int:token_id>/widerrufen/", account.revoke, name="revoke"),
    path("konto/daten/", account.export, name="export"),
    path("konto/loeschen/", account.delete, name="delete"),
    path("verwaltung/", administration.parties, name="parties"),
    path("verwaltung/<int:party_id>/", administration.party, name="party"),
    path("verwaltung/rolle/<int:membership_id>/beenden/", administration.end, name="end"),
]
