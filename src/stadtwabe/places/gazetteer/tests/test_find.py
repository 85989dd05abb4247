"""The traps of place names in German administrative prose, one by one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.places.gazetteer import Gazetteer, Level, NetworkEntry

GAZETTEER = Gazetteer.load()


def keys(text, **options):
    return [mention.best.key for mention in GAZETTEER.find(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bochums Plan", "05911000"),
        ("der Münchener Stadtrat", "09162000"),
        ("der Dresdner Stadtrat", "14612000"),
        ("In der Moerser Innenstadt", "05170024"),
        ("die Darmstädter Wirtschaft", "06411000"),
    ],
)
def test_genitives_and_adjectives_mean_their_town(text, expected):
    assert keys(text) == [expected]


def test_a_genitive_with_an_article_is_another_word():
    assert keys("Programme des Bundes und der Länder") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("58706 Menden", "05962040"),
        ("In Menden (Sauerland) beginnt", "05962040"),
        ("Frankfurt am Main", "06412000"),
        ("Frankfurt/Oder", "12053000"),
        ("Frankfurt an der Oder", "12053000"),
        ("Mülheim a. d. Ruhr", "05117000"),
        ("Dillingen (Saar)", "10044111"),
        ("Neustadt an der Aisch", "09575153"),
        ("Sankt Ingbert", "10045117"),
        ("Hansestadt Lübeck", "01003000"),
        ("BAD BERLEBURG", "05970004"),
        ("Bad\nBerleburg", "05970004"),
        ("Muenster", "05515000"),
    ],
)
def test_long_short_and_abbreviated_names(text, expected):
    assert keys(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Das Essen war gut.",
        "Zum Essen gab es Suppe.",
        "Essen und Trinken sind frei.",
        "Die Lage ist ernst.",
        "Der Hof ist groß.",
        "Das Haus ist aus Stein gebaut.",
        "Weil wir das wollen.",
        "Wenden Sie sich an uns.",
        "im Norden und im Westen",
        "in der Halle",
        "eine Modellstadt des Bundes",
        "für Bundes- und Europaangelegenheiten",
    ],
)
def test_common_words_are_no_towns(text):
    assert keys(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Stadt Essen plant.", ["05113000"]),
        ("In Essen wird gebaut.", ["05113000"]),
        ("Wir treffen uns in Hof.", ["09464000"]),
        ("die Hochschule Hof", ["09464000"]),
        ("32791 Lage", ["05766040"]),
        ("Die Städte Essen, Hof und Lage.", ["05113000", "09464000", "05766040"]),
        ("zwischen Bismark und Kalbe", ["15090070", "15081240"]),
        ("Köln, Essen und Dortmund", ["05315000", "05113000", "05913000"]),
        ("im oberpfälzischen Weiden", ["09363000"]),
        ("Siegen: Die Stadt Siegen ist dabei.", ["05970040", "05970040"]),
    ],
)
def test_common_words_are_towns_with_a_cue(text, expected):
    assert keys(text) == expected


def test_a_person_keeps_her_name_through_the_document():
    text = "Bitkom-Präsident Achim Berg sprach. Das sei laut Berg wichtig. Berg dankte Bochum."
    assert keys(text) == ["05911000"]
    assert keys("Bürgermeisterin Kerstin Zittau kam. „Gut“, sagte Zittau.") == []
    assert keys("Prof. Dr. Xaveria Hamm trägt vor.") == []


def test_a_person_and_a_town_of_one_name():
    text = "Frau Dr. Brakel berichtet. In Höxter und Brakel gibt es 19 Läden."
    assert keys(text) == ["05762020", "05762016"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wirtschaftsförderung Kreis Coesfeld GmbH", ["05558"]),
        ("Landkreis Wunsiedel i. Fichtelgebirge", ["09479"]),
        ("Die Landkreise Osnabrück, Emsland und Vechta", ["03459", "03454", "03460"]),
        ("Landkreise Osnabrück und Vechta sowie die Stadt Münster", ["03459", "03460", "05515000"]),
        ("in den Nachbarlandkreisen Osnabrück und Vechta", ["03459", "03460"]),
        ("Frau Meyer (LK Osnabrück)", ["03459"]),
        ("Stadt und Landkreis Osnabrück", ["03404000", "03459"]),
        ("im Märkischen Kreis", ["05962"]),
        ("des Rhein-Erft-Kreises", ["05362"]),
        ("StädteRegion Aachen", ["05334"]),
        ("Osnabrück", ["03404000"]),
        ("Landkreis Göttingen", ["03159"]),
    ],
)
def test_kreis_and_stadt_of_one_name(text, expected):
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Münchener Straße 5",
        "an der Berliner Allee",
        "Kölner Stadt-Anzeiger",
        "Frankfurter Rundschau",
        "in der Lüneburger Heide",
        "www.solingen.de und info@ulm.de",
        "https://example.org/Solingen",
        "im Ortsteil Wald",
        "die Stadtteilbibliothek Haslach",
        "die Schweizer Nachbargemeinde Stein",
        "das Otto-Lilienthal-Museum",
        "die Stadtteile Wald, Gera und Mitte",
    ],
)
def test_streets_papers_landscapes_addresses_and_parts_of_towns(text):
    assert keys(text) == []


def test_the_second_half_of_a_part_of_town_is_no_town():
    assert keys("Köln-Mülheim") == ["05315000"]
    assert keys("Solingen-Wald") == ["05122000"]


def test_states_and_the_towns_that_bear_their_names():
    assert keys("Hessen und Sachsen fördern Berlin.") == ["06", "14", "11000000"]
    assert keys("Der Markt Sachsen lädt ein.") == ["09571196"]
    assert keys("640.000 Euro vom Land Bremen") == ["04"]


def test_a_name_shared_by_two_towns_stays_open():
    (mention,) = GAZETTEER.find("Die Stadtwerke Dillingen bauen ein Funknetz.")
    assert mention.ambiguous
    assert {c.key for c in mention.candidates} == {"10044111", "09773125"}


def test_the_document_decides_between_towns_of_one_name():
    assert keys("Im Saarland: Die Stadtwerke Dillingen")[-1] == "10044111"
    assert keys("Im Landkreis Dillingen a.d. Donau: die Stadt Dillingen")[-1] == "09773125"


def test_a_network_is_named_and_never_expanded():
    (mention,) = GAZETTEER.find("Die „5 für Südwestfalen“ arbeiten zusammen.")
    assert (mention.best.level, mention.best.key) == (Level.NETWORK, "5-fuer-suedwestfalen")
    assert len(GAZETTEER.networks[mention.best.key].members) == 5


def test_networks_of_the_operator_are_known_too():
    own = NetworkEntry("wabenbund", "Wabenbund Ems", members=("05515000",))
    found = Gazetteer.load([own]).find("Der Wabenbund Ems tagt in Münster.")
    assert [mention.best.key for mention in found] == ["wabenbund", "05515000"]


def test_a_landscape_is_a_region():
    (mention,) = GAZETTEER.find("in Südwestfalen")
    assert mention.best.level is Level.REGION


def test_masked_passages_hold_no_places():
    text = "Bochum und Herne"
    assert keys(text, masked=[(0, 6)]) == ["05916000"]


def test_a_lower_minimum_offers_more():
    text = "Siegen hat ein Portal."
    assert keys(text) == []
    assert keys(text, minimum=0.25) == ["05970040"]


WORDS = st.sampled_from(
    [
        *("Essen", "Köln", "Berg", "Stadt", "Landkreise", "und", ",", "-", "/", "in", "der", "Dr."),
        *("Achim", "Bad", "Berleburg", "Menden", "(", ")", "\n", "5", "für", "Südwestfalen"),
        *("Hof.", "Halle", "Münchener", "Straße", "58706", "»", "MÜNSTER", "Frankfurt", "am"),
        *("Main", "ß’s", "www.ulm.de", "Ulm"),
    ]
)


@given(st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=80))
def test_every_mention_quotes_the_text_and_none_overlaps_another(text):
    mentions = GAZETTEER.find(text, minimum=0.0)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.surface
        scores = [candidate.score for candidate in mention.candidates]
        assert scores == sorted(scores, reverse=True)
        assert 0.0 <= sum(scores) <= 1.0 + 0.001 * len(scores)
    spans = sorted({(mention.start, mention.end) for mention in mentions})
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def test_a_line_among_lines_that_open_with_towns_opens_with_a_town():
    text = "- Damme: Bürgerkoffer\n- Norden: Chatbot\n- Papenburg: Schleusen\n"
    assert keys(text) == ["03460002", "03452019", "03454041"]
    assert keys("- Norden: Chatbot\n- Süden: Portal\n") == []


def test_a_river_is_no_town():
    assert keys("Radweg an der Lahn, Marburg a. d. Lahn") == ["06534014"]


@pytest.mark.parametrize(
    "text",
    [
        "Die Sieger wurden in der Stadthalle geehrt.",
        "Verteilt wird nach dem Königsteiner Schlüssel.",
        "Projektleiterin Runa Nußbaum stellt den Plan vor.",
        "Die Lahn-Gruppe wandert an der Lahn.",
    ],
)
def test_what_only_looks_like_a_town(text):
    assert keys(text) == []


def test_a_person_with_an_office_takes_nothing_from_the_town_of_that_name():
    assert keys("Kurdirektor Menno Varel sprach. Die Stadt Varel baut um.") == ["03455026"]


def test_an_institution_bears_the_names_of_two_towns():
    assert keys("an der Hochschule Gera-Eisenach") == ["16052000", "16063105"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Höxter ist einer von elf Landkreisen im Programm.", {"05762"}),
        ("Olpe und Soest bauen aus, wie die beiden Kreise mitteilen.", {"05966", "05974"}),
        ("Vechtas Landrat eröffnete den Tag.", {"03460"}),
    ],
)
def test_a_bare_name_is_the_district_where_the_text_says_so(text, expected):
    assert set(keys(text)) == expected
