"""Organisations: what belongs to a name, and what does not."""

import pytest

from stadtwabe.reading.mentions.organisations import organisations_in
from stadtwabe.reading.mentions.span import Spans


def found(text):
    return [one.name for one in organisations_in(text, Spans([]))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Gebaut hat sie die Pegelwerk Dresden GmbH.", ["Pegelwerk Dresden GmbH"]),
        ("Häuser der Waldkliniken Oberpfalz gGmbH", ["Waldkliniken Oberpfalz gGmbH"]),
        ("mit dem Verein Werratal Digital e. V. und", ["Werratal Digital e. V."]),
        (
            "das Ministerium für Wirtschaft, Tourismus und Arbeit Mecklenburg-Vorpommern",
            ["Ministerium für Wirtschaft, Tourismus und Arbeit Mecklenburg-Vorpommern"],
        ),
        ("die Technische Hochschule Rosenheim 500 Fahrgäste", ["Technische Hochschule Rosenheim"]),
        ("die Sparkasse am Niederrhein übernimmt", ["Sparkasse am Niederrhein"]),
        ("Träger ist die neuland21 e. V.", ["neuland21 e. V."]),
        ("Im Auftrag der Wüstenrot Stiftung", ["Wüstenrot Stiftung"]),
        ("der Bauhaus-Universität Weimar", ["Bauhaus-Universität Weimar"]),
        ("Musterkatalog des Deutschen Städtetages", ["Deutschen Städtetages"]),
        ("Auch die Mühldorfer Stadtwerke haben", ["Mühldorfer Stadtwerke"]),
        ("Das BMI fördert, die KfW auch.", ["BMI", "KfW"]),
        ("mit den Kreiswerken und den Kreiswerke Main-Kinzig", ["Kreiswerke Main-Kinzig"]),
        ("die Polizeidirektion Osnabrück meldet", ["Polizeidirektion Osnabrück"]),
        ("in der Theodor-Storm-Schule und der Grundschule", ["Theodor-Storm-Schule"]),
        ("Die Berliner Verkehrsbetriebe testen", ["Berliner Verkehrsbetriebe"]),
        ("mit dem Dienstleister regioIT und", ["regioIT"]),
        ("der Geschäftsführer der talnetz GmbH sagte", ["talnetz GmbH"]),
        ("das baden-württembergische Wirtschaftsministerium plant", ["Wirtschaftsministerium"]),
        ("Das Bundesbauministerium Kommunen hilft", ["Bundesbauministerium"]),
        ("das Umweltministerium des Landes Hessen", ["Umweltministerium des Landes Hessen"]),
        (
            "das Ministerium für Inneres, ländliche Räume und Sport des Landes Hessen (MIS)",
            ["Ministerium für Inneres, ländliche Räume und Sport des Landes Hessen"],
        ),
        ("die ekom21 betreut", ["ekom21"]),
        ("im St.-Marien-Hospital in", ["St.-Marien-Hospital"]),
        ("sagt Hanna Beck (FWTM), und Hanna Beck (SPD) auch", ["FWTM"]),
        ("die Stiftung für das sorbische Volk gibt", ["Stiftung für das sorbische Volk"]),
        (
            "vom Bundesamt für Sicherheit in der Informationstechnik (BSI)",
            ["Bundesamt für Sicherheit in der Informationstechnik", "BSI"],
        ),
    ],
)
def test_names(text, names):
    assert found(text) == names


def test_a_short_name_in_brackets_belongs_to_the_long_one():
    [one] = organisations_in("vom Institut für Urbane Daten (IUD) in Kiel", Spans([]))
    assert (one.name, one.alias) == ("Institut für Urbane Daten", "IUD")


@pytest.mark.parametrize(
    "text",
    [
        "ein Stadtmuseum am Montag",
        "die SmartSchule Gera",
        "eine Hochschule und ein Verein",
        "in der Gesellschaft",
        "Bund und Länder",
        "AG",
    ],
)
def test_what_is_no_name(text):
    assert found(text) == []
