"""Does the source assert what a sentence asserts, or only ask, suppose, intend or deny it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from rag.alignment import Token, tokens
from rag.german import stem
from rag.names import names
from rag.negation import denies
from rag.sentences import sentence_spans
from rag.tagging import Tagged, lemma, tagged
from rag.wording import actions_of, coverage, has_stem, name_stems

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
    r"\b(?:Gerüchten (?:zufolge|nach)|laut Gerüchten|gerüchteweise|dem Vernehmen nach|"
    r"es heißt gerüchteweise)\b",
    re.IGNORECASE,
)
_INTENDING = frozenset(
    "planen fordern verlangen beabsichtigen erwägen vorschlagen anstreben ankündigen erhoffen "
    "befürworten empfehlen anregen".split()
)
_BY = re.compile(r"\b(?:von|durch)[ \u00a0]((?:[A-ZÄÖÜ][\w-]*[ \u00a0]?){1,3})")
_COMPARED = re.compile(r"\b(?:\w+er\w{0,2}|so [\w ]+?) (?:als|wie)\b")
_APART = re.compile(
    r"\b(?:anders als|im (?:Gegensatz|Unterschied) zu[mr]?|anstelle (?:von|de[rs])|anstatt|"
    r"abgesehen von|au(?:ß|ss)er|mit Ausnahme (?:von|de[rs])|ausgenommen)\b",
    re.IGNORECASE,
)
_APART_WORDS = 6  # that may belong to what is set apart


def unasserted(sentence: str, text: str) -> list[str]:
    """Reasons: what the sentence claims and the source does not say to be so."""
    return [
        *_rumoured(sentence, text),
        *_asked(sentence, text),
        *_supposed(sentence, text),
        *_intended(sentence, text),
        *_opposed(sentence, text),
        *_set_apart(sentence, text),
        *_of_another(sentence, text),
        *_by_another(sentence, text),
        *_compared(sentence, text),
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
    clauses = _clauses(text)
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
    for clause in _clauses(text):
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
    clauses = _clauses(text)
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
    for one, other in pairwise(_clauses(text)):
        name = [*takewhile(lambda t: t.text[0].isupper(), reversed(one))]
        apposed = other[0].text[0].isupper() and not any(t.start in verbs for t in other)
        if name and apposed:
            found.append((frozenset(t.root for t in name), frozenset(t.root for t in other)))
    return found


def _clauses(text: str) -> list[list[Token]]:
    found: dict[int, list[Token]] = {}
    for token in tokens(text):
        found.setdefault(token.clause, []).append(token)
    return list(found.values())


def _ends(text: str, at: int) -> bool:
    return text[at : at + 2].strip()[:1] in (".", "!", "?", ":")


def _tells_of(said: frozenset[str], clause: Sequence[Token]) -> bool:
    content = {t.root for t in clause if t.content}
    return bool(content) and len([r for r in content if has_stem(r, said)]) >= _TAKEN * len(content)
