"""The root of all addresses. ``docs/glossary.md`` maps each German word to its room."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from stadtwabe.site.api import api, docs
from stadtwabe.site.demo import pages as demo
from stadtwabe.site.pages import home, legal

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("api/v1/", api.urls),
    path("api/docs", docs, name="api-docs"),
    path("", include("stadtwabe.catalog.urls")),
    path("", include("stadtwabe.people.urls")),
    path("konto/", include("allauth.account.urls")),
    # Exempt, so that a page one only reads sets no cookie; all a forged request could do is
    # to switch the language.
    path("sprache/", csrf_exempt(set_language), name="set_language"),
    path("redaktion/", include("stadtwabe.desk.urls")),
    path("quellen/", include("stadtwabe.evidence.urls")),
    path("atlas/", include("stadtwabe.atlas.urls")),
    path("termine/", include("stadtwabe.programme.urls")),
    path("", include("stadtwabe.hub.urls")),
    path("sta/v1.1/", include("stadtwabe.hub.sta.urls")),
    path("", include("stadtwabe.kit.urls")),
    path("vorfuehrung/", demo.about, name="demo"),
    path("vorfuehrung/stand/", demo.state, name="demo-state"),
    path("impressum/", legal.imprint, name="imprint"),
    path("datenschutz/", legal.privacy, name="privacy"),
    path("barrierefreiheit/", legal.accessibility, name="accessibility"),
    path("barriere-melden/", legal.report, name="report-barrier"),
    path("leichte-sprache/", legal.plain_language, name="plain-language"),
    path("verwaltung/barrieren/", legal.barriers, name="barriers"),
    path("verwaltung/barrieren/<int:report_id>/abschliessen/", legal.close, name="close-barrier"),
]
