import re

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils.translation import override

from stadtwabe.kit.pages import ExampleForm


@pytest.mark.django_db
class TestStylePage:
    def test_is_there_in_the_demo_only(self, client):
        assert client.get("/stil/").status_code == 404
        with override_settings(DEMO=True):
            assert client.get("/stil/").status_code == 200

    @override_settings(DEMO=True)
    def test_keeps_the_content_security_policy(self, client):
        html = client.get("/stil/").content.decode()
        assert "style=" not in html
        assert not re.search(r"\son\w+=", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)
        addresses = re.findall(r'(?:src|href|action)="([^"]*)"', html)
        assert [address for address in addresses if "//" in address] == []

    @override_settings(DEMO=True)
    def test_every_page_leads_to_what_the_law_wants(self, client):
        html = client.get("/stil/").content.decode()
        for path in ("/impressum/", "/datenschutz/", "/barrierefreiheit/", "/leichte-sprache/"):
            assert f'href="{path}"' in html
        assert f'action="{reverse("set_language")}"' in html


@pytest.mark.django_db
def test_a_missing_page_is_explained(client):
    response = client.get("/gibt-es-nicht/", headers={"accept-language": "de"})
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in response.content.decode()


class TestForms:
    def test_errors_stand_on_top_and_at_the_field_and_are_announced(self):
        with override("de"):
            html = str(ExampleForm({"title": "", "stage": "planned"}))
        assert html.index("error-summary") < html.index('name="title"')
        assert 'href="#id_title"' in html
        assert 'id="id_title_error"' in html
        assert re.search(
            r'name="title"[^>]*aria-describedby="id_title_helptext id_title_error"', html
        )
        assert re.search(r'name="title"[^>]*aria-invalid="true"', html)

    def test_choices_are_a_named_group(self):
        html = str(ExampleForm())
        assert html.count("<fieldset") == 2
        assert html.count("<legend") == 2
        assert "error-summary" not in html

    def test_every_error_link_has_a_target(self):
        html = str(ExampleForm({}))
        for target in re.findall(r'href="#([^"]+)"', html):
            assert f'id="{target}"' in html
