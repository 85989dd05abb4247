"""Simplified boundaries as GeoJSON: states, districts, and the municipalities of each district.

Simplified by mapshaper (MPL-2.0, build time only), which keeps shared borders shared.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stadtwabe.places.derive.packages import AREAS, fetch, read_areas
from stadtwabe.places.derive.register import DISSOLUTIONS, Row

MAPSHAPER = "mapshaper@0.7.70"
_DISTRICTS_TO_MERGE = {dissolution.key: dissolution.successor for dissolution in DISSOLUTIONS}


def build(packages: Path, rows: Iterable[Row], target: Path) -> dict[str, int]:
    """Write the files under `target` and return their sizes in bytes by name."""
    by_key = {row.key: row for row in rows}
    archive = fetch(AREAS, packages)
    target.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with tempfile.TemporaryDirectory() as scratch:
        for layer, name, share in (
            ("laender", "states", "5%"),
            ("kreise", "districts", "6%"),
            ("gemeinden", "municipalities", "7%"),
        ):
            source = Path(scratch) / f"{name}.in.json"
            simplified = Path(scratch) / f"{name}.json"
            features = [_feature(feature) for feature in read_areas(archive, layer)]
            source.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
            _simplify(source, simplified, share)
            collection = json.loads(simplified.read_text())
            if name == "municipalities":
                sizes.update(_write_by_district(collection["features"], by_key, target / name))
            else:
                path = target / f"{name}.geojson"
                sizes[path.name] = _write(path, _named(collection["features"], by_key))
    return sizes


def _feature(feature: dict[str, Any]) -> dict[str, Any]:
    key = feature["properties"]["AGS"]
    return {
        "type": "Feature",
        "properties": {"key": _DISTRICTS_TO_MERGE.get(key, key)},
        "geometry": feature["geometry"],
    }


def _simplify(source: Path, target: Path, share: str) -> None:
    """Simplify, and dissolve areas of the same key (districts that were merged)."""
    subprocess.run(  # noqa: S603 - fixed arguments, run by a developer at build time
        [  # noqa: S607 - npx from PATH
            "npx",
            "--yes",
            MAPSHAPER,
            str(source),
            "-dissolve",
            "key",
            "-simplify",  # last: any cleaning after it brings the removed points back
            "visvalingam",
            "weighted",
            f"percentage={share}",
            "keep-shapes",
            "-o",
            str(target),
            "format=geojson",
            "precision=0.001",
        ],
        check=True,
        capture_output=True,
    )


def _named(features: list[dict[str, Any]], rows: dict[str, Row]) -> list[dict[str, Any]]:
    """Give each area its key, name and edition; leave out areas without a municipality."""
    named = []
    for feature in features:
        row = rows.get(feature["properties"]["key"])
        if row is None or feature["geometry"] is None:
            continue
        row = rows[row.successor] if row.successor else row
        properties = {"key": row.key, "name": row.name, "edition": row.edition}
        named.append({"type": "Feature", "properties": properties, "geometry": feature["geometry"]})
    return sorted(named, key=lambda feature: str(feature["properties"]["key"]))


def _write_by_district(
    features: list[dict[str, Any]], rows: dict[str, Row], folder: Path
) -> dict[str, int]:
    folder.mkdir(exist_ok=True)
    by_district: dict[str, list[dict[str, Any]]] = {}
    for feature in _named(features, rows):
        district = feature["properties"]["key"][:5]
        # A municipality that kept its old key lies in the district that took over the old one.
        by_district.setdefault(_DISTRICTS_TO_MERGE.get(district, district), []).append(feature)
    return {
        f"municipalities/{district}.geojson": _write(folder / f"{district}.geojson", members)
        for district, members in sorted(by_district.items())
    }


def _write(path: Path, features: list[dict[str, Any]]) -> int:
    text = json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return path.write_text(text + "\n", encoding="utf-8")
