"""Compiles the translations (.po) into what gettext reads (.mo), without GNU gettext.

`python -m stadtwabe.site.translations`, called by ./run and ./test when a .po file has changed.
"""

from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent


def compile_translations(folder: Path) -> list[Path]:
    """Writes the .mo beside every .po below `folder` that is older; returns those it wrote."""
    written = []
    for source in sorted(folder.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        polib.pofile(str(source)).save_as_mofile(str(target))
        written.append(target)
    return written


if __name__ == "__main__":
    compile_translations(PACKAGE)
