"""Addresses of evidence, below ``/quellen/``."""

from django.urls import path

from stadtwabe.evidence.pages import statements

urlpatterns = [
    path("aussage/<int:pk>/", statements.statement, name="statement"),
]
