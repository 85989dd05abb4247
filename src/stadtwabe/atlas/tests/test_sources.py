"""The promise of the atlas: the source of every displayed value is one click away."""

import pytest
from lxml import html

from stadtwabe.catalog.rules import PartyRole
from stadtwabe.catalog.tests.factories import make_places
from stadtwabe.evidence.commands import create_thing, edit_thing
from stadtwabe.evidence.tests.factories import NOW, editor_of, town
from stadtwabe.evidence.tests.thing_factories import marked_values, quoting
from stadtwabe.evidence.things import thing_kind, thing_kinds

pytestmark = pytest.mark.django_db
KINDS = [kind.name for kind in thing_kinds()]


@pytest.fixture
def koeln():
    return town()


def marked_thing(kind, party, place):
    """Make a thing whose every value has words of its own, quoted from a document of its own."""
    marked = marked_values(kind, place)
    values = {name: value for name, (value, _words) in marked.items()}
    sources = {
        name: quoting(party, name, f"Beleg-{name}-{number}")[0]
        for number, name in enumerate([*kind.fields, "parties"])
    }
    thing, _change = create_thing(
        actor=editor_of(party),
        kind=kind,
        owner=party,
        values=values,
        sources=sources,
        parties=[(party, PartyRole.LEAD)],
        now=NOW,
    )
    words = {name: words for name, (_value, words) in marked.items() if words}
    return thing, {**words, "parties": "Köln (Federführung)"}, sources


@pytest.mark.parametrize("name", KINDS)
def test_every_displayed_value_leads_in_one_click_to_the_words_that_say_so(client, koeln, name):
    kind = thing_kind(name)
    place = make_places("05911000")["05911000"]
    thing, words, sources = marked_thing(kind, koeln, place)
    response = client.get(thing.card.path)
    assert response.status_code == 200
    page = html.fromstring(response.content)
    for field, shown in words.items():
        boxes = page.xpath(f"//main//*[@data-property='{field}']")
        assert len(boxes) == 1, f"{field} is shown once"
        assert shown in boxes[0].text_content(), f"{field} shows its value"
        marks = boxes[0].xpath(".//a[contains(@class, 'source')]/@href")
        assert marks, f"{field} shows no source"
        source = client.get(marks[0])
        assert source.status_code == 200
        assert sources[field].quote in source.content.decode(), f"{field} leads to another quote"


@pytest.mark.parametrize("name", KINDS)
def test_no_value_is_shown_outside_the_box_that_leads_to_its_source(client, koeln, name):
    kind = thing_kind(name)
    place = make_places("05911000")["05911000"]
    thing, words, _sources = marked_thing(kind, koeln, place)
    page = html.fromstring(client.get(thing.card.path).content)
    for box in page.xpath("//main//*[@data-property]"):
        box.drop_tree()
    rest = page.xpath("//main")[0].text_content()
    for field, shown in words.items():
        if "Marke" in shown or field == "parties":
            assert shown not in rest, f"{field} is also shown where no source stands beside it"


def test_contradicting_values_stand_side_by_side_with_both_sources(client, koeln):
    kind = thing_kind("project")
    place = make_places("05911000")["05911000"]
    thing, _words, _sources = marked_thing(kind, koeln, place)
    [other] = quoting(koeln, "andere", "inzwischen im Dauerbetrieb")
    edit_thing(
        actor=editor_of(koeln),
        kind=kind,
        thing=thing,
        values={"target_group": "Niemand"},
        sources={"target_group": other},
        now=NOW,
        beside=True,
    )
    page = html.fromstring(client.get(thing.card.path).content)
    [box] = page.xpath("//*[@data-property='target_group']")
    text = box.text_content()
    assert "Marke" in text
    assert "Niemand" in text
    assert "laut Beleg für target_group" in text
    assert "laut Beleg für andere" in text
    quotes = [
        client.get(href).content.decode() for href in box.xpath(".//a[@class='source']/@href")
    ]
    assert "inzwischen im Dauerbetrieb" in quotes[1]


def test_a_claim_is_shown_as_a_claim(client, koeln):
    [passage] = quoting(koeln, "reach", "mehr als 20 Städte")
    thing, _change = create_thing(
        actor=editor_of(koeln),
        kind=thing_kind("solution"),
        owner=koeln,
        values={"title": "Gut versorgt", "reach": "mehr als 20 Städte"},
        sources={"title": passage, "reach": passage},
        claims=frozenset({"reach"}),
        now=NOW,
    )
    page = html.fromstring(client.get(thing.card.path).content)
    [reach] = page.xpath("//*[@data-property='reach']")
    assert "nach eigener Angabe" in reach.text_content()
    [title] = page.xpath("//*[@data-property='title']")
    assert "nach eigener Angabe" not in title.text_content()
