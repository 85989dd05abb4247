"""Our own codecs give what the documents of their makers say."""

from datetime import UTC, datetime

import pytest

from stadtwabe.hub.codecs.engine import decode
from stadtwabe.hub.codecs.outputs import Battery, Output, battery_of, describe
from stadtwabe.hub.codecs.shipped import shipped_codecs

AT = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
CODECS = {codec.slug: codec for codec in shipped_codecs()}
VECTORS = [
    pytest.param(codec, vector, id=f"{codec.slug}-{vector.payload.hex()[:16]}")
    for codec in shipped_codecs()
    for vector in codec.vectors
]


@pytest.mark.parametrize(("codec", "vector"), VECTORS)
def test_every_vector_comes_out_as_its_document_says(codec, vector):
    decoded = decode(codec.source, vector.payload, f_port=vector.f_port, received_at=AT)
    assert decoded.errors == ()
    assert decoded.outputs == vector.outputs


def test_there_is_a_codec_for_each_common_class_of_sensor():
    classes = {codec.sensor_class for codec in shipped_codecs()}
    assert classes == {"climate", "co2", "particles", "water_level", "meter"}


@pytest.mark.parametrize("codec", shipped_codecs(), ids=lambda codec: codec.slug)
def test_every_codec_names_its_source_and_knows_the_units_of_what_it_offers(codec):
    assert codec.reference in codec.source or codec.reference.split(" 1.1")[0] in codec.source
    assert codec.vectors
    seen = {name for vector in codec.vectors for name in vector.outputs}
    for output in codec.outputs:
        assert output.ucum
        assert output.definition.startswith("http://")
        assert any(describe(name, [output]).label != name for name in seen), output.name


@pytest.mark.parametrize("codec", shipped_codecs(), ids=lambda codec: codec.slug)
def test_a_payload_cut_anywhere_is_an_error_or_tells_less_never_something_else(codec):
    for vector in codec.vectors:
        for length in range(len(vector.payload)):
            cut = decode(
                codec.source, vector.payload[:length], f_port=vector.f_port, received_at=AT
            )
            if not cut.errors:
                assert cut.outputs.items() <= vector.outputs.items(), vector.payload[:length].hex()


def test_an_output_with_a_channel_is_described_by_its_pattern():
    outputs = [Output(name="temperature_*", label="Temperatur", symbol="°C", ucum="Cel")]
    assert describe("temperature_3", outputs).label == "Temperatur 3"
    assert describe("temperature_3", outputs).ucum == "Cel"
    assert describe("level", outputs) == Output(name="level", label="level")


def test_the_battery_is_found_by_its_usual_names():
    assert battery_of({"battery": 97.0, "co2": 500.0}) == Battery(percent=97.0)
    assert battery_of({"BatV": 3.1}) == Battery(volts=3.1)
    assert battery_of({"vdd": 3426.0}) == Battery(volts=3.426)
    assert battery_of({"battery": 3426.0, "battery_voltage": "low"}) == Battery()
