"""Does the source say what a sentence says is done, and single out what it singles out?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.alignment import tokens
from rag.german import stem
from rag.german import words as split
from rag.names import names
from rag.quantities import factor_of, quantities, says, unit_of
from rag.synonyms import alike
from rag.tagging import Tagged, lemma, tagged
from rag.wording import actions_of, has_stem, name_stems, stems_of

_LIGHT = frozenset(
    "geben machen lassen heißen lauten nennen bezeichnen gelten betragen belaufen bestehen "
    "umfassen enthalten beinhalten erfolgen stattfinden finden handeln gehören betreffen "
    "stellen bringen gehen stehen liegen sitzen bleiben nehmen führen halten setzen zeigen "
    "sagen erklären berichten erwähnen mitteilen meinen äußern schreiben erzählen bekommen "
    "erhalten haben sein werden tun dienen bilden darstellen sehen vorsehen stammen".split()
)


_SINGLES_OUT = re.compile(
    r"(?:nächst|vorig|vorherig|letzt|erst|zweit|dritt|viert|fünft|einzig|künftig|kommend"
    r"|ehemalig|früher|bisherig)(?:e[mnrs]?)"
)

_SUPERLATIVE = re.compile(r"[a-zäöüß]{2,}[sß]te[mnrs]?")  # neither "groß" nor "zweitgrößte" says it


def undone(sentence: str, text: str, context: str = "", question: str = "") -> list[str]:
    """Reasons: full verbs the source has in no form, unless they say next to nothing.

    A verb of the question may be the reader's own word for what the source says: in a clause that
    only describes ("the chatbot that Mistral showed"), and where the source has all the sentence's
    nouns and says its names and numbers in one clause.
    """
    done = frozenset((*actions_of(text).values(), *actions_of(context).values()))
    stood = stems_of(text) | stems_of(context)
    asked, askings = stems_of(question), frozenset(actions_of(question).values())
    ours = tagged(sentence)
    doing = actions_of(sentence)
    particles = {w.text for w in ours if w.tag == "PTKVZ"}
    reasons = []
    for at, word in enumerate(ours):
        if not word.tag.startswith("VV"):
            continue
        root, action = stem(word.text), doing.get(word.start, "")
        verb = lemma(word.text, word.tag)
        lemmas = {verb, *(f"{p}{verb}" for p in particles)}
        if lemmas & _LIGHT or has_stem(root, stood) or has_stem(action, done | stood):
            continue
        if any(_kindred(verb, done, stood) for verb in lemmas):
            continue
        echoed = has_stem(root, asked) or has_stem(action, askings)
        if echoed and (
            _describes(ours, at) or (_all_stand(ours, stood) and _together(sentence, text))
        ):
            continue
        reasons.append(f"verb: {word.text}")
    return reasons


def _describes(words: Sequence[Tagged], at: int) -> bool:
    """Whether the verb stands in a relative clause."""
    for word in reversed(words[:at]):
        if word.tag == "PRELS":
            return True
        if word.tag == "$,":
            return False
    return False


def _all_stand(words: Sequence[Tagged], stems: frozenset[str]) -> bool:
    return all(
        has_stem(stem(part.text), stems)
        for word in words
        if word.tag in ("NN", "NE") and not unit_of(word.text) and factor_of(word.text) == 1
        for part in split(word.text)
    )


def _together(sentence: str, text: str) -> bool:
    """Whether the names and numbers the source has stand in one clause of it."""
    words = tokens(text)
    there = quantities(text)
    places = []
    for name in names(sentence):
        roots = set(name_stems(name))
        places.append({t.clause for t in words if t.root in roots})
    for claim in quantities(sentence):
        spans = [(q.start, q.end) for q in there if says(q, claim)]
        places.append({t.clause for t in words if any(a <= t.start < b for a, b in spans)})
    found = [clauses for clauses in places if clauses]
    return not found or bool(set.intersection(*found))


def _kindred(verb: str, done: frozenset[str], stood: frozenset[str]) -> bool:
    return any(has_stem(other, done | stood) for other in alike(stem(verb)))


def singled_out(sentence: str, text: str, context: str) -> list[str]:
    """Reasons: a word that picks one of several ("nächste", "zweite", "größte") and is not the
    source's."""
    known = stems_of(text) | stems_of(context)
    return [
        f"thing: {w.text}"
        for w in tagged(sentence)
        if (_SINGLES_OUT.fullmatch(w.text.casefold()) and not _has(w, known))
        or (w.tag == "ADJ(A)" and _SUPERLATIVE.fullmatch(w.text) and stem(w.text) not in known)
    ]


def _has(word: Tagged, known: frozenset[str]) -> bool:
    return has_stem(stem(word.text), known)
