"""Running a codec on a payload (LoRa Alliance TS013-1.0.0, Payload Codec API)."""

import functools
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stadtwabe.hub.codecs.faults import CodecError, Fault
from stadtwabe.hub.codecs.process import Pool

SOURCE_CHARACTERS = 200_000
"""The longest codec that is accepted."""

Scalar = float | bool | str


@dataclass(frozen=True)
class Decoded:
    """What ``decodeUplink`` returned.

    ``data`` is JSON; ``errors`` are the codec's own words and mean that it could not decode;
    ``log`` is what it wrote to its console.
    """

    data: dict[str, Any]
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    log: tuple[str, ...] = ()

    @property
    def outputs(self) -> dict[str, Scalar]:
        """The single values of ``data`` by name: ``temperature``, ``water.level``, ``probe[0]``."""
        return dict(_values(self.data, ""))


def decode(
    source: str,
    payload: bytes,
    *,
    f_port: int,
    received_at: datetime,
    pool: Pool | None = None,
) -> Decoded:
    """Run ``decodeUplink({bytes, fPort, recvTime})`` of a codec, in a process of its own.

    ``received_at`` (with time zone) becomes the Date ``recvTime``. Nothing stays of one call in
    the next. Raises CodecError when there is no output that is JSON.
    """
    if len(source) > SOURCE_CHARACTERS:
        raise CodecError(Fault.TOO_LARGE, message=str(len(source)))
    lender = pool or shared_pool()
    request = {
        "source": source,
        "input": {
            "bytes": list(payload),
            "fPort": f_port,
            "recvTime": received_at.isoformat(timespec="milliseconds"),
        },
        "seconds": lender.limits.seconds,
        "memory_bytes": lender.limits.memory_bytes,
        "output_characters": lender.limits.output_characters,
    }
    with lender.borrowed() as process:
        answer = process.ask(request)
    log = tuple(str(line) for line in answer.get("log", ()))
    if "fault" in answer:
        raise CodecError(
            Fault(answer["fault"]),
            message=answer.get("message", ""),
            line=answer.get("line"),
            column=answer.get("column"),
            path=answer.get("path", ""),
            log=log,
        )
    return _checked(answer.get("output"), log)


@functools.cache
def shared_pool() -> Pool:
    """Return the pool of this process; its subprocesses start when first needed."""
    return Pool()


def _checked(output: object, log: tuple[str, ...]) -> Decoded:
    """Look at what came out of the sandbox; nothing in there is to be believed."""
    if not isinstance(output, dict):
        raise CodecError(Fault.OUTPUT, message="no object", log=log)
    data = output.get("data")
    errors = _texts(output, "errors", log)
    if data is None and errors:
        data = {}
    if not isinstance(data, dict):
        raise CodecError(Fault.OUTPUT, message="no object", path="data", log=log)
    for name, value in _values(data, ""):
        if isinstance(value, float) and not math.isfinite(value):
            raise CodecError(Fault.OUTPUT, message=str(value), path=f"data.{name}", log=log)
    return Decoded(data=data, warnings=_texts(output, "warnings", log), errors=errors, log=log)


def _texts(output: dict[str, Any], name: str, log: tuple[str, ...]) -> tuple[str, ...]:
    texts = output.get(name) or []
    if isinstance(texts, str):
        texts = [texts]
    if not isinstance(texts, list):
        raise CodecError(Fault.OUTPUT, message="no list", path=name, log=log)
    return tuple(str(text)[:500] for text in texts[:20])


def _values(part: object, name: str) -> list[tuple[str, Scalar]]:
    if isinstance(part, dict):
        return [
            found
            for key, value in part.items()
            for found in _values(value, f"{name}.{key}" if name else key)
        ]
    if isinstance(part, list):
        return [
            found
            for index, value in enumerate(part)
            for found in _values(value, f"{name}[{index}]")
        ]
    if isinstance(part, bool | str):
        return [(name, part)]
    return [(name, part)] if isinstance(part, int | float) else []
