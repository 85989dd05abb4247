"""What devices send: a whole Observation, ``{"result": 21.5}``, or a bare value as in ``21.5``."""

from typing import Any

import msgspec

from stadtwabe.hub.ingest.outcome import Refusal
from stadtwabe.hub.ingest.requests import BadRequest, Sent, read_sent
from stadtwabe.hub.ingest.said import Said

MOST_BYTES = 64 * 1024
LONGEST_WORD = 200


EMPTY = Said("Die Nachricht ist leer.", "The message is empty.")
NO_RESULT = Said("Es fehlt der Messwert (result).", "The result is missing.")
NO_TEXT = Said("Die Nachricht ist kein Text.", "The message is no text.")
TOO_LARGE = Said(
    f"Mehr als {MOST_BYTES // 1024} kB auf einmal.", f"More than {MOST_BYTES // 1024} kB at once."
)


def read_payload(payload: bytes) -> Sent:
    """Read one observation. Raises BadRequest.

    What is neither JSON nor looks like it is a word (``offen``), for datastreams of categories.
    """
    text = payload.strip()
    if not text:
        raise BadRequest(Refusal(EMPTY))
    if text[:1] == b"{":
        sent = read_sent(text)
        if sent.result is msgspec.UNSET:
            raise BadRequest(Refusal(NO_RESULT, "result"))
        return sent
    return Sent(result=_bare(text))


def _bare(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if text[:1] in b'["' or len(text) > LONGEST_WORD:
            said = Said(f"Kein gültiges JSON: {error}.", f"No valid JSON: {error}.")
            raise BadRequest(Refusal(said)) from None
    try:
        word = text.decode()
    except UnicodeDecodeError:
        raise BadRequest(Refusal(NO_TEXT)) from None
    if not word.isprintable():
        raise BadRequest(Refusal(NO_TEXT))
    return word
