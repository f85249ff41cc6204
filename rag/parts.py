"""Questions that ask several things: "Wann war der Gipfel und wer nahm teil?" """

from __future__ import annotations

import re

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
_FEWEST_BEFORE, _FEWEST = 3, 2  # words; "Wie und warum ..." asks one thing


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
        long = len(before.split()) >= _FEWEST_BEFORE and len(after.split()) >= _FEWEST
        if asks and long and len(found) + 1 < MOST:
            found.append(before if before.endswith("?") else f"{before}?")
            begun = joint.end()
    return (*found, question[begun:])
