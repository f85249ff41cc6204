"""What a question asks for (a person, a number, a time ...), and whether a text gives one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from rag.german import stem, words
from rag.names import names
from rag.quantities import quantities
from rag.wording import name_stems

Asked = Literal["person", "name", "time", "amount", "place", "other"]
THINGS: dict[Asked, str] = {
    "amount": "a number", "time": "a time", "person": "a person", "name": "a name",
    "place": "a place", "other": "anything",
}  # fmt: skip

OPEN = re.compile(
    r"\b(?:we[rmn]|wessen|was|wann|wo\w{0,5}|wie|welche[rnms]?|warum|wieso|weshalb|"
    r"who|whom|whose|what|when|where|why|how|which)\b",
    re.IGNORECASE,
)
"""A word that asks for more than yes or no."""

_AMOUNT = re.compile(
    r"\bwie ?(?:viele?n?|hoch|lange?|groß|gross|alt|weit|teuer|schnell|oft|stark|schwer|breit)\b"
    r"|\bwas (?:würde |wird )?(?:es )?kost(?:et|ete|en|eten)\b"
    r"|\bhow (?:much|many|long|large|big|high|old|far|fast|often)\b"
    r"|\b(?:welche|was für eine?) (?:summe|zahl|anzahl|höhe|menge)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^\W*(?:und )?(?:seit |ab |bis )?(?:wann|when)\b|\b(?:an welchem (?:tag|datum)|in welchem "
    r"(?:jahr|monat)|welches (?:datum|jahr)|seit wann|bis wann|ab wann|zu welchem zeitpunkt)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"^\W*(?:und )?(?:von |mit |für |an )?(?:wer|wem|wen|wessen|who|whom|whose)\b", re.I
)
_PLACE = re.compile(
    r"^\W*(?:und )?(?:wo|wohin|woher|where)\b|\bin welche[rmns] (?:stadt|land|ort)\b", re.I
)
_NAME = re.compile(
    r"^\W*wie (?:heiß|hieß|heiss|hiess)(?:t|en)?\b|"
    r"\b(?:welche[rsnm]?|which|what) (?:[a-zäöüß]+ ){0,2}(?:unternehmen|firm(?:a|en)|konzerne?n?|"
    r"l(?:and|änder)n?|st(?:adt|ädten?)|staat(?:en)?|person(?:en)?|politiker(?:in|innen|n)?|"
    r"organisation(?:en)?|hochschulen?|universität(?:en)?|partei(?:en)?|vereine?|behörden?|"
    r"stiftung(?:en)?|start-?ups?|compan(?:y|ies)|countr(?:y|ies)|cit(?:y|ies)|people)\b",
    re.IGNORECASE,
)
_AMOUNTS = re.compile(
    r"\b(?:mehrere|zahlreiche|hunderte|tausende|dutzende|millionen|milliarden|die hälfte|"
    r"(?:ein|zwei|drei) (?:drittel|viertel|fünftel|zehntel)|(?:doppelt|halb|dreimal) so \w{1,20}|"
    r"einmal|zweimal|kein\w{0,2}|niemand|alle)\b",
    re.IGNORECASE,
)
"""Amounts without a figure."""
_TIMES = re.compile(
    r"\b(?:1\d{3}|20\d\d|jahrhunderts?|jan(?:uar)?|feb(?:ruar)?|märz|april|mai|juni|juli|august|"
    r"sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dez(?:ember)?|frühjahr|frühling|sommer|herbst|"
    r"winter|(?:mon|diens|donners|frei|sams|sonn)tag\w{0,8}|mittwoch\w{0,8}|sonnabend|heute|"
    r"gestern|morgen|abends?|vormittags?|nachmittags?|nachts?|jahre?s?n?|monate?n?|wochen?|tage?n?)"
    r"\b",
    re.IGNORECASE,
)

_PERSONS = re.compile(
    r"\b[A-ZÄÖÜ][\w-]*(?:(?:[cgkpt]ler|[htig]ner|geber|nehmer|träger|halter|macher|führer|leiter|"
    r"sprecher|forscher|arbeiter|käufer|schützer|kämpfer|gründer|sitzer|treiber|bieter|wickler|"
    r"steller|berater|treter|tiker|wähler|bürger|schüler|lehrer|täter|richter|fahrer|spieler|"
    r"trainer|wächter|hüter|schafter|redner|denker|kritiker)(?:n|s|in|innen)?|ärzt\w{1,6}|"
    r"[dts]enten?|[gkt]isten?|eure?|oren|leute|chefs?|regierung(?:en)?|behörden?|"
    r"kommission(?:en)?|unternehmen|konzerne?|firm(?:a|en)|vereine?|verb(?:and|ände)|"
    r"stiftung(?:en)?|ministeri(?:um|en)|partei(?:en)?)\b"
)
"""Those who do something without being named: "die Wächter"."""


def asked_for(question: str) -> Asked:
    """What kind of thing would be an answer."""
    if _AMOUNT.search(question):
        return "amount"
    if _TIME.search(question):
        return "time"
    if _PERSON.search(question):
        return "person"
    if _NAME.search(question):
        return "name"
    if _PLACE.search(question):
        return "place"
    return "other"


@lru_cache(maxsize=8192)
def gives(asked: Asked, text: str, question: str) -> bool:
    """Whether the text holds a thing of the kind that is asked for and that the question did not
    name itself. Always true for "other"."""
    if asked == "amount":
        known = {q.value for q in quantities(question)}
        found = (q.value for q in quantities(text) if q.value is not None)
        return any(value not in known for value in found) or _AMOUNTS.search(text) is not None
    if asked == "time":
        return bool(quantities(text)) or _TIMES.search(text) is not None
    if asked == "person" and any(_is_new(m.group(), question) for m in _PERSONS.finditer(text)):
        return True
    if asked in ("person", "name"):
        return any(_is_new(name, question) for name in names(text))
    if asked == "place":
        nouns = (w.text for w in words(text) if w.text[0].isupper())
        return any(_is_new(n, question) and not _TIMES.fullmatch(n) for n in nouns)
    return True


def _is_new(name: str, question: str) -> bool:
    return not set(name_stems(name)) <= {stem(w.text) for w in words(question)}
