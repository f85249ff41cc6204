"""A date is only proven as what the source says it is: a day, a beginning, an end."""

from __future__ import annotations

import pytest

from rag.moments import misdated
from rag.verify import Source, check


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Der Ausbau begann im Jahr 1850.", "Erst nach 1850 begann der Ausbau."),
        ("Der Ausbau begann vor 1850.", "Erst nach 1850 begann der Ausbau."),
        ("Die Burg wurde nach 1612 zerstört.", "Die Burg wurde 1612 zerstört."),
        ("Die Burg wurde 1612 zerstört.", "Die Burg wurde vor 1612 zerstört."),
        ("Das Amt besteht bis 2001.", "Das Amt besteht seit 2001."),
        ("Das Amt bestand ab 2001.", "Das Amt bestand bis 2001."),
        ("Die Frist endet am 3. Mai 2020.", "Die Frist endet vor dem 3. Mai 2020."),
    ],
)
def test_another_bound_is_refused(claim: str, source: str) -> None:
    (reason,) = misdated(claim, source)
    assert reason.startswith("time: ")
    assert check(claim, Source(source)).support == "unsupported"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Nach dem Jahr 1850 begann der Ausbau.", "Erst nach 1850 begann der Ausbau."),
        ("Das Werk wurde 2001 ein Museum.", "Das Werk ist seit 2001 ein Museum."),
        ("Seit 2001 ist es ein Museum.", "Im Jahr 2001 wurde es ein Museum."),
        ("Der Krieg endete 1648.", "Der Krieg dauerte bis 1648."),
        ("Ab 1892 war er Direktor.", "Seit 1892 war er Direktor."),
        ("Er kam 1990 nach Rulm.", "Nach 1980 war er in Kolb, 1990 kam er nach Rulm."),
        ("Die Frist endet am 3. Mai 2020.", "Bis zum 3. Mai 2020 läuft die Frist."),
        ("Sie kostet 5 Euro.", "Nach 1990 kostete sie 5 Euro."),
        ("Er starb vor 20 Jahren.", "Er starb nach 20 Jahren im Amt."),
    ],
)
def test_the_same_time_in_other_words_passes(claim: str, source: str) -> None:
    assert misdated(claim, source) == []
