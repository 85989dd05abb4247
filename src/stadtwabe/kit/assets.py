"""Where the built front end lies: from the name in a template to the hashed file.

``npm run build`` writes ``static/built/`` with a ``manifest.json``. Names carry a hash of the
content, so browsers may keep them for ever.
"""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.templatetags.static import static

MANIFEST = Path(__file__).resolve().parent / "static" / "built" / "manifest.json"


@lru_cache(maxsize=4)
def _names(path: Path, changed_ns: int) -> dict[str, str]:
    """Read the manifest once per version of the file."""
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def asset_url(name: str) -> str:
    """Return the address of the built file ``name`` (``main.css``).

    Without a build the plain name is used: the page then comes without styles, which the system
    check ``kit.W001`` explains. With a build an unknown name is a KeyError.
    """
    return _address(MANIFEST, _version(), name)


@lru_cache(maxsize=512)
def _address(path: Path, changed_ns: int, name: str) -> str:
    """Return the address once per version of the manifest; pages ask hundreds of times."""
    return static(f"built/{_names(path, changed_ns)[name] if changed_ns else name}")


def boundary_urls(*districts: str) -> str:
    """Return the addresses of boundaries for a map, coarse first, separated by spaces.

    States and districts always, the municipalities of the given ``districts`` (keys of five
    digits) after them; empty without a build.
    """
    names = _built() or {}
    wanted = ("states", "districts", *(f"municipalities-{key[:5]}" for key in districts))
    found = [names[f"{name}.geojson"] for name in wanted if f"{name}.geojson" in names]
    return " ".join(static(f"built/{name}") for name in found)


def _built() -> dict[str, str] | None:
    """Return the names of the build there is, None without one."""
    changed_ns = _version()
    return _names(MANIFEST, changed_ns) if changed_ns else None


def _version() -> int:
    """Return when the manifest was written, 0 without one."""
    try:
        return MANIFEST.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def check_front_end_is_built(**_kwargs: object) -> list[checks.CheckMessage]:
    """Warn when pages would come without styles."""
    if MANIFEST.exists() or settings.DEBUG:
        return []
    return [
        checks.Warning(
            "The front end has not been built: pages come without styles.",
            hint="Run: npm ci --ignore-scripts && npm run build",
            id="kit.W001",
        )
    ]
