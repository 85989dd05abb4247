"""Sums in euros."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.reading.mentions.money import amounts_in
from stadtwabe.reading.reading import read


def found(text):
    amounts = amounts_in(text)
    for amount in amounts:
        assert text[amount.start : amount.end] == amount.quote
    return [amount.euros for amount in amounts]


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("rund 820 Mio. Euro zur Verfügung", [820_000_000]),
        ("1,5 Millionen Euro", [1_500_000]),
        ("250.000 € und 12.500,50 €", [250_000, Decimal("12500.5")]),
        ("bis zu zwei Millionen Euro", [2_000_000]),
        ("eine halbe Million Euro", [500_000]),
        ("EUR 20.000", [20_000]),
        ("350 TEUR", [350_000]),
        ("350 T€", [350_000]),
        ("10.000 bis 50.000 Euro", [10_000, 50_000]),
        ("zwischen 2 und 3 Mio. Euro", [2_000_000, 3_000_000]),
        ("5-10 Mio. €", [5_000_000, 10_000_000]),
        ("5.000,- €", [5_000]),
        ("das 50-Millionen-Euro-Programm", [50_000_000]),
        ("1,2 Mrd. Euro", [1_200_000_000]),
        ("Seit 2024 und für 5.000 Euro", [5_000]),
        ("2024: 5.000 Euro", [5_000]),
        ("800 Tsd. Euro", [800_000]),
        ("anderthalb Millionen Euro", [1_500_000]),
        ("1½ Mio. Euro", [1_500_000]),
        ("120 k€", [120_000]),
        ("fünfhunderttausend Euro", [500_000]),
        ("dreihundert Euro", [300]),
        ("2 Mill. Euro", [2_000_000]),
        ("12.500 bzw. 8.000 Euro", [12_500, 8_000]),
        ("1,2 und 3,4 Mio. Euro", [1_200_000, 3_400_000]),
        ("Seit 2024 und 5.000 Euro", [5_000]),
    ],
)
def test_spellings(text, euros):
    assert found(text) == euros


@pytest.mark.parametrize(
    "text",
    [
        "Euro 6",
        "das 49-Euro-Ticket",
        "Europa 2020",
        "in Euro",
        "jeder und kein Euro",
        "ein Euro",
        "100 Dollar",
        "Neuro 5.000",
    ],
)
def test_what_is_no_sum(text):
    assert found(text) == []


@given(st.integers(min_value=1, max_value=10**11))
def test_every_written_sum_is_read_back(cents):
    written = f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02} Euro"
    assert found(f"Es kostet {written}.") == [Decimal(cents) / 100]


@given(st.text(alphabet="0123456789.,-– MioTsd€Euro\n", max_size=50))
def test_nothing_breaks_it(text):
    found(text)


def test_a_line_above_a_table_gives_its_unit():
    text = (
        "Finanzielle Auswirkungen (in Euro):\n\n"
        "Position                      2026        2027\n"
        "----------------------------------------------\n"
        "Umbau (2 Räume, EG 10)     310.000      45.000\n"
        "Summe                      310.000      45.000\n\n"
        "Der Rat hat 38.000 Menschen und 44 Sitze zu vertreten.\n"
    )
    assert sorted({amount.euros for amount in read(text).amounts}) == [45_000, 310_000]


def test_a_column_in_euros_gives_its_own_figures_alone():
    text = (
        "Ort             Dienste   Sensoren   Ausgaben je Kopf (Euro)\n"
        "Adorf               112        420            6,20\n"
        "Bedorf              998        300            7,85\n"
    )
    assert [amount.euros for amount in read(text).amounts] == [Decimal("6.2"), Decimal("7.85")]
