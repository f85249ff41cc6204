"""What the model is told, and how its words are read back. The citation marker lives here.

The beginning (instructions and example) never changes, so the model's cache holds it and reads
only the evidence and the question anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.sentences import sentence_spans
from rag.types import Evidence, Message, Statement, Turn

REFUSAL = "Das steht nicht in den Artikeln."

_INSTRUCTIONS = f"""Du beantwortest Fragen nur mit den Belegen, die dir gezeigt werden.
Antworte auf Deutsch in ein bis drei kurzen, ganzen Sätzen. Beantworte genau die Frage.
Übernimm Zahlen, Einheiten und Namen genau so, wie sie im Beleg stehen.
Setze hinter jeden Satz die Nummer seines Belegs, zum Beispiel [2].
Sagen die Belege nichts dazu, schreibe nur: {REFUSAL}"""

_EXAMPLE_EVIDENCE = """# Brückenbau
[1] Die neue Brücke über die Elde wurde am 3. Mai 2019 eröffnet.
[2] Sie kostete 4,2 Millionen Franken und ist 310 Meter lang."""

FIXED = (
    Message("system", _INSTRUCTIONS),
    Message("user", f"{_EXAMPLE_EVIDENCE}\n\nFrage: Wie teuer war die Brücke?"),
    Message("assistant", "Die Brücke über die Elde kostete 4,2 Millionen Franken. [2]"),
    Message("user", f"{_EXAMPLE_EVIDENCE}\n\nFrage: Wer hat die Brücke entworfen?"),
    Message("assistant", REFUSAL),
)

_HEADING_CHARS = 80
_REASON_CHARS = 160
_BEFORE_CHARS = 300

_MARKER = re.compile(r"[ \u00a0]?\[(\d{1,3}(?:[ ]?[,;][ ]?\d{1,3}){0,9})\]")
_MARKER_AFTER_STOP = re.compile(r"([.!?…][“”\"»«]?)[ ]?((?:\[[\d,; ]{1,40}\][ ]?){1,6})")
_ENDED = re.compile(r"[.!?…][“”\"»«)]?$")
_BULLET = re.compile(r"^[ \t]*(?:[-*•–]|\d{1,2}[.)])[ \t]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence the model wrote, without markers; ``hints`` are 0-based evidence numbers."""

    text: str
    hints: tuple[int, ...]


def messages(
    question: str, evidence: Sequence[Evidence], before: Turn | None = None
) -> tuple[Message, ...]:
    """The whole prompt: the fixed beginning, then the evidence under its headings, the question.

    ``before``: the turn a follow-up goes on from.
    """
    shown: list[str] = []
    above = None
    for number, e in enumerate(evidence, 1):
        heading = _one_line(e.headings[-1].rstrip(":"))[:_HEADING_CHARS] if e.headings else ""
        if heading and (e.article, heading) != above:
            shown.append(f"# {heading}")
            above = (e.article, heading)
        shown.append(f"[{number}] {_one_line(e.text)}")
    listing = "\n".join(shown)
    said = f"Zuvor: {_one_line(before.question)} {_one_line(before.answer)}" if before else ""
    asked = f"{said[:_BEFORE_CHARS]}\nFrage: {_one_line(question)}".lstrip()
    return (*FIXED, Message("user", f"{listing}\n\n{asked}"))


def again(
    asked: Sequence[Message], said: str, statements: Sequence[Statement]
) -> tuple[Message, ...]:
    """The same conversation, with what the model said and why it has to say it anew."""
    refused = any(is_refusal(s.text) for s in statements) or not statements
    if refused:
        why = "Lies die Belege noch einmal: Einer von ihnen passt wohl zur Frage."
    else:
        reasons = dict.fromkeys(r for s in statements for r in s.verdict.reasons)
        why = (
            f"Das steht so nicht in den Belegen ({_one_line('; '.join(reasons))[:_REASON_CHARS]})."
        )
    wish = "Beantworte die Frage in einem Satz, mit den Worten des Belegs und seiner Nummer."
    return (*asked, Message("assistant", said), Message("user", f"{why} {wish}"))


def read_answer(text: str, cut: bool = False) -> list[Sentence]:
    """The sentences of what the model has written so far; the last one may be unfinished.

    ``cut``: the model was stopped at its limit, so an unfinished last sentence is left out.
    """
    found = []
    for line in text.split("\n"):
        bare = _BULLET.sub("", line)
        # A marker behind the full stop belongs to the sentence before it.
        moved = _MARKER_AFTER_STOP.sub(lambda m: f" {m[2].strip()}{m[1]} ", bare)
        for start, end in sentence_spans(moved):
            raw = moved[start:end]
            hints = tuple(
                int(n) - 1 for m in _MARKER.finditer(raw) for n in re.findall(r"\d+", m[1])
            )
            clean = " ".join(_MARKER.sub("", raw).split())
            if any(c.isalnum() for c in clean):
                found.append(Sentence(clean, hints))
    return found[:-1] if cut and found and not _ENDED.search(found[-1].text) else found


def untold(question: str) -> str:
    """What is said instead of an answer to one of several questions."""
    asked = question.rstrip("?").replace("„", "‚").replace("“", "‘")
    return f"Zu der Frage „{asked}?“ steht in den Artikeln nichts."


def is_refusal(sentence: str) -> bool:
    """Whether a sentence says that the evidence does not contain the answer."""
    return _REFUSED.search(sentence) is not None


_REFUSED = re.compile(
    r"steht nicht in (?:den|diesen) (?:Artikeln|Belegen)"
    r"|(?:Belege|Artikel) (?:sagen|enthalten|nennen|geben|erwähnen|machen)\b.{0,60}"
    r"\b(?:nichts?|keine[nrms]?)\b"
    r"|in den (?:Belegen|Artikeln) (?:nicht|keine)\b"
    r"|\b(?:wird|werden|ist|sind) (?:in den Belegen )?nicht (?:erwähnt|genannt|angegeben|bekannt)",
    re.IGNORECASE,
)


def _one_line(text: str) -> str:
    """White space folded, and brackets that look like our markers turned into parentheses."""
    return re.sub(r"\[(\d{1,3})\]", r"(\1)", " ".join(text.split()))
