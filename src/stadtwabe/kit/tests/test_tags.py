import json
import re
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.html import escape

from stadtwabe.kit import assets
from stadtwabe.kit.drawing.bars import Bar
from stadtwabe.kit.drawing.honeycomb import Cell


def render(source, path="/atlas/projekte/", **context):
    request = RequestFactory().get(path)
    return Template("{% load kit %}" + source).render(Context({"request": request, **context}))


class TestAssets:
    @pytest.fixture
    def manifest(self, tmp_path, monkeypatch):
        file = tmp_path / "manifest.json"
        file.write_text(json.dumps({"main.css": "main-AB12CD34.css"}))
        monkeypatch.setattr(assets, "MANIFEST", file)
        return file

    def test_a_name_becomes_the_hashed_file(self, manifest):
        assert assets.asset_url("main.css") == "/static/built/main-AB12CD34.css"
        with pytest.raises(KeyError):
            assets.asset_url("mian.css")

    def test_a_map_gets_the_boundaries_that_were_built(self, manifest):
        assert assets.boundary_urls("05958") == ""
        names = {
            f"{name}.geojson": f"{name}-X.geojson" for name in ("states", "municipalities-05958")
        }
        manifest.write_text(json.dumps(names | {"districts.geojson": "districts-X.geojson"}))
        assert assets.boundary_urls("05958", "05970") == " ".join(
            f"/static/built/{name}-X.geojson"
            for name in ("states", "districts", "municipalities-05958")
        )

    def test_a_missing_build_is_a_warning_not_a_crash(self, manifest, settings):
        settings.DEBUG = False
        assert assets.check_front_end_is_built() == []
        manifest.unlink()
        assert assets.asset_url("main.css") == "/static/built/main.css"
        assert [warning.id for warning in assets.check_front_end_is_built()] == ["kit.W001"]


def test_an_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in render('{% icon "search" %}')
    named = render('{% icon "search" label %}', label="Suche & mehr")
    assert 'aria-label="Suche &amp; mehr"' in named


def test_what_people_typed_is_escaped_in_drawings():
    evil = '"><script>'
    cell = Cell("05", evil, 0, 0, 3, href="/?q=" + evil, text=evil)
    html = render(
        "{% honeycomb cells %}{% bars bars %}{% hex_avatar key name %}{% diff key name %}",
        cells=[cell],
        bars=[Bar(evil, 1, href=evil)],
        key=evil,
        name=evil,
    )
    assert "<script" not in html


def test_drawings_carry_no_inline_style_and_no_decimal_comma():
    html = render(
        "{% honeycomb cells %}{% bars bars %}",
        cells=[Cell("05", "NW", 1, 1, 3), Cell("06", "HE", 2, 2, 1)],
        bars=[Bar("a", 3), Bar("b", 1)],
    )
    assert "style=" not in html
    assert re.findall(r'(?:width|x|y|viewBox|d)="[^"]*,', html) == []


def test_links_of_the_honeycomb_are_left_out_of_the_tab_order():
    html = render("{% honeycomb cells %}", cells=[Cell("05", "NW", 0, 0, 1, href="/orte/05/")])
    assert 'aria-hidden="true"' in html
    assert '<a href="/orte/05/" tabindex="-1">' in html


class TestPagination:
    def test_other_filters_stay_and_the_first_page_has_the_plain_address(self):
        page = Paginator(range(100), 10).page(2)
        html = render("{% pagination page %}", path="/?thema=mobility&seite=2", page=page)
        assert 'href="?thema=mobility"' in html
        assert 'href="?thema=mobility&amp;seite=3"' in html
        assert html.count('aria-current="page"') == 1

    def test_one_page_needs_none(self):
        assert "<nav" not in render("{% pagination page %}", page=Paginator([1], 10).page(1))


@pytest.mark.parametrize(
    ("path", "direction", "href"),
    [
        ("/?q=a&seite=3", None, "?q=a&amp;sortierung=name"),
        ("/?sortierung=name", "ascending", "?sortierung=-name"),
        ("/?sortierung=-name", "descending", "?sortierung=name"),
    ],
)
def test_a_column_says_how_it_is_sorted(path, direction, href):
    html = render('{% sort_header "name" "Ort" %}', path=path)
    assert f'href="{href}"' in html
    assert ("aria-sort" in html) == (direction is not None)
    assert direction is None or f'aria-sort="{direction}"' in html


def test_the_view_is_offered_in_other_formats_with_its_filters():
    html = render('{% format_address "csv" %}', path="/?thema=mobility&seite=4")
    assert html == "?thema=mobility&amp;format=csv"


class TestLists:
    EVIL = '"><script>'

    def test_what_people_typed_is_escaped_in_entries_and_facets(self):
        value = SimpleNamespace(
            key=self.EVIL, address=f"?q={self.EVIL}", label=self.EVIL, count=3, is_selected=False
        )
        html = render(
            "{% facet_values values %}{% list_item title=evil address=evil summary=evil kind=evil"
            " kind_icon='search' accent=evil place=evil when=evil stage=stage avatar_key=evil %}",
            evil=self.EVIL,
            stage=(self.EVIL, self.EVIL),
            values=[value],
        )
        assert "<script" not in html
        assert html.count("&quot;&gt;&lt;script&gt;") == 12

    def test_an_entry_shows_what_is_known_and_nothing_of_the_rest(self):
        short = render("{% list_item title='Baumkataster' address='/a/' %}")
        assert short == (
            '<article class="item"><h3 class="item__title"><a href="/a/" lang="de">Baumkataster</a>'
            "</h3></article>"
        )
        long = render("{% list_item title='B' address='/a/' summary=words %}", words="Wort " * 41)
        assert f'lang="de">{"Wort " * 39}Wort …</p>' in long

    def test_thousands_are_written_as_readers_write_them(self):
        value = SimpleNamespace(key="a", address="?a", label="A", count=12345, is_selected=True)
        html = render("{% facet_values values %}", values=[value])
        assert ">12.345<" in html
        assert 'href="?a" aria-current="true" rel' in html

    def test_addresses_of_other_formats_and_pages_keep_the_filters(self):
        path = "/suche/?thema=a&thema=%C3%B6%26&seite=3&q=x+y"
        assert render('{% format_address "csv" %}', path) == escape(
            "?thema=a&thema=%C3%B6%26&q=x+y&format=csv"
        )
        assert render('{% format_address "" %}', "/suche/?format=csv&seite=2") == "/suche/"
