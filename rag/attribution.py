"""Does the source say it of the same? Exceptions, appositions, the passive voice and comparisons;
names in each other's place are for rag/roles.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from rag.alignment import by_clause, tokens
from rag.names import names
from rag.tagging import lemma, tagged
from rag.wording import actions_of, has_stem, name_stems

_BY = re.compile(r"\b(?:von|durch)[ \u00a0]((?:[A-ZÄÖÜ][\w-]*[ \u00a0]?){1,3})")
_COMPARED = re.compile(r"\b(?:\w+er\w{0,2}|so [\w ]+?) (?:als|wie)\b")
_APART = re.compile(
    r"\b(?:anders als|im (?:Gegensatz|Unterschied) zu[mr]?|anstelle (?:von|de[rs])|anstatt|"
    r"abgesehen von|au(?:ß|ss)er|mit Ausnahme (?:von|de[rs])|ausgenommen)\b",
    re.IGNORECASE,
)
_APART_WORDS = 6  # that may belong to what is set apart


def misattributed(sentence: str, text: str) -> list[str]:
    """Reasons: what the source says of somebody or something else."""
    return [
        *_set_apart(sentence, text),
        *_of_another(sentence, text),
        *_by_another(sentence, text),
        *_compared(sentence, text),
    ]


def _set_apart(sentence: str, text: str) -> Iterator[str]:
    """What the source only tells of to say that it is otherwise with it."""
    if _APART.search(sentence):
        return
    spans = [_apart(text, m.end()) for m in _APART.finditer(text)]
    if not spans:
        return
    known = [(t, any(a <= t.start < b for a, b in spans)) for t in tokens(text)]
    there = frozenset(t.root for t, inside in known if inside)
    rest = frozenset(t.root for t, inside in known if not inside)
    for token in tokens(sentence):
        if token.content and token.root in there and not has_stem(token.root, rest):
            yield f"roles: {token.text} is set apart in the source"
            return


def _apart(text: str, start: int) -> tuple[int, int]:
    """The span of what is set apart: up to a verb or a mark, or a few words."""
    behind = [w for w in tagged(text) if w.start >= start][:_APART_WORDS]
    kept = list(takewhile(lambda w: not w.tag.startswith(("V", "$", "KON")), behind))
    return start, kept[-1].end if kept else start


def _of_another(sentence: str, text: str) -> Iterator[str]:
    """An office or description that stands behind another name: "Lind, Chefin von Alda, und Ott,
    Chef von Berol"."""
    ours = names(sentence)
    if not ours or any(w.tag.startswith("VV") for w in tagged(sentence)):
        return
    subject = frozenset(name_stems(ours[0]))
    described = _described(text)
    owned = [owner for owner, _ in described if subject and subject <= owner]
    if not owned:
        return
    said = [t.root for t in tokens(sentence) if t.content and t.root not in owned[0]]
    everything = [t.root for t in tokens(text)]
    for owner, words in described:
        if owner & (owned[0] | frozenset(said)):
            continue
        elsewhere = frozenset(everything) - words
        elsewhere |= frozenset(r for o, w in described if o == owned[0] for r in w)
        lacking = [root for root in said if not has_stem(root, elsewhere)]
        if lacking and all(has_stem(root, words) for root in lacking):
            yield f"roles: the source does not say so of {ours[0]}"


def _by_another(sentence: str, text: str) -> Iterator[str]:
    """Who did it, where the source says so in the passive voice: "wurde von Lind entlassen"."""
    if not _is_passive(text) or _is_passive(sentence) or _BY.search(sentence):
        return
    said = [t.root for t in tokens(sentence) if t.content]
    known = frozenset(t.root for t in tokens(text))
    done, doing = frozenset(actions_of(text).values()), actions_of(sentence).values()
    for by in _BY.finditer(text):
        agent = frozenset(t.root for t in tokens(by[1]))
        first = said[:1]
        if (
            agent & frozenset(said)
            and not agent & frozenset(first)
            and has_stem(first[0], known)
            and any(action in done for action in doing)
        ):
            yield f"roles: the source says it was done by {by[1].strip()}"


def _is_passive(text: str) -> bool:
    words = tagged(text)
    auxiliary = any(w.tag.startswith("VA") and lemma(w.text, w.tag) == "werden" for w in words)
    return auxiliary and any(w.tag == "VV(PP)" for w in words)


def _compared(sentence: str, text: str) -> Iterator[str]:
    """What is more than what: the two sides of a comparison exchanged."""
    ours, theirs = _sides(sentence), _sides(text)
    if not ours or not theirs:
        return
    (less, more), (other_less, other_more) = ours, theirs
    if less & other_more and more & other_less and not (less & other_less or more & other_more):
        yield "roles: the sides of the comparison are exchanged"


def _sides(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    found = _COMPARED.search(text)
    if not found:
        return None
    before, behind = text[: found.start()], text[found.end() :]
    one, other = (
        frozenset(t.root for t in tokens(side) if t.text[0].isupper()) for side in (before, behind)
    )
    return one, other


def _described(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Names, and the words of the clause without a verb that describes each: its apposition."""
    verbs = {w.start for w in tagged(text) if w.tag.endswith("(FIN)")}
    found = []
    for one, other in pairwise(by_clause(text)):
        name = [*takewhile(lambda t: t.text[0].isupper(), reversed(one))]
        apposed = other[0].text[0].isupper() and not any(t.start in verbs for t in other)
        if name and apposed:
            found.append((frozenset(t.root for t in name), frozenset(t.root for t in other)))
    return found
