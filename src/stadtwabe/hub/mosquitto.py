"""Mosquitto's files: who may connect to the operator's broker, and what they may write there.

The broker says who has sent a message (the account stands in the topic, which the access list
ties to the account); Stadtwabe says whether that account may. So the access list never changes.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

ITERATIONS = 101
"""As Mosquitto itself takes. Keys of devices have 256 random bits: guessing is no danger."""

SALT_BYTES = 12


def password_hash(password: str, *, salt: bytes | None = None) -> str:
    """Return what stands behind the name in Mosquitto's password file (``$7$``: PBKDF2, SHA-512).

    ``salt``: 12 bytes, drawn when not given.
    """
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    parts = (base64.b64encode(each).decode() for each in (salt, key))
    return f"$7${ITERATIONS}${'$'.join(parts)}"


def steady_hash(user: str, password: str, *, secret_key: str) -> str:
    """Return a hash that is the same every time, for a password that is kept in the settings."""
    salt = hmac.digest(secret_key.encode(), f"mosquitto {user}".encode(), "sha256")
    return password_hash(password, salt=salt[:SALT_BYTES])


def password_file(accounts: Iterable[tuple[str, str]]) -> str:
    """Return Mosquitto's ``password_file`` for pairs of user and hash."""
    return "".join(f"{user}:{hashed}\n" for user, hashed in accounts)


def access_list(*, user: str, prefix: str = "") -> str:
    """Return Mosquitto's ``acl_file``; ``user`` is Stadtwabe's own account."""
    return f"""\
# Written by Stadtwabe. Everybody may read what is public, with and without an account.
# (Mosquitto warns that the pattern names nobody; that is meant.)
topic read {prefix}v1.1/#
topic read {prefix}alerts/public/#
pattern read {prefix}v1.1/#
pattern read {prefix}alerts/public/#

# Stadtwabe itself:
user {user}
topic write {prefix}v1.1/#
topic write {prefix}alerts/#
topic read {prefix}in/#

# Devices: each below its own name, so that a topic tells who has sent.
pattern write {prefix}in/%u/v1.1/#

# Whoever is told of alerts: each below its own name, too.
pattern read {prefix}alerts/%u/#
"""
