"""Numbers that stand for persons in histories."""

import secrets


def draw_number() -> int:
    """Return a random positive number of 31 bits that tells nothing about its bearer."""
    return secrets.randbelow(2**31 - 2) + 1
