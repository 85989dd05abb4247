"""Documents of our own that the tests of the desk read."""

NEWSLETTER = """\
1. Projekte
Beteiligung und Bildung
- In Wolfsburg wird das Format „Stadtgespräch digital“ ausprobiert. Es erreicht auch Menschen, \
die sonst nicht kommen.
- Die Stadt Bochum und die Stadt Essen führen die App „Hier im Viertel“ ein und zeigen damit \
Angebote für ältere Menschen. Die Inhalte pflegen die Sozialämter.
- Die Stadt Köln hat eine Plattform namens „Frag das Amt“ pilotiert, um Fragen von \
Schülerinnen und Schülern zu beantworten.
- Die Stadt Münster startet in Zusammenarbeit mit der Musterwerk GmbH ein digitales \
Schulungsangebot, um Händlerinnen und Händler zu schulen.
- Die Stadtwerke Solingen haben den Ausbau eines LoRaWAN-Netzwerkes vorangetrieben.
2. Veröffentlichungen
- Der Bitkom e.V. veröffentlicht die Ergebnisse einer Umfrage zur Digitalisierung von Rathäusern \
(n= >250).
- Die Bertelsmann Stiftung veröffentlicht eine Studie zu offenen Daten in Kommunen.
3. Strategien
- Der Rat der Stadt Siegen hat am 12. November 2020 die Digitalisierungsstrategie beschlossen.
- Die Stadt Saarbrücken plant die Erstellung eines Entwicklungsplanes zur Digitalisierung.
"""
"""A digest of towns' news, of the kind that the desk is made for; its facts are invented."""

PLACES = (
    "03103000",
    "05911000",
    "05113000",
    "05315000",
    "05515000",
    "05122000",
    "05970040",
    "10041100",
)
"""Official keys of the towns that the newsletter names."""
