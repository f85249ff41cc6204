"""A number in the wrong unit and a misspelt name are mended with the source's own words,
and numbers spelt as there."""

from __future__ import annotations

import pytest

from rag.mend import mended, respelt


@pytest.mark.parametrize(
    ("sentence", "source", "expected"),
    [
        (
            "Sie kostete 4,2 Millionen Euro.",
            "Die Brücke kostete 4,2 Mio. Franken.",
            ["Sie kostete 4,2 Mio. Franken."],
        ),
        ("Sie ist 310 Kilometer lang.", "Sie ist 310 Meter lang.", ["Sie ist 310 Meter lang."]),
        ("Sie kostete 4,2 Millionen Franken.", "Die Brücke kostete 4,2 Mio. Franken.", []),
        ("Sie kostete 9 Millionen Euro.", "Die Brücke kostete 4,2 Mio. Franken.", []),
        (
            "AchlephAlpha und Berta sitzen in Ulm.",
            "Auch AlephAlpha sitzt in Ulm, so Bertha.",
            ["AlephAlpha und Bertha sitzen in Ulm."],
        ),
        ("Das sagte Bernd.", "Das sagte Bertram.", []),
        ("Sie ist lang.", "Sie ist 310 Meter lang.", []),
        (
            "Erst 5 Euro, dann 7 Euro.",
            "Erst 5 Dollar, dann 7 Dollar.",
            ["Erst 5 Dollar, dann 7 Dollar."],
        ),
    ],
)
def test_only_the_unit_of_the_same_value_and_a_misspelt_name_are_changed(
    sentence: str, source: str, expected: list[str]
) -> None:
    assert list(mended(sentence, [source])) == expected


@pytest.mark.parametrize(
    ("sentence", "source", "expected"),
    [
        ("Sie gewann 6 Preise.", "Sechs Preise gingen an sie.", "Sie gewann sechs Preise."),
        ("6 Preise gewann sie.", "Sie bekam sechs Preise.", "Sechs Preise gewann sie."),
        ("Nach 5 Jahren ging er.", "Fünfmal, fünf Jahre lang.", "Nach fünf Jahren ging er."),
        ("Nach fünf Jahren ging er.", "Er blieb fünf Jahre.", "Nach fünf Jahren ging er."),
        ("Das sind 5 %.", "Es waren fünf Prozent.", "Das sind fünf Prozent."),
        ("Es sind 2,5 Milliarden Euro.", "Um 2,5 Mrd. Euro.", "Es sind 2,5 Mrd. Euro."),
        (
            "Es sind 6 Preise und 6 Gäste.",
            "6 Preise, sechs Gäste.",
            "Es sind 6 Preise und 6 Gäste.",
        ),
        ("Am 6. Mai 2021.", "Am 06.05.2021.", "Am 6. Mai 2021."),
        ("Sie gewann 6 Preise.", "Sie gewann 7 Preise.", "Sie gewann 6 Preise."),
        ("Sie zahlt 6 Euro.", "Sie zahlt sechs Dollar.", "Sie zahlt 6 Euro."),
    ],
)
def test_a_number_is_spelt_as_the_source_spells_it(
    sentence: str, source: str, expected: str
) -> None:
    assert respelt(sentence, [source]) == expected
