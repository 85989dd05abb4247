"""Who may open which address: every one of the house stands here."""

import re

from stadtwabe.people.tests.factories import Cast

ALL = frozenset(Cast.names)
SIGNED_IN = ALL - {"visitor"}
OF_MENDEN = frozenset({"editor", "steward", "operator"})
OF_THE_NETWORK = OF_MENDEN | {"network_admin"}
EDITORS = frozenset({"editor", "foreign_editor", "operator"})
EDITOR = frozenset({"editor", "operator"})
OPERATOR = frozenset({"operator"})
STEWARD = frozenset({"steward", "operator"})
STEWARDS = STEWARD | {"foreign_steward"}

ACCESS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"", ALL),
    (r"(impressum|datenschutz|barrierefreiheit|barriere-melden|leichte-sprache)/", ALL),
    (r"(robots\.txt|sitemap.*|suche/|sprache/)", ALL),
    (r"\^?orte/.*", ALL),
    (r"(atlas|termine|quellen)/", ALL),
    (r"(atlas/\w+|termine)/(<slug:slug>/)?", ALL),
    (r"atlas/(statistik|vergleich|nachnutzung|orte-wie/<str:key>)/", ALL),
    (r"(atlas/\w+|termine)/neu/", EDITORS),
    (
        r"(atlas/\w+|termine)/<slug:slug>/(bearbeiten|zurueckziehen|zusammenfuehren|angaben)/",
        EDITOR,
    ),
    (r"atlas/\w+/<slug:slug>/(einsatz|vorbild|wirkung|zuwendung)/", EDITOR),
    (r"quellen/aussage/<int:pk>/", ALL),
    (r"quellen/aussage/<int:pk>/zurueckziehen/", EDITOR),
    (r"quellen/<int:pk>/", ALL),
    (r"konto/(loeschen/|daten/)?", SIGNED_IN),
    (r"konto/schluessel/<int:token_id>/widerrufen/", frozenset({"editor"})),
    (r"verwaltung/", SIGNED_IN),
    (
        r"verwaltung/(<int:party_id>|rolle/<int:membership_id>/beenden)/",
        frozenset({"network_admin", "operator"}),
    ),
    (r"verwaltung/barrieren/(<int:report_id>/abschliessen/)?", OPERATOR),
    (r"redaktion/", EDITORS),
    (r"redaktion/(qualitaet|aenderungen)/", EDITORS),
    (r"redaktion/(dokumente|vorschlaege)/<int:pk>/.*", EDITOR),
    (r"daten/(geraete/(<slug:slug>/)?|reihen/<int:pk>/)?", ALL),
    (r"\^?daten/(einbetten/)?(orte|themen)/.*", ALL),
    (r"daten/(pflege|anschliessen|schluessel)/", STEWARDS),
    (r"daten/geraete/<slug:slug>/(bearbeiten|loeschen|messreihen/neu)/", STEWARD),
    (
        r"daten/reihen/<int:pk>/(bearbeiten|loeschen|anschluss|aufbewahrung|anschluss/stand)/",
        STEWARD,
    ),
    (r"daten/schluessel/<int:pk>/widerrufen/", STEWARD),
    (r"daten/reihen/<int:pk>/(qualitaet|warnen)/", STEWARD),
    (r"daten/warnungen/(regeln/)?", STEWARDS),
    (r"daten/warnungen/(regeln/)?<int:pk>/(loeschen/)?", STEWARD),
    (r"daten/ampel/(<int:pk>|<slug:slug>)/", OF_MENDEN),
    (r"sta/v1\.1/(<path:path>)?", ALL),
    (r"daten/codecs/", ALL),
    (r"daten/codecs/<slug:slug>/", OF_MENDEN),
    (r"daten/codecs/ausprobieren/", STEWARDS),
    (r"daten/codecs/<slug:slug>/(bearbeiten|loeschen)/", STEWARD),
    (r"daten/mqtt/", STEWARDS),
    (r"daten/funk/(neu/|netzwerkserver/)?", STEWARDS),
    (r"daten/funk/<int:pk>/(\w+/)?", STEWARD),
    (r"daten/funk/schluessel/<int:pk>/widerrufen/", STEWARD),
    # Without an owner there is nothing to forget: its own tests have one.
    (r"daten/funk/vergessen/", frozenset()),
    # Network servers bring a key of their own; who has none gets 401 from the view.
    (r"lorawan/(ttn|chirpstack)/", ALL),
    (r"daten/catalog(\.\w+)?", ALL),
    (r"daten/datensaetze/(<slug:slug>(/|\.\w+))?", ALL),
    (r"daten/datensaetze/<slug:slug>/dateien/<int:pk>/<str:name>", ALL),
    (r"daten/(datensaetze/(neu|veroeffentlichen)|uebernahmen(/neu)?)/", STEWARDS),
    (r"daten/datensaetze/<slug:slug>/(bearbeiten|zurueckziehen|daten)/", STEWARD),
    (r"daten/datensaetze/<slug:slug>/daten/<int:pk>/entfernen/", STEWARD),
    (r"daten/uebernahmen/<int:pk>/((starten|beenden)/)?", STEWARD),
    (r"daten/hochladen/", STEWARDS),
    (r"daten/zaehler/(neu/|liste/|liste\.csv|verbrauch\.csv)?", STEWARDS),
    (r"daten/zaehler/<int:pk>/(\w+/)?", STEWARD),
    (r"daten/zaehler/<int:pk>/wechsel/<int:change_pk>/entfernen/", STEWARD),
    (r"daten/abrufe/(neu/)?", STEWARDS),
    (r"daten/abrufe/<int:pk>/(\w+/)?", STEWARD),
    (r"daten/hochladen/<int:pk>/(\w+/|abgelehnt\.csv)?", STEWARD),
    (r"api/docs", ALL),
    (r"api/v1/.*", ALL),
)
ELSEWHERE = re.compile(
    r"konto/\^?(login|logout|signup|email|password|inactive|reauthenticate|confirm)|static/|stil/|vorfuehrung/"
)
"""Pages of django-allauth, which has its own tests; static files; pages that only a demo has."""

THE_SAME_VIEWS = re.compile(r"atlas/(?!projekte)\w+/(neu|<slug)|api/v1/")
"""Made for each kind by the same functions as those of projects; the API has tests of its own."""
