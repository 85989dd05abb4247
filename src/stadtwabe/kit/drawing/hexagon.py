"""The hexagon: logo, marker, avatar, topic icon, cell."""

import math
import zlib
from dataclasses import dataclass

from stadtwabe.kit.drawing.numbers import svg_number

TONES = 6
_NOT_NAMES = {"am", "an", "der", "die", "das", "im", "in", "bei", "ob", "a", "d", "v", "und", "vor"}


def hexagon_path(x: float, y: float, radius: float) -> str:
    """Return the SVG path of a hexagon standing on a corner, around (x, y)."""
    half = radius * math.sqrt(3) / 2
    corners = (
        (x, y - radius),
        (x + half, y - radius / 2),
        (x + half, y + radius / 2),
        (x, y + radius),
        (x - half, y + radius / 2),
        (x - half, y - radius / 2),
    )
    return "M" + "L".join(f"{svg_number(px)} {svg_number(py)}" for px, py in corners) + "Z"


@dataclass(frozen=True, slots=True)
class Avatar:
    """What stands for a town without a coat of arms: up to two letters and one of six tones."""

    letters: str
    tone: int


def avatar_for(key: str, name: str) -> Avatar:
    """Return the avatar of ``name``; the tone depends on the official ``key`` alone.

    "Bad Berleburg" gives BB, "Menden (Sauerland)" Me, "Frankfurt am Main" FM.
    """
    words = [
        word
        for word in name.split("(")[0].replace("-", " ").replace("/", " ").split()
        if word[0].isalpha() and word.lower().rstrip(".") not in _NOT_NAMES
    ]
    if len(words) > 1:
        letters = words[0][0].upper() + words[1][0].upper()
    else:
        letters = (words[0] if words else "?")[:2].capitalize()
    return Avatar(letters, zlib.crc32(key.encode()) % TONES)
