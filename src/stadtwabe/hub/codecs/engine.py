"""Running a codec on a payload (LoRa Alliance TS013-1.0.0, Payload Codec API)."""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stadtwabe.hub.codecs.faults import CodecError, Fault
from stadtwabe.hub.codecs.process import Pool

SOURCE_CHARACTERS = 200_000
"""The longest codec that is accepted."""

DOWNLINK_BYTES = 242
"""The longest message that LoRaWAN carries, in either direction."""

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


@dataclass(frozen=True)
class Encoded:
    """What ``encodeDownlink`` returned: the message to a device, and the port it goes to."""

    payload: bytes
    f_port: int
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    log: tuple[str, ...] = ()


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
    given = {
        "bytes": list(payload),
        "fPort": f_port,
        "recvTime": received_at.isoformat(timespec="milliseconds"),
    }
    return _checked(*_run(source, "decodeUplink", given, pool))


def encode(source: str, data: Mapping[str, Any], *, pool: Pool | None = None) -> Encoded:
    """Run ``encodeDownlink({data})`` of a codec like ``decode``; not every codec has it.

    Raises CodecError when what comes out is no message to a device.
    """
    output, log = _run(source, "encodeDownlink", {"data": data}, pool)
    if not isinstance(output, dict):
        raise CodecError(Fault.OUTPUT, message="no object", log=log)
    warnings, errors = _texts(output, "warnings", log), _texts(output, "errors", log)
    if errors:
        return Encoded(b"", 0, warnings, errors, log)
    payload, f_port = output.get("bytes"), output.get("fPort", 1)
    if not isinstance(payload, list):
        raise CodecError(Fault.OUTPUT, message="no list", path="bytes", log=log)
    for index, byte in enumerate(payload):
        if not _is_whole(byte, 255):
            raise CodecError(Fault.OUTPUT, message="no byte", path=f"bytes[{index}]", log=log)
    if len(payload) > DOWNLINK_BYTES:
        raise CodecError(Fault.OUTPUT, message="too_many", path="bytes", log=log)
    if not _is_whole(f_port, 223) or f_port < 1:
        raise CodecError(Fault.OUTPUT, message="no port", path="fPort", log=log)
    return Encoded(bytes(map(int, payload)), int(f_port), warnings, errors, log)


def _is_whole(value: object, most: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return float(value).is_integer() and 0 <= value <= most


def _run(
    source: str, function: str, given: Mapping[str, Any], pool: Pool | None
) -> tuple[object, tuple[str, ...]]:
    """Return what a function of the codec returned, and its console. Raises CodecError."""
    if len(source) > SOURCE_CHARACTERS:
        raise CodecError(Fault.TOO_LARGE, message=str(len(source)))
    lender = pool or shared_pool()
    request = {
        "source": source,
        "function": function,
        "input": given,
        "seconds": lender.limits.seconds,
        "memory_bytes": lender.limits.memory_bytes,
        "output_characters": lender.limits.output_characters,
    }
    with lender.borrowed() as process:
        answer = process.ask(request)
    log = tuple(str(line) for line in answer.get("log", ()))
    if "fault" in answer:
        fault = Fault(answer["fault"])
        raise CodecError(
            fault,
            message=function if fault is Fault.NO_FUNCTION else answer.get("message", ""),
            line=answer.get("line"),
            column=answer.get("column"),
            path=answer.get("path", ""),
            log=log,
        )
    return answer.get("output"), log


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
