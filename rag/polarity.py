"""A leading "Ja" or "Nein" claims something: it stays only where the rest of its sentence bears it
out.
"""

from __future__ import annotations

import re

from rag.negation import denies
from rag.quantities import quantities, says
from rag.sought import OPEN
from rag.wording import coverage

_LEADING = re.compile(r"^\W*(?:ja|doch|yes|(nein|no))\s*[,.:;!–—-]\s*(?=\w)", re.IGNORECASE)


def borne_out(sentence: str, question: str) -> str:
    """The sentence, without its leading "Ja" or "Nein" unless the rest says what was asked ("Ja")
    or denies it ("Nein"). To a question that denies itself either word may mean either thing."""
    lead = _LEADING.match(sentence)
    if lead is None:
        return sentence
    rest = sentence[lead.end() :]
    asked_whether = not OPEN.search(question) and not denies(question)
    if asked_whether and _says_all(rest, question) and denies(rest) == bool(lead[1]):
        return sentence
    return rest[0].upper() + rest[1:]


def _says_all(rest: str, question: str) -> bool:
    said = quantities(rest)
    numbers = all(any(says(q, asked) for q in said) for asked in quantities(question))
    _, lacking = coverage(question, rest)
    return numbers and not lacking
