"""/daten/codecs/: everybody reads, stewards try out and keep, others' codecs stay theirs."""

import pytest
from django.core.cache import cache

from stadtwabe.hub.commands.codecs import create_codec, delete_codec, edit_codec, install_codecs
from stadtwabe.hub.models import Codec, CodecVersion
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.tests.factories import NOW

SOURCE = """function decodeUplink(input) {
  return { data: { level: input.bytes[0] / 10, ok: true } };
}"""
TRY = {"source": SOURCE, "payload": "0x7B 00", "f_port": "2", "handlung": "probieren"}
KEEP = {
    **TRY,
    "handlung": "behalten",
    "name": "Pegel Eigenbau",
    "sensor_class": "water_level",
    "outputs": "level | Wasserstand | m\nok",
}


@pytest.fixture(autouse=True)
def no_limit_yet():
    cache.clear()


def own_codec(radio, **values):
    return create_codec(
        actor=SYSTEM,
        owner=radio.cast.menden,
        values={"name": "Geheimer Codec", "source": SOURCE, **values},
        now=NOW,
    )


def as_(radio, name):
    radio.client.force_login(radio.cast.users[name])
    return radio.client


def test_everybody_sees_the_shipped_codecs_with_source_and_vectors(radio):
    page = radio.client.get("/daten/codecs/").content.decode()
    assert "Decentlab DL-PM" in page
    assert "Codec ausprobieren" not in page
    page = radio.client.get("/daten/codecs/milesight-am100/").content.decode()
    assert "01756403671001046871077D1303" in page
    assert "vom Hersteller dokumentiert" in page
    assert "function decodeUplink" in page


def test_a_towns_own_codec_is_for_its_own_people(radio):
    codec = own_codec(radio)
    for name, may in [("steward", True), ("editor", True), ("foreign_editor", False)]:
        client = as_(radio, name)
        assert ("Geheimer Codec" in client.get("/daten/codecs/").content.decode()) is may
        page = client.get(f"/daten/codecs/{codec.slug}/")
        assert page.status_code == (200 if may else 404)


def test_a_steward_tries_out_a_codec_and_sees_what_comes_out(radio):
    page = as_(radio, "steward").post("/daten/codecs/ausprobieren/", TRY).content.decode()
    assert "12,3" in page
    assert "Codec speichern" in page
    assert Codec.objects.filter(owner__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("function decodeUplink(i) {\n\n  return {data: };\n}", "in Zeile 3 fehlerhaft"),
        ("function decodeUplink(i) {\n  return i.nix.da;\n}", "bricht in Zeile 2 ab"),
        ("function Decoder(bytes) { return {} }", "keine Funktion decodeUplink"),
        ("function decodeUplink(i) { while (true) {} }", "rechnet zu lange"),
        ("function decodeUplink(i) { return {data: {x: NaN}} }", "„data.x“ ist kein Wert"),
        ("function decodeUplink(i) { return {errors: ['falscher Port']} }", "falscher Port"),
    ],
)
def test_what_is_wrong_is_said_in_words_with_the_line(radio, source, words):
    answer = as_(radio, "steward").post("/daten/codecs/ausprobieren/", {**TRY, "source": source})
    assert words in answer.content.decode().replace("&#x27;", "'")


def test_what_a_codec_prints_is_no_html(radio):
    source = (
        "function decodeUplink(i) { console.log('<script>'); throw '<script>alert(1)</script>' }"
    )
    page = as_(radio, "steward").post("/daten/codecs/ausprobieren/", {**TRY, "source": source})
    assert "<script>alert" not in page.content.decode()


def test_only_stewards_run_code(radio):
    for name in ("citizen", "editor"):
        assert as_(radio, name).post("/daten/codecs/ausprobieren/", TRY).status_code == 403
    radio.client.logout()
    assert radio.client.post("/daten/codecs/ausprobieren/", TRY).status_code == 302


def test_trying_out_has_a_limit(radio):
    client = as_(radio, "steward")
    for _number in range(30):
        client.post("/daten/codecs/ausprobieren/", TRY)
    page = client.post("/daten/codecs/ausprobieren/", TRY).content.decode()
    assert "viele Versuche" in page


@pytest.mark.parametrize("payload", ["0", "GG", "7B 0", "00" * 256])
def test_a_payload_is_whole_bytes(radio, payload):
    answer = as_(radio, "steward").post("/daten/codecs/ausprobieren/", {**TRY, "payload": payload})
    assert answer.context["trial"].errors["payload"]
    assert answer.context["decoded"] is None


def test_a_codec_is_kept_with_the_message_as_its_vector(radio):
    answer = as_(radio, "steward").post(
        "/daten/codecs/ausprobieren/", {**KEEP, "owner": radio.cast.menden.pk}
    )
    codec = Codec.objects.get(owner=radio.cast.menden)
    assert answer["Location"] == f"/daten/codecs/{codec.slug}/"
    assert codec.vectors[0]["payload"] == "7B00"
    assert codec.vectors[0]["outputs"] == {"level": 12.3, "ok": True}
    assert [(each.name, each.label, each.ucum) for each in codec.described_outputs] == [
        ("level", "Wasserstand", "m"),
        ("ok", "ok", ""),
    ]


def test_a_kept_codec_is_changed_on_the_same_page(radio):
    codec = own_codec(radio)
    address = f"/daten/codecs/{codec.slug}/bearbeiten/"
    client = as_(radio, "steward")
    assert "input.bytes[0] / 10" in client.get(address).content.decode()
    better = {**KEEP, "source": SOURCE.replace("/ 10", "/ 100")}
    assert client.post(address, better).status_code == 302
    codec.refresh_from_db()
    assert (codec.number, codec.name) == (2, "Pegel Eigenbau")
    assert CodecVersion.objects.filter(codec=codec).count() == 2


def test_a_codec_is_kept_for_nobody_but_ones_own_party(radio):
    answer = as_(radio, "steward").post(
        "/daten/codecs/ausprobieren/", {**KEEP, "owner": radio.cast.beckum.pk}
    )
    assert answer.context["keep"].errors["owner"]
    assert Codec.objects.filter(owner__isnull=False).count() == 0


def test_nobody_changes_a_shipped_codec_nor_one_of_others(radio):
    address = "/daten/codecs/milesight-am100/bearbeiten/"
    assert as_(radio, "steward").post(address, KEEP).status_code == 403
    shipped = Codec.objects.get(slug="milesight-am100")
    with pytest.raises(NotAllowed):
        edit_codec(actor=SYSTEM, codec=shipped, values={"name": "x"}, now=NOW)
    codec = own_codec(radio)
    with pytest.raises(NotAllowed):
        edit_codec(
            actor=radio.cast.actor("foreign_editor"), codec=codec, values={"name": "x"}, now=NOW
        )


def test_a_codec_that_can_never_run_is_not_kept(radio):
    for source in ("function decodeUplink(", "var x = 1"):
        with pytest.raises(Invalid) as caught:
            own_codec(radio, source=source)
        assert caught.value.field == "source"


def test_a_codec_in_use_is_not_deleted(radio):
    codec = own_codec(radio)
    client = as_(radio, "steward")
    radio.codec = codec
    radio.register()
    with pytest.raises(Conflict):
        delete_codec(actor=SYSTEM, codec=codec, now=NOW)
    assert client.post(f"/daten/codecs/{codec.slug}/loeschen/").status_code == 409


def test_shipped_codecs_are_written_once_and_follow_their_files(radio):
    assert install_codecs(now=NOW) == 0
    codec = Codec.objects.get(slug="milesight-am100")
    Codec.objects.filter(pk=codec.pk).update(source="function decodeUplink() {}")
    assert install_codecs(now=NOW) == 1
    codec.refresh_from_db()
    assert codec.number == 2
    assert "AM103" in codec.source


BOTH = (
    SOURCE
    + """
function encodeDownlink(input) {
  return { bytes: [255, 3, input.data.interval & 255, input.data.interval >> 8], fPort: 85 };
}"""
)


def test_a_message_to_the_device_is_tried_shown_and_kept_as_a_vector(radio):
    client = as_(radio, "steward")
    tried = {**TRY, "source": BOTH, "downlink": '{"interval": 1200}'}
    page = client.post("/daten/codecs/ausprobieren/", tried).content.decode()
    assert "<code>FF 03 B0 04</code>" in page
    kept = {**KEEP, "source": BOTH, "downlink": tried["downlink"], "owner": radio.cast.menden.pk}
    assert client.post("/daten/codecs/ausprobieren/", kept).status_code == 302
    codec = Codec.objects.get(name="Pegel Eigenbau")
    (down,) = codec.downlink_vectors
    assert (down["payload"], down["f_port"], down["data"]) == ("FF03B004", 85, {"interval": 1200})
    assert [each["payload"] for each in codec.uplink_vectors] == ["7B00"]
    page = client.get(f"/daten/codecs/{codec.slug}/").content.decode()
    assert "FF03B004" in page
    assert "&quot;interval&quot;: 1200" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{", "Das ist kein JSON"),
        ("[1]", "Hier steht ein Objekt"),
        ('{"a": NaN}', "Das ist kein JSON"),
        ('{"interval": 5}', "keine Funktion encodeDownlink(input)"),
    ],
)
def test_what_is_wrong_with_a_message_to_the_device_is_said(radio, data, words):
    client = as_(radio, "steward")
    page = client.post("/daten/codecs/ausprobieren/", {**TRY, "downlink": data}).content.decode()
    assert words in page
    assert "Das ginge an das Gerät" not in page
