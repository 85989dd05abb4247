"""The root of all addresses. ``docs/glossary.md`` maps each German word to its room."""

from django.urls import URLPattern, URLResolver, include, path

from stadtwabe.site.pages import legal

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("stadtwabe.people.urls")),
    path("konto/", include("allauth.account.urls")),
    path("sprache/", include("django.conf.urls.i18n")),
    path("quellen/", include("stadtwabe.evidence.urls")),
    path("", include("stadtwabe.kit.urls")),
    path("impressum/", legal.imprint, name="imprint"),
    path("datenschutz/", legal.privacy, name="privacy"),
    path("barrierefreiheit/", legal.accessibility, name="accessibility"),
    path("barriere-melden/", legal.report, name="report-barrier"),
    path("leichte-sprache/", legal.plain_language, name="plain-language"),
    path("verwaltung/barrieren/", legal.barriers, name="barriers"),
    path("verwaltung/barrieren/<int:report_id>/abschliessen/", legal.close, name="close-barrier"),
]
