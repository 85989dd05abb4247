"""The codecs that come with Stadtwabe: one JavaScript file and one TOML file each, in ``own/``.

The TOML file names vendor, class, source of the layout, outputs and test vectors. A vector is
``documented`` when payload and values stand in the source, ``computed`` when somebody worked the
values out by hand from the documented layout.
"""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stadtwabe.hub.codecs.outputs import Output

FOLDER = Path(__file__).with_name("own")


@dataclass(frozen=True)
class Vector:
    """A payload and what comes out of it."""

    payload: bytes
    f_port: int
    outputs: dict[str, Any]
    origin: str
    note: str = ""


@dataclass(frozen=True)
class Downlink:
    """What a message to a device says, and the bytes that it is to become."""

    data: dict[str, Any]
    payload: bytes
    f_port: int
    origin: str
    note: str = ""


@dataclass(frozen=True)
class ShippedCodec:
    """A codec in the folder; ``slug`` is the name of its files."""

    slug: str
    name: str
    vendor: str
    sensor_class: str
    description: str
    reference: str
    f_ports: tuple[int, ...]
    outputs: tuple[Output, ...]
    vectors: tuple[Vector, ...]
    downlinks: tuple[Downlink, ...]
    source: str


@functools.cache
def shipped_codecs() -> tuple[ShippedCodec, ...]:
    """Read the folder, sorted by slug."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.toml")))


def _read(path: Path) -> ShippedCodec:
    about = tomllib.loads(path.read_text(encoding="utf-8"))
    return ShippedCodec(
        slug=path.stem,
        name=about["name"],
        vendor=about["vendor"],
        sensor_class=about["sensor_class"],
        description=about["description"],
        reference=about["source"],
        f_ports=tuple(about["f_ports"]),
        outputs=tuple(Output(**each) for each in about["outputs"]),
        vectors=tuple(
            Vector(
                payload=bytes.fromhex(each["payload"]),
                f_port=each["f_port"],
                outputs=each["outputs"],
                origin=each["origin"],
                note=each["note"],
            )
            for each in about["vectors"]
        ),
        downlinks=tuple(
            Downlink(**{**each, "payload": bytes.fromhex(each["payload"])})
            for each in about.get("downlinks", ())
        ),
        source=path.with_suffix(".js").read_text(encoding="utf-8"),
    )
