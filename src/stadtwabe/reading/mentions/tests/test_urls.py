"""Addresses end where the sentence's punctuation begins."""

import pytest

from stadtwabe.reading.mentions.urls import address_spans, urls_in


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("unter https://digitaltag.eu/.", ["https://digitaltag.eu/"]),
        ("(siehe www.stadt.de/a_(b))", ["www.stadt.de/a_(b)"]),
        ("„https://x.de/pfad?a=1&b=2“", ["https://x.de/pfad?a=1&b=2"]),
        ("<https://x.de>, http://y.de/z;", ["https://x.de", "http://y.de/z"]),
        ("solingen.digital und a@www.b.de", []),
    ],
)
def test_addresses(text, urls):
    found = urls_in(text)
    assert [one.url for one in found] == urls
    assert all(text[one.start : one.end] == one.quote == one.url for one in found)


def test_bare_domains_and_mail_are_masked():
    text = "post@stadt-siegen.de oder smartcity-zwoenitz.de/a"
    spans = address_spans(text)
    assert "post@stadt-siegen.de" in {text[a:b] for a, b in spans}
    assert "smartcity-zwoenitz.de/a" in {text[a:b] for a, b in spans}
