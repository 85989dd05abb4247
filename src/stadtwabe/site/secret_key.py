"""The key that signs sessions: drawn once, kept in the data folder, readable only by its owner."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """The key of the installation in `data`, made on the first call.

    Two processes that start at once get the same one.
    """
    path = data / "secret-key"
    if not path.exists():
        new = data / f"secret-key.{os.getpid()}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        try:
            # Unlike a rename, a link never replaces a key that another process has just made.
            path.hardlink_to(new)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text(encoding="ascii").strip()
