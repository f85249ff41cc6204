"""How a model is asked that was tuned for it: first it points at the evidence, then it answers.

Its first word is the letter of the piece of evidence that holds the answer, or ``NONE``. How likely
it finds each letter tells how likely each piece is to answer the question, and whether any does;
the answer is written below the letters of the likeliest. What it was tuned on is made in
eval/tuning, in exactly this form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.types import Evidence, Message, Turn

NONE = "0"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""The names of the pieces, each one token. More pieces than letters are not shown."""

INSTRUCTIONS = (
    "Beantworte die Frage nur aus den Belegen. Nenne zuerst den Buchstaben des Belegs, der die "
    "Antwort enthält, dann antworte in einem kurzen, ganzen Satz mit den Worten des Belegs. "
    f"Enthält kein Beleg die Antwort, schreibe nur {NONE}."
)

FEWEST = 4
"""Pieces to be shown at least: a model that sees but one doubts it (eval/LOG.md)."""

_HEADING_CHARS = 80
_BEFORE_CHARS = 300

Piece = tuple[str, str]
"""The heading above a piece of evidence ("" if there is none), and its text."""


def messages(
    question: str, evidence: Sequence[Evidence], before: Turn | None = None
) -> tuple[Message, ...]:
    """The prompt. ``before``: the turn a follow-up goes on from."""
    earlier = (before.question, before.answer) if before else None
    shown = listing([piece(e) for e in evidence])
    return (FIXED[0], Message("user", f"{shown}\n\n{asked(question, earlier)}"))


def piece(evidence: Evidence) -> Piece:
    """What is shown of a piece of evidence."""
    return (evidence.headings[-1] if evidence.headings else "", evidence.text)


def listing(pieces: Sequence[Piece]) -> str:
    """The pieces by their letters, a heading once above those that stand below it."""
    shown: list[str] = []
    above = ""
    for letter, (heading, text) in zip(LETTERS, pieces, strict=False):
        name = _one_line(heading).rstrip(":")[:_HEADING_CHARS]
        if name and name != above:
            shown.append(f"# {name}")
            above = name
        shown.append(f"{letter} {_one_line(text)}")
    return "\n".join(shown)


def asked(question: str, before: tuple[str, str] | None = None) -> str:
    """The question; ``before``, the question and answer it goes on from, stand above it."""
    said = f"Zuvor: {_one_line(before[0])} {_one_line(before[1])}"[:_BEFORE_CHARS] if before else ""
    return f"{said}\nFrage: {_one_line(question)}".lstrip()


def answered(pieces: Sequence[int], answer: str) -> str:
    """What the model is to write: the letters of the pieces, the answer below; or ``NONE``."""
    return f"{' '.join(LETTERS[i] for i in pieces)}\n{answer}" if pieces else NONE


def begun(pieces: Sequence[int]) -> Message:
    """What the model has written when it is to answer from these pieces."""
    return Message("assistant", answered(pieces, ""))


def shares(odds: Mapping[str, float], count: int) -> tuple[float, ...]:
    """How likely each of ``count`` pieces is to hold the answer; what is left to 1 is ``NONE``.

    ``odds``: the probability of each first token.
    """
    found = [odds.get(letter, 0.0) for letter in LETTERS[:count]]
    whole = sum(found) + odds.get(NONE, 0.0)
    return tuple(share / whole if whole else 0.0 for share in found)


def _one_line(text: str) -> str:
    return " ".join(text.split())


FIXED = (Message("system", INSTRUCTIONS),)
"""What every prompt begins with."""
