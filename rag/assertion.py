"""Does the source assert what a sentence asserts, or only ask, suppose, intend or deny it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from rag.alignment import Token, by_clause, tokens
from rag.german import stem
from rag.negation import denies
from rag.sentences import sentence_spans
from rag.tagging import Tagged, lemma, tagged
from rag.wording import actions_of, coverage, has_stem

_CLOSING = " \u00a0)]»«“”‚‘’'\""
_ASKED = re.compile(r"\bob\b|frag", re.IGNORECASE)
_SAID = 0.6  # of the wording that stands outside the source's questions is enough
_IF = frozenset("wenn falls sofern".split())
_SUPPOSING = re.compile(
    r"\b(?:wenn|falls|sofern|sobald|solange|bei|unter|vorausgesetzt|würden?|könnten?|kann|können"
    r"|dürften?|sollten?|if|would|could)\b",
    re.IGNORECASE,
)
_TAKEN = 0.6  # of a clause's content words: the sentence tells of it
_MEANT = frozenset(("wollen", "sollen", "mögen", "möchten"))
_DONE_INDEED = frozenset(
    "gelingen schaffen beginnen anfangen fortfahren helfen vermögen pflegen brauchen".split()
)
"""Verbs whose infinitive is done: "es gelang ihr, das Werk zu kaufen" (Karttunen 1971)."""
_AGAINST = frozenset(
    "bestreiten leugnen dementieren ablehnen verhindern verbieten untersagen verweigern absagen "
    "verwerfen bezweifeln zurückweisen scheitern verzichten warnen unterlassen versäumen".split()
)
_RUMOUR = re.compile(
    r"\b(?:Gerüchten (?:zufolge|nach)|laut Gerüchten|gerüchteweise|dem Vernehmen nach)\b",
    re.IGNORECASE,
)
_INTENDING = frozenset(
    "planen fordern verlangen beabsichtigen erwägen vorschlagen anstreben ankündigen erhoffen "
    "befürworten empfehlen anregen".split()
)


def unasserted(sentence: str, text: str) -> list[str]:
    """Reasons: what the sentence claims and the source does not say to be so."""
    return [
        *_rumoured(sentence, text),
        *_asked(sentence, text),
        *_supposed(sentence, text),
        *_intended(sentence, text),
        *_opposed(sentence, text),
    ]


def _rumoured(sentence: str, text: str) -> Iterator[str]:
    found = _RUMOUR.search(text)
    if found and not _RUMOUR.search(sentence):
        yield f"reservation: the source says {found.group()!r}"


def _asked(sentence: str, text: str) -> Iterator[str]:
    found = [text[a:b] for a, b in sentence_spans(text)]
    told = " ".join(s for s in found if not s.rstrip(_CLOSING).endswith("?"))
    if len(told) >= len(text.strip()) or sentence.rstrip().endswith("?") or _ASKED.search(sentence):
        return
    if coverage(sentence, told)[0] < _SAID:
        yield "question: the source only asks"


def _supposed(sentence: str, text: str) -> Iterator[str]:
    """A clause with "if", before or behind the one that only holds then."""
    if _SUPPOSING.search(sentence):
        return
    clauses = by_clause(text)
    said = frozenset(t.root for t in tokens(sentence))
    for at, clause in enumerate(clauses):
        if clause[0].text.casefold() not in _IF:
            continue
        first = at == 0 or _ends(text, clauses[at - 1][-1].end)
        held = clauses[at + 1 : at + 2] if first else clauses[at - 1 : at]
        if any(_tells_of(said, main) for main in held):
            yield f"condition: the source says {clause[0].text!r}"


def _intended(sentence: str, text: str) -> Iterator[str]:
    """What somebody plans, hopes, tries or denies to do is not done."""
    ours = tagged(sentence)
    future = any(w.tag == "VV(INF)" for w in ours)  # "wird bauen"
    if future or any(w.tag.startswith("VM") or w.tag in ("PTKZU", "VV(IZU)") for w in ours):
        return
    theirs = tagged(text)
    wanted = _infinitives(theirs) | _planned(text)
    if not wanted:
        return
    governing = {w for w in theirs if w.tag in ("VV(FIN)", "VV(PP)") and w.start not in wanted}
    if {lemma(w.text, w.tag) for w in governing} & _DONE_INDEED:
        return
    done, doing = actions_of(text), actions_of(sentence)
    told = {action for start, action in done.items() if start not in wanted}
    if any(has_stem(stem(w.text), frozenset(t.root for t in tokens(sentence))) for w in governing):
        return
    for word in ours:
        action = doing.get(word.start, "")
        if not action or not word.tag.startswith("VV") or action in told:
            continue
        meant = [wanted[s] for s in wanted if has_stem(action, frozenset((done.get(s, ""),)))]
        if meant:
            yield f"verb: {word.text}, the source only says {meant[0]!r}"


def _infinitives(words: Sequence[Tagged]) -> dict[int, str]:
    """Where a verb stands that somebody only means to do, and how the source has it."""
    found = {}
    for at, word in enumerate(words):
        if word.tag == "VM(FIN)" and lemma(word.text, word.tag) in _MEANT:
            for verb in takewhile(lambda w: w.text not in ",;:.–", words[at + 1 :]):
                if verb.tag in ("VV(INF)", "VV(PP)"):
                    found[verb.start] = f"{word.text} ... {verb.text}"
        elif word.tag == "VV(IZU)":
            found[word.start] = word.text
        elif word.tag == "PTKZU" and at + 1 < len(words):
            verb = words[at + 1]
            if verb.tag.startswith("VA") and at and words[at - 1].tag == "VV(PP)":
                verb = words[at - 1]  # "gekauft zu haben"
            clause = _before_comma(words, at)
            if not any(w.tag in ("VA(FIN)", "VM(FIN)") for w in clause):  # "hat zu kämpfen"
                found[verb.start] = f"zu {verb.text}" if verb.start > word.start else verb.text
    return found


def _planned(text: str) -> dict[int, str]:
    """Where a noun says what somebody only plans or demands: "fordert die Abschaffung"."""
    actions = actions_of(text)
    found: dict[int, str] = {}
    for clause in by_clause(text):
        words = [w for w in tagged(text) if clause[0].start <= w.start < clause[-1].end]
        for verb in _lemmas(words) & _INTENDING:
            nouns = (s for s in actions if clause[0].start <= s < clause[-1].end)
            verbs = {w.start for w in words if w.tag.startswith("VV")}
            found |= {start: verb for start in nouns if start not in verbs}
    return found


def _before_comma(words: Sequence[Tagged], at: int) -> list[Tagged]:
    begun = next((i + 1 for i in reversed(range(at)) if words[i].text in ",;:–"), 0)
    return list(words[begun:at])


def _opposed(sentence: str, text: str) -> Iterator[str]:
    """What the source says somebody refuses, prevents or denies."""
    if denies(sentence):
        return
    ours = frozenset(t.root for t in tokens(sentence))
    known = _lemmas(tagged(sentence))
    wanted = _infinitives(tagged(text))
    clauses = by_clause(text)
    for at, clause in enumerate(clauses):
        verbs = [w for w in tagged(text) if clause[0].start <= w.start < clause[-1].end]
        against = _lemmas(verbs) & _AGAINST
        if not against or against & known or any(has_stem(stem(v), ours) for v in against):
            continue
        own = {w.start for w in verbs if w.tag.startswith("VV") or w.tag == "PTKVZ"}
        meant = [t for t in clause if t.start not in own]
        for behind in clauses[at + 1 : at + 2]:
            if any(t.start in wanted for t in behind):
                meant = behind
        if _tells_of(ours, meant):
            yield f"opposite: the source says {min(against)!r}"


def _lemmas(words: Sequence[Tagged]) -> set[str]:
    """The verbs, also with the particle that stands apart: "lehnte ... ab"."""
    verbs = {lemma(w.text, w.tag) for w in words if w.tag.startswith("VV")}
    return verbs | {f"{w.text}{verb}" for w in words if w.tag == "PTKVZ" for verb in verbs}


def _ends(text: str, at: int) -> bool:
    return text[at : at + 2].strip()[:1] in (".", "!", "?", ":")


def _tells_of(said: frozenset[str], clause: Sequence[Token]) -> bool:
    content = {t.root for t in clause if t.content}
    return bool(content) and len([r for r in content if has_stem(r, said)]) >= _TAKEN * len(content)
