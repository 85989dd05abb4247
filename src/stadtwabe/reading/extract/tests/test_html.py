"""A web page is read without what surrounds its content."""

from stadtwabe.reading.extract import BlockKind, extract

PAGE = """<!DOCTYPE html><html><head><title>Stadt X: Projekte</title><style>p{}</style></head><body>
<header><a href="/">Startseite</a></header>
<nav><ul><li>Rathaus</li><li>Bürgerservice Kassel</li></ul></nav>
<div class="cookie-banner">Wir nutzen Cookies</div>
<main><h1>Digitale Projekte</h1><p>Die <b>Stadt</b> startet&nbsp;das Projekt
<a href="https://beispiel.de/app">Gut versorgt</a>.</p>
<ul><li>Köln</li><li>Siegen <em>und</em> Olpe</li></ul>
<table><tr><th>Ort</th><th>Summe</th></tr><tr><td>Essen</td><td>1.000 Euro</td></tr></table>
<script>alert("Hagen")</script></main>
<footer>Impressum Stadt Leipzig</footer></body></html>"""


def test_content_stays_and_furniture_goes():
    extracted = extract(PAGE.encode(), "seite.html")
    for gone in ("Startseite", "Kassel", "Cookies", "Hagen", "Leipzig", "p{}"):
        assert gone not in extracted.text
    assert extracted.title == "Digitale Projekte"
    found = [(block.kind, extracted.text[block.start : block.end]) for block in extracted.blocks]
    assert found == [
        (BlockKind.HEADING, "Digitale Projekte"),
        (BlockKind.PARAGRAPH, "Die Stadt startet\xa0das Projekt Gut versorgt."),
        (BlockKind.BULLET, "- Köln"),
        (BlockKind.BULLET, "- Siegen und Olpe"),
        (BlockKind.ROW, "Ort | Summe"),
        (BlockKind.ROW, "Essen | 1.000 Euro"),
    ]


def test_a_link_knows_the_words_it_stands_behind():
    extracted = extract(PAGE.encode(), "seite.html")
    [link] = extracted.links
    assert extracted.text[link.start : link.end] == "Gut versorgt"
    assert link.address == "https://beispiel.de/app"


def test_a_page_in_an_old_encoding_is_read_as_it_declares():
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-1">').encode("latin-1")
    assert "Bürger" not in extract(page, "x.html").text
    assert "Köln" in extract(page, "x.html").text


def test_ten_thousand_nested_elements_do_not_break_the_reader():
    page = "<html><body>" + "<div>" * 10_000 + "tief" + "</div>" * 10_000 + "<p>Ein Absatz</p>"
    assert "Ein Absatz" in extract(page.encode(), "x.html").text


def test_what_belongs_to_other_pages_goes_too():
    page = """<html><body><div class="site"><div id="sidebar" class="sidebar">Lauf in Jena</div>
    <div class="inhalt"><h1>Kalender</h1><div><span class="tag">12.</span><span>Mai</span></div>
    <p>Fest in Gera</p><div class="box"><h2>Das könnte Sie auch interessieren</h2>
    <p>Fest in Weimar</p></div><h2>Kommentare</h2><p>Super, sagt Kassel</p>
    <h2>Anfahrt</h2><p>Mit dem Rad</p></div></div></body></html>"""
    text = extract(page.encode(), "kalender.html").text
    for gone in ("Jena", "Weimar", "Kassel", "Kommentare"):
        assert gone not in text
    assert "12. Mai" in text
    assert "Anfahrt" in text
