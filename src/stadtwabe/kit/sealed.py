"""Secrets of others that we must be able to send, kept so that the database alone opens none.

Sealed with the secret key of the installation, by Fernet (AES-128-CBC and HMAC-SHA256, with a
random start): a dump or backup of the database without the key tells nothing but the length.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Unsealable(Exception):
    """A secret was sealed with a key that this installation does not know, or was changed."""


def seal(secret: str, *, purpose: str) -> str:
    """Return ``secret`` as it may be kept; "" stays "". Opened for the same ``purpose`` only."""
    return _sealer(purpose).encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str, *, purpose: str) -> str:
    """Return what ``seal`` was given. Raises Unsealable."""
    if not sealed:
        return ""
    try:
        return _sealer(purpose).decrypt(sealed).decode()
    except InvalidToken:
        raise Unsealable(purpose) from None


def seal_anew(sealed: str, *, purpose: str) -> str:
    """Return the same, sealed with the newest key. Raises Unsealable."""
    return seal(unseal(sealed, purpose=purpose), purpose=purpose)


def _sealer(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if "unset" in keys:
        message = "Without a secret key nothing can be sealed: set STADTWABE_SECRET_KEY."
        raise ImproperlyConfigured(message)
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(key: str, purpose: str) -> bytes:
    derive = HKDF(SHA256(), length=32, salt=None, info=f"stadtwabe sealed {purpose}".encode())
    return base64.urlsafe_b64encode(derive.derive(key.encode()))
