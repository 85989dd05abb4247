"""The process in which codecs run; started by path, so that it imports nothing of Stadtwabe.

Reads one JSON request per line from its standard input and answers each with one line. A codec
sees plain JavaScript: no files, no network, no clock but ``Date``, and a fresh context for every
call, so that nothing stays of the call before. Limits: memory and processor time inside the
engine, and again by the operating system for what the engine does not notice.
"""

import contextlib
import json
import re
import resource
import sys
from typing import Any

import quickjs

STACK_BYTES = 512 * 1024
ADDRESS_SPACE = 1024**3
"""For the whole process; an idle one needs about a fifth of it."""

PRELUDE = """
(function () {
  "use strict";
  const stringify = JSON.stringify, parse = JSON.parse, isArray = Array.isArray;
  const keys = Object.keys, text = String, finite = Number.isFinite, When = Date;
  const log = [];
  const write = function () {
    let line = "";
    for (let i = 0; i < arguments.length; i++) {
      const each = arguments[i];
      let word;
      try { word = typeof each === "object" ? stringify(each) : text(each); }
      catch (problem) { word = "?"; }
      line += (i ? " " : "") + word;
    }
    if (log.length < 20) log[log.length] = line.slice(0, 200);
  };
  globalThis.console = { log: write, info: write, warn: write, error: write, debug: write };
  globalThis.module = { exports: {} };
  globalThis.exports = globalThis.module.exports;
  const refuse = function (path, what) { throw { path: path, what: what }; };
  let count = 0;
  const plain = function (value, path, parents) {
    if (++count > 5000) refuse(path, "too_many");
    if (value === null || value === undefined) return null;
    if (typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number") return finite(value) ? value : refuse(path, text(value));
    if (typeof value !== "object") refuse(path, typeof value);
    if (value instanceof When) {
      const time = value.getTime();
      return finite(time) ? value.toISOString() : refuse(path, "Invalid Date");
    }
    for (let i = 0; i < parents.length; i++) if (parents[i] === value) refuse(path, "cycle");
    if (parents.length >= 16) refuse(path, "too_deep");
    parents[parents.length] = value;
    let copy;
    if (isArray(value) || ArrayBuffer.isView(value)) {
      copy = [];
      for (let i = 0; i < value.length; i++) {
        copy[i] = plain(value[i], path + "[" + i + "]", parents);
      }
    } else {
      copy = {};
      const names = keys(value);
      for (let i = 0; i < names.length; i++) {
        const part = value[names[i]];
        if (part === undefined) continue;
        copy[names[i]] = plain(part, path ? path + "." + names[i] : names[i], parents);
      }
    }
    parents.length--;
    return copy;
  };
  return function (codec, json) {
    if (codec === undefined) return stringify(log);
    const input = parse(json);
    if (input.recvTime !== undefined) input.recvTime = new When(input.recvTime);
    let output;
    try { output = codec(input); }
    catch (thrown) {
      if (thrown instanceof Error) throw thrown;
      return stringify({ thrown: text(thrown) });
    }
    try { return stringify({ output: plain(output, "", []) }); }
    catch (problem) {
      if (problem && problem.what) return stringify({ refused: problem });
      throw problem;
    }
  };
})()
"""

LOOK_UP = {
    name: f"typeof {name} === 'function' ? {name}"
    f" : typeof module.exports.{name} === 'function' ? module.exports.{name} : undefined"
    for name in ("decodeUplink", "encodeDownlink")
}

IN_FUNCTION = re.compile(r"at \S+ \(<input>:(\d+):(\d+)\)")
ANYWHERE = re.compile(r"at <input>:(\d+):(\d+)")


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Run the codec of ``request`` once; the answer holds ``output`` or ``fault``."""
    context = quickjs.Context()
    context.set_memory_limit(request["memory_bytes"])
    context.set_time_limit(request["seconds"])
    context.set_max_stack_size(STACK_BYTES)
    call = context.eval(PRELUDE)
    try:
        found = _run(context, call, request)
    except (quickjs.JSException, MemoryError) as error:
        found = _fault(error)
    with contextlib.suppress(quickjs.JSException, ValueError, TypeError):
        found["log"] = json.loads(call())
    return found


def _run(context: Any, call: Any, request: dict[str, Any]) -> dict[str, Any]:
    context.eval(request["source"])
    codec = context.eval(LOOK_UP[request["function"]])
    if codec is None:
        return {"fault": "no_function"}
    result = call(codec, json.dumps(request["input"]))
    if not isinstance(result, str):
        return {"fault": "output", "path": "", "message": "no JSON"}
    if len(result) > request["output_characters"]:
        return {"fault": "too_large", "message": str(len(result))}
    outcome = json.loads(result)
    if outcome.get("thrown") == "null":  # the engine had no memory left for an error
        return {"fault": "memory"}
    if "thrown" in outcome:
        return {"fault": "thrown", "message": str(outcome["thrown"])[:500]}
    if "refused" in outcome:
        problem = outcome["refused"]
        return {"fault": "output", "path": str(problem["path"]), "message": str(problem["what"])}
    return {"output": outcome["output"]}


def _fault(error: BaseException) -> dict[str, Any]:
    message, *trace = str(error).splitlines() or [type(error).__name__]
    found: dict[str, Any] = {"fault": _kind(error, message, trace), "message": message[:500]}
    stack = "\n".join(trace)
    place = IN_FUNCTION.search(stack) or ANYWHERE.search(stack)
    if place and found["fault"] != "time":  # the engine does not know where it interrupted
        found["line"], found["column"] = int(place[1]), int(place[2])
    return found


def _kind(error: BaseException, message: str, trace: list[str]) -> str:
    if message.startswith("InternalError: interrupted"):
        return "time"
    if isinstance(error, quickjs.StackOverflow) or "call stack size" in message:
        return "stack"
    if (
        isinstance(error, MemoryError)
        or message in ("null", "InternalError: string too long", "RangeError: invalid array length")
        or "out of memory" in message
    ):
        return "memory"
    if message.startswith("SyntaxError") and not any(IN_FUNCTION.search(line) for line in trace):
        return "syntax"
    return "thrown"


def _limit(kind: int, value: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (wanted, wanted))


def _allow_seconds(seconds: float) -> None:
    """Let the operating system kill this process when it computes much longer than allowed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + 2 * seconds) + 2
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def main() -> None:
    """Serve requests until the standard input ends, which it does when the parent is gone."""
    _limit(resource.RLIMIT_AS, ADDRESS_SPACE)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, 3)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _allow_seconds(request["seconds"])
        try:
            found = answer(request)
        except RecursionError:
            found = {"fault": "output", "path": "", "message": "too_deep"}
        sys.stdout.buffer.write(json.dumps(found).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
