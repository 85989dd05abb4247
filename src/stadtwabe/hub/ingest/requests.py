"""What SensorThings clients send: bytes to checked batches (OGC 18-088, sections 10.2 and 13)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from stadtwabe.hub.ingest.authorise import Key
from stadtwabe.hub.ingest.batch import Batch, NewObservation, Run, make_row
from stadtwabe.hub.ingest.checks import BadResult, named, number
from stadtwabe.hub.ingest.duplicates import Twice, is_beyond_doubt, refuse_duplicates
from stadtwabe.hub.ingest.outcome import Refusal
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.ingest.streams import Stream, Streams
from stadtwabe.hub.ingest.times import (
    EARLIEST,
    EPOCH,
    LATEST,
    MICROSECOND,
    BadTime,
    parse_many,
    parse_time,
)


class BadRequest(Exception):
    """A request as a whole cannot be understood; nothing was stored."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal.said))
        self.refusal = refusal


class NeedsEntities(Exception):
    """The request wants entities created besides (a feature of interest in full)."""


class Reference(msgspec.Struct, rename={"id": "@iot.id"}):
    """A link to an entity by its id."""

    id: int | msgspec.UnsetType = msgspec.UNSET


class Sent(msgspec.Struct):
    """An Observation as it is sent; members that we do not keep are ignored."""

    result: Any = msgspec.UNSET
    phenomenonTime: str | None = None  # noqa: N815 - the standard's name
    resultTime: str | None = None  # noqa: N815 - the standard's name
    validTime: str | None = None  # noqa: N815 - the standard's name
    parameters: Any = None
    resultQuality: Any = None  # noqa: N815 - the standard's name
    Datastream: Reference | None = None
    MultiDatastream: Reference | None = None
    FeatureOfInterest: Reference | None = None


class DataArray(msgspec.Struct):
    """One element of CreateObservations: many observations of one datastream as an array."""

    components: list[str]
    dataArray: msgspec.Raw  # noqa: N815 - the standard's name
    Datastream: Reference | None = None
    MultiDatastream: Reference | None = None


class Plain(NamedTuple):
    """The one form of row that is worth a way of its own."""

    phenomenon_time: datetime
    result: float


COMPONENTS = {
    "result": "result",
    "phenomenonTime": "phenomenon_time",
    "resultTime": "result_time",
    "validTime": "valid_time",
    "parameters": "parameters",
    "resultQuality": "result_quality",
    "FeatureOfInterest/id": "feature_id",
    "FeatureOfInterest/@iot.id": "feature_id",
}
"""Names of components, and what ``NewObservation`` calls them."""

PLAIN = ["phenomenonTime", "result"]

TOO_DEEP = Said("Das JSON ist zu tief verschachtelt.", "The JSON nests too deeply.")
OF_WHICH = Refusal(
    Said("Es fehlt, zu welcher Messreihe das gehört.", "The Datastream is missing."),
    "Datastream",
    remedy=Said(
        'Nennen Sie sie: "Datastream": {"@iot.id": 1}.', 'Name it: "Datastream": {"@iot.id": 1}.'
    ),
)
NO_FEATURE = Refusal(
    Said(
        "Diesen Gegenstand der Messung gibt es nicht.",
        "There is no such FeatureOfInterest, or it is not for you to see.",
    ),
    "FeatureOfInterest",
    404,
)

_sent = msgspec.json.Decoder(Sent).decode
_arrays = msgspec.json.Decoder(list[DataArray]).decode
_array = msgspec.json.Decoder(DataArray).decode
_texts = msgspec.json.Decoder(list[tuple[str, float]]).decode
_plain = msgspec.json.Decoder(list[tuple[datetime, float]]).decode
_rows = msgspec.json.Decoder(list[Any]).decode


async def single(
    body: bytes, *, key: Key, streams: Streams, path_id: int | None, now: int
) -> Batch:
    """Read one observation. ``path_id`` is that of the address, if it names a datastream.

    Raises BadRequest and NeedsEntities.
    """
    sent = read_sent(body)
    pk = datastream_of(sent, path_id)
    stream = streams.known(pk) or (await streams.get([pk])).get(pk)
    if stream is None or not key.reaches(stream):
        raise BadRequest(key.refusal(stream))
    plain = _plain_run(stream, sent, now)
    if plain is not None:
        return Batch(1, [plain])
    batch = Batch(1)
    await add(batch, stream, [observation_of(sent, pk)], streams=streams, now=now)
    return batch


def read_sent(body: bytes) -> Sent:
    """Read an Observation as it is sent. Raises BadRequest."""
    sent: Sent = _decoded(_sent, body)
    if body.count(b'"') != _quotes(sent):
        _refuse_duplicates(body)
    return sent


def datastream_of(sent: Sent, path_id: int | None) -> int:
    """Return the id of the datastream, that of the address first.

    Raises BadRequest and NeedsEntities.
    """
    pk = path_id
    for reference in (sent.Datastream, sent.MultiDatastream):
        if reference is not None and pk is None:
            pk = _id(reference)
    if pk is None:
        raise BadRequest(OF_WHICH)
    return pk


def observation_of(sent: Sent, pk: int) -> NewObservation:
    """Return what was sent as an observation of the datastream ``pk``. Raises NeedsEntities."""
    feature_id = None
    if sent.FeatureOfInterest is not None:
        feature_id = _id(sent.FeatureOfInterest)
    return NewObservation(
        datastream_id=pk,
        result=None if sent.result is msgspec.UNSET else sent.result,
        phenomenon_time=sent.phenomenonTime,
        result_time=sent.resultTime,
        valid_time=sent.validTime,
        parameters=sent.parameters,
        result_quality=sent.resultQuality,
        feature_id=feature_id,
    )


def _quotes(sent: Sent) -> int:
    """Return how many quotes a body has that says no more than result, time and datastream."""
    return 2 + 4 * (sent.phenomenonTime is not None) + 4 * (sent.Datastream is not None)


def _plain_run(stream: Stream, sent: Sent, now: int) -> Run | None:
    """Return the run of an observation that is a time and a number; None if it is anything else.

    What ``add`` would make of it, at a third of the cost; errors are left to ``add``.
    """
    if (
        type(sent.result) not in {int, float}
        or stream.types != ("OM_Measurement",)
        or sent.FeatureOfInterest is not None
        or sent.resultTime is not None
        or sent.validTime is not None
        or sent.parameters is not None
        or sent.resultQuality is not None
    ):
        return None
    try:
        time, end = (now, None) if sent.phenomenonTime is None else parse_time(sent.phenomenonTime)
        result = number(sent.result)
    except (BadTime, BadResult):
        return None
    return Run(stream, [time], [result], (0,)) if end is None else None


async def create_observations(body: bytes, *, key: Key, streams: Streams, now: int) -> Batch:
    """Read data arrays. What is wrong with single rows stands in ``refused`` of the batch.

    Raises BadRequest when the request as a whole has not the right shape.
    """
    is_list = body.lstrip()[:1] == b"["
    arrays: list[DataArray] = _decoded(_arrays, body) if is_list else [_decoded(_array, body)]
    if not is_beyond_doubt(body, [array.dataArray for array in arrays]):
        _refuse_duplicates(body)
    ids = [_array_id(array) for array in arrays]
    known = await streams.get(ids)
    batch = Batch(0)
    for pk, array in zip(ids, arrays, strict=True):
        stream = known.get(pk)
        if stream is None or not key.reaches(stream):
            count = len(_decoded(_rows, array.dataArray))
            refusal = key.refusal(stream)
            batch.refused.update(dict.fromkeys(range(batch.size, batch.size + count), refusal))
            batch.size += count
        elif not _add_plain(batch, stream, array):
            await _add_rows(batch, stream, array, streams=streams, now=now)
        # What another request sends to the database meanwhile must not dry up.
        await asyncio.sleep(0)
    return batch


async def add(
    batch: Batch,
    stream: Stream,
    observations: Sequence[NewObservation | Refusal],
    *,
    streams: Streams,
    now: int,
    positions: Sequence[int] | None = None,
) -> None:
    """Check observations of one datastream and add them to ``batch`` as a run.

    ``positions`` are theirs in the batch; without, they are its first ones. What is wrong is
    refused by position.
    """
    run = Run(stream)
    for index, new in enumerate(observations):
        position = index if positions is None else positions[index]
        if isinstance(new, Refusal):
            batch.refused[position] = new
            continue
        if new.feature_id is not None and not await streams.may_use_feature(stream, new.feature_id):
            batch.refused[position] = NO_FEATURE
            continue
        try:
            # Those without a time of their own get one each.
            run.add(position, make_row(stream, new, now=now + index))
        except BadTime as error:
            batch.refused[position] = Refusal(error.said, "phenomenonTime")
        except BadResult as error:
            batch.refused[position] = Refusal(error.said, "result")
    batch.runs.append(run)


def _add_plain(batch: Batch, stream: Stream, array: DataArray) -> bool:
    """Add rows of time and number without looking at each in Python; False: it is not that."""
    if array.components != PLAIN or stream.types != ("OM_Measurement",):
        return False
    try:
        texts = _texts(array.dataArray)
        results: list[float | None] = [result for _text, result in texts]
        times = parse_many([text for text, _result in texts])
        if times is None:
            times = [(time - EPOCH) // MICROSECOND for time, _result in _plain(array.dataArray)]
    except (msgspec.ValidationError, msgspec.DecodeError, TypeError):
        return False
    if not times or min(times) < EARLIEST or max(times) > LATEST:
        return False
    run = Run(
        stream,
        times=times,
        results=results,
        positions=range(batch.size, batch.size + len(times)),
    )
    batch.runs.append(run)
    batch.size += len(times)
    return True


async def _add_rows(
    batch: Batch, stream: Stream, array: DataArray, *, streams: Streams, now: int
) -> None:
    unknown = [name for name in array.components if name not in COMPONENTS]
    if unknown:
        possible = ", ".join(sorted(COMPONENTS))
        name = unknown[0][:40]
        said = Said(
            f"Unbekannte Komponente {name!r}; möglich sind: {possible}.",
            f"There is no component {name!r}; there are: {possible}.",
        )
        raise BadRequest(Refusal(said, "components"))
    names = [COMPONENTS[name] for name in array.components]
    rows = _decoded(_rows, array.dataArray)
    if not isinstance(rows, list):
        raise BadRequest(
            Refusal(
                Said("dataArray ist eine Liste von Zeilen.", "dataArray is a list of rows."),
                "dataArray",
            )
        )
    await add(
        batch,
        stream,
        [_new(stream, names, row) for row in rows],
        streams=streams,
        now=now,
        positions=range(batch.size, batch.size + len(rows)),
    )
    batch.size += len(rows)


def _new(stream: Stream, names: Sequence[str], row: Any) -> NewObservation | Refusal:
    if not isinstance(row, list):
        there = named(row)
        said = Said(
            f"Eine Zeile ist eine Liste, nicht {there.german}.",
            f"A row is a list, not {there.english}.",
        )
        return Refusal(said, "dataArray")
    if len(row) != len(names):
        said = Said(
            f"Die Zeile hat {len(row)} Werte, components nennt {len(names)}.",
            f"The row has {len(row)} values, components names {len(names)}.",
        )
        return Refusal(said, "dataArray")
    values = dict(zip(names, row, strict=True))
    feature_id = values.get("feature_id")
    if feature_id is not None and type(feature_id) is not int:
        said = Said("Eine Kennung (@iot.id) ist eine Zahl.", "An id (@iot.id) is a number.")
        return Refusal(said, "FeatureOfInterest")
    values.setdefault("result", None)
    return NewObservation(datastream_id=stream.id, **values)


def _array_id(array: DataArray) -> int:
    reference = array.Datastream or array.MultiDatastream
    if reference is None:
        raise BadRequest(OF_WHICH)
    return _id(reference)


def _id(reference: Reference) -> int:
    if isinstance(reference.id, msgspec.UnsetType):
        raise NeedsEntities
    return reference.id


def _refuse_duplicates(body: bytes) -> None:
    try:
        refuse_duplicates(body)
    except Twice as error:
        said = Said(
            f"Der Name {error.name!r} steht zweimal in einem Objekt.",
            f"The name {error.name!r} stands twice in one object.",
        )
    except RecursionError:
        said = TOO_DEEP
    else:
        return
    raise BadRequest(Refusal(said))


def _decoded(decode: Any, body: Any) -> Any:
    try:
        return decode(body)
    except UnicodeDecodeError as error:
        said = Said(f"Kein UTF-8 ab Byte {error.start}.", f"No UTF-8 from byte {error.start} on.")
    except msgspec.ValidationError as error:
        said = Said(
            f"Das JSON hat nicht die erwartete Form: {error}.",
            f"The JSON has not the expected shape: {error}.",
        )
    except msgspec.DecodeError as error:
        said = Said(f"Kein gültiges JSON: {error}.", f"The body is no JSON: {error}.")
    except RecursionError:
        said = TOO_DEEP
    raise BadRequest(Refusal(said))
