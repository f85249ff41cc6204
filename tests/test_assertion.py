"""What a source only asks, supposes, intends, denies or says of somebody else proves nothing."""

from __future__ import annotations

import pytest

from rag.verify import Source, check

LINDMARK = "Lindmark hat das Werk gekauft."
MUSEUM = "Die Stadt baut ein Museum."
BOTH = "Petra Lind, Chefin der Firma Alda, und Jan Ott, Chef der Firma Berol, trafen sich in Rulm."


@pytest.mark.parametrize(
    ("sentence", "source", "reason"),
    [
        (MUSEUM, "Baut die Stadt ein Museum?", "question"),
        ("Die Brücke ist sicher.", "Ist die Brücke sicher? Das fragen sich viele.", "question"),
        (MUSEUM, "Wenn die Mittel reichen, baut die Stadt ein Museum.", "condition"),
        ("Das Bad öffnet im Mai.", "Das Bad öffnet im Mai, falls der Rat zustimmt.", "condition"),
        (LINDMARK, "Lindmark versuchte, das Werk zu kaufen.", "verb"),
        (LINDMARK, "Lindmark bestreitet, das Werk gekauft zu haben.", "verb"),
        (LINDMARK, "Lindmark hofft, das Werk bald aufzukaufen.", "verb"),
        ("Die Stadt baut das Museum.", "Die Stadt lehnte den Bau des Museums ab.", "opposite"),
        ("Ott will das Werk schließen.", "Ott warnte davor, das Werk zu schließen.", "opposite"),
        (LINDMARK, "Gerüchten zufolge hat Lindmark das Werk gekauft.", "reservation"),
        ("Die Alda AG hat keinen Betriebsrat.",
         "Anders als die Alda AG hat die Berol GmbH keinen Betriebsrat.", "roles"),
        ("Das Museum öffnet montags.", "Das Museum öffnet täglich außer montags.", "roles"),
        ("Alda hat keinen Betriebsrat.",
         "Anders als Alda hat Berol keinen Betriebsrat.", "roles"),
        ("Jan Ott ist Chef der Firma Alda.", BOTH, "roles"),
        ("Petra Lind ist Chefin der Firma Berol.", BOTH, "roles"),
        ("Elde ist die größte Stadt des Landes.",
         "Elde ist die zweitgrößte Stadt des Landes.", "thing"),
        ("Elde ist die größte Stadt.", "Elde ist eine große Stadt.", "thing"),
        ("Die Stadt gründete ein Museum.", "Die Stadt plant die Gründung eines Museums.", "verb"),
        ("Die Steuer wurde abgeschafft.", "Ott forderte die Abschaffung der Steuer.", "verb"),
        ("Die Brücke wurde gebaut.", "Die Brücke soll 2027 gebaut werden.", "verb"),
        ("Ott entließ Scholz.", "Ott wurde von Scholz entlassen.", "roles"),
        ("Ott ist jünger als Scholz.", "Scholz ist jünger als Ott.", "roles"),
        ("Rulm hat doppelt so viele Einwohner wie Elde.",
         "Elde hat doppelt so viele Einwohner wie Rulm.", "roles"),
    ],
)  # fmt: skip
def test_it_is_refused_with_its_reason(sentence: str, source: str, reason: str) -> None:
    verdict = check(sentence, Source(source))
    assert verdict.support == "unsupported"
    assert reason in {why.partition(":")[0] for why in verdict.reasons}


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        (MUSEUM, "Die Stadt baut ein Museum. Wird es schön?"),
        ("Lind fragt, ob die Brücke sicher ist.", "Lind fragt: Ist die Brücke sicher?"),
        ("Wenn die Mittel reichen, baut die Stadt ein Museum.",
         "Die Stadt baut ein Museum, wenn die Mittel reichen."),
        ("Die Mittel der Stadt reichen im Mai.",
         "Die Mittel der Stadt reichen im Mai, sagt Ott, wenn er sich nicht irrt."),
        (LINDMARK, "Lindmark ist es gelungen, das Werk zu kaufen."),
        ("Lindmark versuchte, das Werk zu kaufen.", "Lindmark versuchte, das Werk zu kaufen."),
        ("Lindmark will das Werk kaufen.", "Lindmark hofft, das Werk zu kaufen."),
        ("Lindmark hat mit Schulden zu kämpfen.", "Lindmark hat mit Schulden zu kämpfen."),
        ("Die Stadt lehnte den Bau des Museums ab.", "Die Stadt lehnte den Bau des Museums ab."),
        ("Petra Lind und Jan Ott sind Chefs der Firmen Alda und Berol.", BOTH),
        ("Die Berol GmbH hat keinen Betriebsrat.",
         "Anders als die Alda AG hat die Berol GmbH keinen Betriebsrat."),
        ("Berol hat keinen Betriebsrat.", "Anders als Alda hat Berol keinen Betriebsrat."),
        ("Das Museum öffnet außer montags täglich.", "Das Museum öffnet täglich außer montags."),
        ("Der Sieg schien ausser Reichweite.", "Der Sieg schien außer Reichweite."),
        ("Jan Ott ist Chef der Firma Berol.", BOTH),
        ("Petra Lind ist Chefin der Firma Alda.", BOTH),
        ("Elde ist die größte Stadt.", "Die größte Stadt des Landes ist Elde."),
        ("Die Stadt will ein Museum gründen.", "Die Stadt plant die Gründung eines Museums."),
        ("Die Stadt plant ein Museum.", "Die Stadt plant den Bau eines Museums."),
        ("Scholz entließ Ott.", "Ott wurde von Scholz entlassen."),
        ("Ott wurde von Scholz entlassen.", "Ott wurde von Scholz entlassen."),
        ("Scholz ist jünger als Ott.", "Scholz ist jünger als Ott."),
        ("Das Gerät übersetzt Texte.", "Das Gerät kann Texte übersetzen."),
    ],
)  # fmt: skip
def test_what_it_does_assert_is_proven(sentence: str, source: str) -> None:
    assert check(sentence, Source(source)).support == "supported"
