"""Addresses that people can open in a browser."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from stadtwabe.kit.errors import Invalid


def check_web_address(address: str, *, field: str) -> None:
    """Raise Invalid, naming ``field``, unless ``address`` begins with http:// or https://."""
    if urlsplit(address).scheme.lower() not in {"http", "https"}:
        raise Invalid(
            _("Internetadressen beginnen hier mit http:// oder https://."),
            field=field,
            remedy=_("Geben Sie die Adresse an, die in der Adresszeile des Browsers steht."),
        )
