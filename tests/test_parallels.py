"""Facts that a source tells side by side are not mixed."""

from __future__ import annotations

import pytest

from rag.verify import Source, check

STAFF = "Lindmark beschäftigt 300 Menschen, Berol 500."
GAIN = "2023 machte Lindmark 3 Millionen Euro Gewinn, 2024 waren es 5 Millionen."
FOUNDED = "Die Firma wurde 1990 in Rulm gegründet und zog 2005 nach Elde."
SPENT = "Die Stadt gibt 3 Millionen Euro für das Museum und 5 Millionen Euro für das Bad aus."
WHILE = (
    "Während Kanzler Scholz nur kurz teilnahm, nutzte Präsident Macron die Gelegenheit zu reden."
)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Berol beschäftigt 300 Menschen.", STAFF),
        ("Lindmark beschäftigt 500 Menschen.", STAFF),
        ("2024 machte Lindmark 3 Millionen Euro Gewinn.", GAIN),
        ("2023 machte Lindmark 5 Millionen Euro Gewinn.", GAIN),
        ("Die Firma wurde 2005 in Elde gegründet.", FOUNDED),
        ("Die Firma zog 1990 nach Elde.", FOUNDED),
        ("Die Stadt gibt 5 Millionen Euro für das Museum aus.", SPENT),
        ("Die Stadt gibt 3 Millionen Euro für das Bad aus.", SPENT),
        ("Kanzler Scholz nutzte die Gelegenheit zu reden.", WHILE),
    ],
)
def test_what_is_joined_from_two_of_them_is_refused(sentence: str, source: str) -> None:
    verdict = check(sentence, Source(source))
    assert verdict.support == "unsupported"
    assert any(why.startswith(("roles", "number")) for why in verdict.reasons)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Lindmark beschäftigt 300 Menschen.", STAFF),
        (STAFF, STAFF),
        ("Lindmark machte 2023 3 Millionen Euro Gewinn.", GAIN),
        ("Die Firma wurde 1990 in Rulm gegründet.", FOUNDED),
        ("Die Firma zog 2005 nach Elde.", FOUNDED),
        ("Die Stadt gibt 5 Millionen Euro für das Bad aus.", SPENT),
        ("Präsident Macron nutzte die Gelegenheit zu reden.", WHILE),
        (
            "Lindmark bekam 3 Millionen Euro.",
            "Lindmark, an dem Berol beteiligt ist, bekam 3 Millionen Euro von der Rulmer Bank.",
        ),
        (
            "Alda gab 1990 3 Millionen Euro.",
            "Alda, Berol und Lindmark gaben 1990 3 Millionen Euro.",
        ),
    ],
)
def test_one_of_them_is_proven(sentence: str, source: str) -> None:
    assert check(sentence, Source(source)).support == "supported"
