"""The kit's only address."""

from django.urls import path

from stadtwabe.kit import pages

urlpatterns = [path("stil/", pages.style, name="style")]
