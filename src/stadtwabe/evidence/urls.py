"""Addresses of evidence, below ``/quellen/``."""

from django.urls import path

from stadtwabe.evidence.pages import documents, statements, withdrawing

urlpatterns = [
    path("", documents.sources, name="sources"),
    path("<int:pk>/", documents.source, name="source"),
    path("aussage/<int:pk>/", statements.statement, name="statement"),
    path("aussage/<int:pk>/zurueckziehen/", withdrawing.withdraw, name="withdraw-statement"),
]
