"""How a model is asked whether an answer is one: it sees the question, the answer and its proof.

The beginning never changes, so the model's cache holds it. Its examples show what a small model
gets wrong when it is only asked: a true sentence that answers another question, a fact of somebody
else, a name taken for the one that was asked for; and, the other way round, an answer in other
words than the question's (figures in eval/LOG.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Message

YES, NO = "Ja", "Nein"

_PROOF_CHARS = 900

_INSTRUCTIONS = (
    "Du prüfst streng, ob eine Antwort nach dem Beleg richtig ist und genau die Frage beantwortet. "
    f"Antworte nur mit {YES} oder {NO}."
)

_EXAMPLES = (
    (
        "Die neue Brücke über die Elde wurde am 3. Mai 2019 eröffnet.",
        "Wann ging die Brücke in Betrieb?",
        "Die Brücke über die Elde wurde am 3. Mai 2019 eröffnet.",
        YES,
    ),
    (
        "Die Stadt Rulm will ihre Turnhalle im Sommer sanieren.",
        "Wie viel kostet die Sanierung der Turnhalle?",
        "Die Stadt Rulm will ihre Turnhalle im Sommer sanieren.",
        NO,
    ),
    (
        "Der Autobauer Lerna und sein Zulieferer Kolb errichten in Linz ein Werk, Kolb beschäftigt "
        "dort 300 Menschen.",
        "Wie viele Leute arbeiten für Lerna?",
        "Lerna beschäftigt 300 Menschen.",
        NO,
    ),
    (
        "„Auf dem Land fehlen vor allem junge Ärzte“, sagte Verbandschefin Ida Brandt am Montag.",
        "Was beklagt die Vorsitzende des Verbands?",
        "„Auf dem Land fehlen vor allem junge Ärzte“, sagte Verbandschefin Ida Brandt am Montag.",
        YES,
    ),
    (
        "Auf der Messe sprachen die Ministerin Anna Kurz und der Koch Jens Holm.",
        "Wie heißt der Minister aus Polen?",
        "Der Minister aus Polen heißt Jens Holm.",
        NO,
    ),
    (
        "Das Gotteshaus bleibt wegen Bauarbeiten bis Ostern zu.",
        "Wie lange ist die Kirche geschlossen?",
        "Das Gotteshaus bleibt bis Ostern zu.",
        YES,
    ),
)


def judgement(question: str, answer: str, proof: Sequence[str]) -> tuple[Message, ...]:
    """Asks whether an answer is one. Only what proves it is shown."""
    shown = " ".join(_one_line(text) for text in proof)[:_PROOF_CHARS]
    return (*FIXED, _asked(shown, _one_line(question), _one_line(answer)))


def _asked(proof: str, question: str, answer: str) -> Message:
    return Message("user", f"Beleg: {proof}\nFrage: {question}\nAntwort: {answer}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


FIXED = (
    Message("system", _INSTRUCTIONS),
    *(
        message
        for proof, question, answer, verdict in _EXAMPLES
        for message in (_asked(proof, question, answer), Message("assistant", verdict))
    ),
)
"""What every judgement begins with."""
