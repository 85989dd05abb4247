"""Codecs run where they can do no harm, and say what is wrong with them."""

import os
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stadtwabe.hub.codecs.engine import SOURCE_CHARACTERS, Decoded, decode, encode
from stadtwabe.hub.codecs.faults import CodecError, Fault
from stadtwabe.hub.codecs.process import Limits, Pool

AT = datetime(2026, 11, 22, 7, 30, 15, 123000, tzinfo=UTC)


@pytest.fixture(scope="module")
def pool():
    lent = Pool(size=1, limits=Limits(seconds=0.2, wall_seconds=10))
    yield lent
    lent.close()


def run(pool: Pool, body: str, payload: bytes = b"\x01\x02\xff") -> Decoded:
    source = body if "decodeUplink" in body else f"function decodeUplink(input) {{ {body} }}"
    return decode(source, payload, f_port=3, received_at=AT, pool=pool)


def refused(pool: Pool, body: str) -> CodecError:
    with pytest.raises(CodecError) as caught:
        run(pool, body)
    assert run(pool, "return {data: {alive: true}}").data == {"alive": True}
    return caught.value


def test_a_codec_gets_bytes_port_and_time(pool):
    decoded = run(
        pool,
        "return {data: {last: input.bytes[2], port: input.fPort, at: input.recvTime,"
        " year: input.recvTime.getUTCFullYear()}, warnings: ['low battery']}",
    )
    assert decoded.data == {
        "last": 255,
        "port": 3,
        "at": "2026-11-22T07:30:15.123Z",
        "year": 2026,
    }
    assert decoded.warnings == ("low battery",)


def test_outputs_are_named_by_their_path(pool):
    decoded = run(
        pool, "return {data: {water: {level: 1.5}, probe: [7, 8], open: false, none: null}}"
    )
    assert decoded.outputs == {"water.level": 1.5, "probe[0]": 7, "probe[1]": 8, "open": False}


def test_what_a_codec_says_is_wrong_is_told(pool):
    assert run(pool, "return {errors: ['unknown port']}").errors == ("unknown port",)


@pytest.mark.parametrize(
    "source",
    [
        "const decodeUplink = (input) => ({data: {a: 1}});",
        "module.exports = { decodeUplink: function (input) { return {data: {a: 1}} } };",
        "exports.decodeUplink = function (input) { return {data: {a: 1}} };",
    ],
)
def test_the_function_may_be_declared_in_any_usual_way(pool, source):
    assert run(pool, source).data == {"a": 1}


def test_the_console_is_kept_for_the_author(pool):
    assert run(pool, "console.log('got', input.bytes); return {data: {}}").log == ("got [1,2,255]",)
    error = refused(pool, "console.log('before'); throw new Error('after')")
    assert error.log == ("before",)


@pytest.mark.parametrize(
    "body",
    [
        "while (true) {}",
        "try { while (true) {} } catch (e) {} finally { while (true) {} }",
        "return {data: new Proxy({}, {ownKeys() { while (true) {} }})}",
        "throw {toString() { while (true) {} }}",
        "return {data: {x: /^(a+)+$/.test('a'.repeat(40) + 'b')}}",
        "return {data: {x: /(x+x+)+y/.test('x'.repeat(5000))}}",
    ],
    ids=["loop", "finally", "proxy", "thrown object", "evil regex", "another regex"],
)
def test_an_endless_codec_is_stopped(pool, body):
    assert refused(pool, body).fault == Fault.TIME


@pytest.mark.parametrize(
    "body",
    [
        "const a = []; while (true) a.push(new Array(10000).fill(1))",
        "let a = 'x'; while (true) a += a",
        "return {data: new ArrayBuffer(2 ** 30)}",
        "return {data: {x: 'x'.repeat(2 ** 29)}}",
    ],
)
def test_a_memory_bomb_is_stopped(body):
    patient = Pool(size=1, limits=Limits(seconds=10, wall_seconds=30))
    try:
        assert refused(patient, body).fault == Fault.MEMORY
    finally:
        patient.close()


def test_endless_recursion_is_stopped(pool):
    source = "function f() { return f() + 1 }\nfunction decodeUplink(input) { return f() }"
    assert refused(pool, source).fault == Fault.STACK


def test_a_huge_output_is_refused(pool):
    assert refused(pool, "return {data: {x: 'y'.repeat(1e6)}}").fault == Fault.TOO_LARGE
    many = refused(pool, "const d = {}; for (let i = 0; i < 1e4; i++) d[i] = i; return {data: d}")
    assert (many.fault, many.message) == (Fault.OUTPUT, "too_many")


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ("return {data: {level: NaN}}", "data.level", "NaN"),
        ("return {data: {level: {now: -1 / 0}}}", "data.level.now", "-Infinity"),
        ("return {data: {list: [1, function () {}]}}", "data.list[1]", "function"),
        ("const o = {}; o.self = o; return {data: o}", "data.self", "cycle"),
        ("return {data: {at: new Date(NaN)}}", "data.at", "Invalid Date"),
        ("return {data: {big: 10n}}", "data.big", "bigint"),
        ("return {data: [1, 2]}", "data", "no object"),
        ("return {data: 5}", "data", "no object"),
        ("return 5", "", "no object"),
        ("", "", "no object"),
        ("return {data: {}, errors: {a: 1}}", "errors", "no list"),
    ],
)
def test_nonsense_is_refused_by_name(pool, body, path, message):
    error = refused(pool, body)
    assert (error.fault, error.path, error.message) == (Fault.OUTPUT, path, message)


def test_too_deep_an_output_is_refused(pool):
    error = refused(pool, "let o = {}; for (let i = 0; i < 1000; i++) o = {o: o}; return {data: o}")
    assert (error.fault, error.message) == (Fault.OUTPUT, "too_deep")


def test_errors_name_the_line(pool):
    syntax = refused(pool, "function decodeUplink(input) {\n  return {data: }\n}")
    assert (syntax.fault, syntax.line) == (Fault.SYNTAX, 2)
    assert "unexpected token" in syntax.message
    thrown = refused(pool, "function decodeUplink(input) {\n\n  return input.nothing.here\n}")
    assert (thrown.fault, thrown.line) == (Fault.THROWN, 3)
    assert "cannot read property 'here'" in thrown.message
    parsed = refused(pool, "function decodeUplink(input) {\n\n\n  return JSON.parse('{')\n}")
    assert (parsed.fault, parsed.line) == (Fault.THROWN, 4)
    assert refused(pool, "throw 'nicht meins'").message == "nicht meins"


def test_a_codec_without_its_function_is_told_so(pool):
    with pytest.raises(CodecError) as caught:
        decode("function Decoder(bytes, port) {}", b"", f_port=1, received_at=AT, pool=pool)
    assert caught.value.fault == Fault.NO_FUNCTION


def test_two_codecs_never_share_anything(pool):
    run(
        pool,
        "globalThis.secret = 'of town A'; Object.prototype.leak = 1; Array.prototype.push = null;"
        " JSON.stringify = null; return {data: {}}",
    )
    seen = run(
        pool,
        "const l = []; l.push(1); return {data: {secret: typeof secret, leak: typeof ({}).leak,"
        " json: typeof JSON.stringify}}",
    )
    assert seen.data == {"secret": "undefined", "leak": "undefined", "json": "function"}


def test_a_codec_that_spoils_the_language_only_harms_itself(pool):
    spoilt = run(
        pool, "JSON.stringify = Object.keys = Array.isArray = null; return {data: {a: [1]}}"
    )
    assert spoilt.data == {"a": [1]}


def test_there_is_nothing_to_reach_from_inside(pool):
    names = "require process fetch os std Deno setTimeout XMLHttpRequest WebSocket load print"
    seen = run(
        pool,
        f"const out = {{}}; for (const name of '{names}'.split(' '))"
        " out[name] = typeof globalThis[name]; return {data: out}",
    )
    assert set(seen.data.values()) == {"undefined"}
    assert run(pool, "import('fs').then(function () {}, function () {}); return {data: {}}")


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="only Linux tells limits")
def test_the_process_knows_nothing_of_ours_and_cannot_open_files(pool, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret@nowhere/none")
    lent = Pool(size=1)
    try:
        run(lent, "return {data: {}}")
        with lent.borrowed() as inside:
            pid = inside.pid
        about = Path("/proc") / str(pid)
        assert b"secret" not in (about / "environ").read_bytes()
        lines = (about / "limits").read_text().splitlines()
        limits = {line[:25].strip(): line[26:].split()[:2] for line in lines}
        assert limits["Max open files"] == ["3", "3"]
        assert limits["Max file size"] == ["0", "0"]
        assert limits["Max processes"] == ["0", "0"]
        assert int(limits["Max address space"][0]) <= 1024**3
        assert limits["Max cpu time"][0] != "unlimited"
    finally:
        lent.close()


def test_after_kill_9_the_next_call_works(pool):
    run(pool, "return {data: {}}")
    with pool.borrowed() as process:
        pid = process.pid
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.05)
    assert run(pool, "return {data: {a: 1}}").data == {"a": 1}


def test_killed_during_a_call_is_an_error_that_passes():
    lent = Pool(size=1, limits=Limits(seconds=20, wall_seconds=20))
    try:
        run(lent, "return {data: {}}")
        with lent.borrowed() as process:
            pid = process.pid
        killer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
        killer.start()
        with pytest.raises(CodecError) as caught:
            run(lent, "while (true) {}")
        killer.join()
        assert caught.value.fault == Fault.CRASHED
        assert run(lent, "return {data: {a: 1}}").data == {"a": 1}
    finally:
        lent.close()


def test_a_frozen_process_is_given_up_by_the_clock():
    lent = Pool(size=1, limits=Limits(wall_seconds=0.5))
    try:
        with lent.borrowed() as process:
            os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(CodecError) as caught:
            run(lent, "return {data: {}} //" + "x" * 150_000)
        assert caught.value.fault == Fault.TIME
        lent.limits = Limits()
        lent._all[0].limits = Limits()
        assert run(lent, "return {data: {}}").data == {}
    finally:
        lent.close()


def test_more_callers_than_processes_wait_for_each_other(pool):
    found = []
    threads = [
        threading.Thread(
            target=lambda number=number: found.append(
                run(pool, f"return {{data: {{n: {number}}}}}").data["n"]
            )
        )
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(8))


def test_a_codec_of_a_megabyte_is_not_even_tried(pool):
    with pytest.raises(CodecError) as caught:
        decode("/" * (SOURCE_CHARACTERS + 1), b"", f_port=1, received_at=AT, pool=pool)
    assert caught.value.fault == Fault.TOO_LARGE


ENCODER = """
function encodeDownlink(input) {
  const seconds = input.data.interval;
  if (!(seconds > 0)) return { errors: ["interval is missing"] };
  return { bytes: [0xff, 0x03, seconds & 255, seconds >> 8], fPort: 85, warnings: ["once"] };
}
"""


def test_a_message_to_a_device_is_encoded(pool):
    encoded = encode(ENCODER, {"interval": 1200}, pool=pool)
    assert (encoded.payload.hex(), encoded.f_port, encoded.warnings) == ("ff03b004", 85, ("once",))
    assert encode(ENCODER, {}, pool=pool).errors == ("interval is missing",)
    exported = ENCODER.replace("function encodeDownlink", "exports.encodeDownlink = function")
    assert encode(exported, {"interval": 1}, pool=pool).payload == b"\xff\x03\x01\x00"


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ("return 5", "", "no object"),
        ("return {}", "bytes", "no list"),
        ("return {bytes: [1, 256]}", "bytes[1]", "no byte"),
        ("return {bytes: [1.5]}", "bytes[0]", "no byte"),
        ("return {bytes: [true]}", "bytes[0]", "no byte"),
        ("return {bytes: ['1']}", "bytes[0]", "no byte"),
        ("return {bytes: [1], fPort: 0}", "fPort", "no port"),
        ("return {bytes: [1], fPort: 224}", "fPort", "no port"),
        ("return {bytes: new Array(243).fill(0)}", "bytes", "too_many"),
    ],
)
def test_what_is_no_message_to_a_device_is_refused(pool, body, path, message):
    with pytest.raises(CodecError) as caught:
        encode(f"function encodeDownlink(input) {{ {body} }}", {}, pool=pool)
    assert (caught.value.fault, caught.value.path, caught.value.message) == (
        Fault.OUTPUT,
        path,
        message,
    )


def test_a_codec_without_the_function_says_which(pool):
    with pytest.raises(CodecError) as caught:
        encode("function decodeUplink() { return {data: {}} }", {}, pool=pool)
    assert (caught.value.fault, caught.value.message) == (Fault.NO_FUNCTION, "encodeDownlink")
