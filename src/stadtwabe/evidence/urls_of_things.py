"""The addresses that every kind of thing has below the prefix of its kind."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from stadtwabe.evidence.commands import create_thing, edit_thing
from stadtwabe.evidence.pages.editing import create_page, edit_page, withdraw_page
from stadtwabe.evidence.pages.merging import merge_page
from stadtwabe.evidence.pages.things import thing_page
from stadtwabe.evidence.pages.withdrawing import statements_page


def thing_urls(
    name: str,
    prefix: str,
    *,
    create: Callable[..., Any] = create_thing,
    edit: Callable[..., Any] = edit_thing,
) -> list[URLPattern]:
    """Return the addresses of the things of the kind ``name`` below ``prefix``.

    ``create`` is the command that makes a new one, ``edit`` the one that changes it.
    """
    return [
        path(f"{prefix}neu/", create_page(name, create), name=f"new-{name}"),
        path(f"{prefix}<slug:slug>/", thing_page(name), name=name),
        path(f"{prefix}<slug:slug>/bearbeiten/", edit_page(name, edit), name=f"edit-{name}"),
        path(f"{prefix}<slug:slug>/zurueckziehen/", withdraw_page(name), name=f"withdraw-{name}"),
        path(f"{prefix}<slug:slug>/angaben/", statements_page(name), name=f"statements-{name}"),
        path(f"{prefix}<slug:slug>/zusammenfuehren/", merge_page(name), name=f"merge-{name}"),
    ]
