"""Questions that ask several things: "Wann war der Gipfel und wer nahm teil?" """

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.german import is_english
from rag.tagging import Tagged, tagged

MOST = 3
"""Things that are answered for one question."""

_WORD = (
    r"(?:we[rmn]|wessen|was|wann|wo(?:her|hin|rin|ran|rauf|raus|rum|rüber|durch|für|mit|von|zu)?|"
    r"wie|welche[rnms]?|warum|wieso|weshalb|who|whom|whose|what|when|where|why|how|which)\b"
)
_BEFORE = (
    r"(?:(?:ab|an|auf|aus|bei|bis|durch|für|gegen|in|mit|nach|seit|über|um|unter|von|vor|zu|"
    r"zwischen|at|by|for|from|in|of|on|since|to|until|with) )?"
)
_ASKS = re.compile(rf"\b{_WORD}", re.IGNORECASE)
_JOINT = re.compile(
    rf"(?:[,;]? (?:und|sowie|and)(?: auch)? |; )(?={_BEFORE}{_WORD})|(?<=\?) +", re.IGNORECASE
)
_ENDINGS = frozenset("PTKVZ VV(PP) VV(INF) VV(IZU) VA(PP) VA(INF) VM(INF)".split())
_FEWEST_BEFORE = 3  # words; "Wie und warum ..." asks one thing, and so does "Wer kam wann und wo"
_AT_ITS_END = re.compile(rf"\b{_WORD}$", re.IGNORECASE)


def parts(question: str) -> tuple[str, ...]:
    """What is asked, one thing each, each to be understood after those before it; the question as
    it is if it asks one thing.

    It asks several if a question word stands before a joint and begins what follows it, or if it is
    several questions.
    """
    found: list[str] = []
    begun = 0
    for joint in _JOINT.finditer(question):
        before, after = question[begun : joint.start()], question[joint.end() :]
        asks = "?" in after if before.endswith("?") else _ASKS.search(before)
        whole = len(before.split()) >= _FEWEST_BEFORE and not _AT_ITS_END.search(before)
        if asks and whole and len(found) + 1 < MOST:
            found.append(before if before.endswith("?") else f"{before}?")
            begun = joint.end()
    found.append(question[begun:])
    return (found[0], *(_with_verb(part, found[0]) for part in found[1:]))


def _with_verb(part: str, first: str) -> str:
    """The part with the verb of the first one, if it has none itself: "Wann wurde sie gebaut und
    von wem" asks "von wem wurde sie gebaut"; "was kündigten die einen an und was die anderen" asks
    "was kündigten die anderen an"."""
    own, before = _tokens(part), _tokens(first)
    asked = next((i for i, token in enumerate(before) if _ASKS.fullmatch(token.text)), len(before))
    verbs = (i for i in range(asked + 1, len(before)) if before[i].tag.endswith("(FIN)"))
    verb = next(verbs, None)
    asking = any(_ASKS.fullmatch(token.text) for token in own)
    if verb is None or not asking or is_english(first) or any(map(_is_verb, own)):
        return part
    asks = _phrase(own, before[:verb])
    phrase = part[: own[asks - 1].end]
    if asks < len(own):  # it says of whom, but not what
        ending = before[-1].text if before[-1].tag in _ENDINGS and len(before) > verb + 1 else ""
        missing = f"{part[own[asks].start :].rstrip('? ')} {ending}"
    else:
        nouns = [t.text for t in before[asked + 1 : verb] if t.tag in ("NN", "NE")]
        if before[asked].text.casefold() == "wer":
            nouns.append("man")
        missing = f"{' '.join(nouns)} {first[before[verb].end :].rstrip('? ')}"
    return f"{' '.join(f'{phrase} {before[verb].text} {missing}'.split())}?"


def _phrase(tokens: Sequence[Tagged], other: Sequence[Tagged]) -> int:
    """How many tokens ask ("in welchen Ländern", "wie hoch"): as many as those of the ``other``
    phrase that it ends like; else up to the question word, and what that goes with."""
    said = [token.text.casefold() for token in tokens]
    for length in range(1, min(len(other), len(said) - 1) + 1):
        if said[:length] == [token.text.casefold() for token in other[-length:]]:
            return length
    at = next(i for i, word in enumerate(said) if _ASKS.fullmatch(word)) + 1
    if said[at - 1] == "wie" and at < len(said):
        at += 1
    with_noun = tokens[at - 1].tag == "PWAT" or said[at - 1].startswith("viel")
    while with_noun and at < len(tokens) and tokens[at - 1].tag != "NN":
        at += 1
    return at


def _tokens(text: str) -> list[Tagged]:
    return [token for token in tagged(text) if token.text[0].isalnum()]


def _is_verb(token: Tagged) -> bool:
    return token.tag.startswith("V") and token.text[0].islower()
