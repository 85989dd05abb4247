"""The sentence around a passage, and highlighting of passages that overlap."""

from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.evidence.passages import Span, segments, sentence_around

TEXT = (
    "Vorher steht etwas. Am 22. Mai 2019 beschloss der Rat z. B. die „Digitale Agenda“. "
    "Danach folgt mehr.\n\nUnd ein neuer Absatz"
)


def around(words, text=TEXT, layout=()):
    start = text.index(words)
    low, high = sentence_around(text, start, start + len(words), layout)
    return text[low:high]


def test_the_sentence_around_a_passage_does_not_end_at_a_day_or_an_abbreviation():
    sentence = "Am 22. Mai 2019 beschloss der Rat z. B. die „Digitale Agenda“."
    assert around("der Rat") == sentence
    assert around("„Digitale Agenda“") == sentence
    assert around("Vorher") == "Vorher steht etwas."


def test_a_passage_over_two_sentences_gets_both():
    assert around("etwas. Am") == (
        "Vorher steht etwas. Am 22. Mai 2019 beschloss der Rat z. B. die „Digitale Agenda“."
    )


def test_the_sentence_stays_within_its_paragraph_or_block():
    assert around("neuer") == "Und ein neuer Absatz"
    layout = [{"kind": "bullet", "start": 0, "end": 19}, {"kind": "bullet", "start": 20, "end": 60}]
    assert around("Mai", layout=layout) == TEXT[20:60].strip()


def test_of_a_sentence_without_end_only_a_part_is_shown():
    text = "wort " * 1000
    low, high = sentence_around(text, 2500, 2504)
    assert 2000 <= low <= 2500
    assert 2504 <= high <= 3004


def test_overlapping_passages_share_pieces():
    pieces = segments("abcdef", [Span(0, 4, "eins"), Span(2, 6, "zwei"), Span(2, 3, "drei")])
    assert [(p.text, p.names, p.opens) for p in pieces] == [
        ("ab", ("eins",), ("eins",)),
        ("c", ("eins", "zwei", "drei"), ("zwei", "drei")),
        ("d", ("eins", "zwei"), ()),
        ("ef", ("zwei",), ()),
    ]


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=8),
)
def test_highlighting_never_changes_the_text_and_opens_every_span_once(text, pairs):
    spans = [Span(min(pair), max(pair), str(i)) for i, pair in enumerate(pairs)]
    pieces = segments(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    opened = [name for piece in pieces for name in piece.opens]
    assert sorted(opened) == sorted(
        span.name for span in spans if span.start < min(span.end, len(text))
    )


@given(st.text(alphabet="aB. \n„“1", max_size=80), st.integers(0, 79), st.integers(1, 20))
def test_the_sentence_always_holds_the_passage(text, start, length):
    text += "x" * 100
    end = start + length
    low, high = sentence_around(text, start, end)
    assert 0 <= low <= start < end <= high <= len(text)
