"""Where a token may stand."""

import base64

import pytest

from stadtwabe.people.api_access import secret_of


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


HEADERS = [
    ("Bearer sw_abc", "sw_abc"),
    ("bearer sw_abc ", "sw_abc"),
    (basic("token:sw_abc"), "sw_abc"),
    (basic(":sw_abc"), "sw_abc"),
    (basic("sw_abc"), ""),
    ("Basic ???", ""),
    ("Basic /w==", ""),
    ("Digest sw_abc", ""),
    ("sw_abc", ""),
]


@pytest.mark.parametrize(("header", "secret"), HEADERS)
def test_a_token_comes_as_bearer_or_as_the_password_of_basic(header: str, secret: str) -> None:
    assert secret_of(header) == secret
