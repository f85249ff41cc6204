"""A number in the wrong unit and a misspelt name are mended with the source's own words."""

from __future__ import annotations

import pytest

from rag.mend import mended


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
