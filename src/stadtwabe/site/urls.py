"""The root of all addresses. ``docs/glossary.md`` maps each German word to its room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("stadtwabe.people.urls")),
    path("konto/", include("allauth.account.urls")),
    path("sprache/", include("django.conf.urls.i18n")),
    path("quellen/", include("stadtwabe.evidence.urls")),
    path("", include("stadtwabe.kit.urls")),
]
