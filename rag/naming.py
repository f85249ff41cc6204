"""Does the source name what a sentence names, in full or by a short form?"""

from __future__ import annotations

import re

from rag.german import stem, words
from rag.names import named, names
from rag.quantities import quantities
from rag.short_forms import short_forms
from rag.synonyms import alike
from rag.tagging import tag_of, tagged
from rag.wording import has_stem, name_stems, stems_of


def missing_names(sentence: str, text: str, context: str, article: str = "") -> list[str]:
    """Reasons: names that neither the lines nor what stands above them hold.

    ``article`` may complete a name: "Sam Altman" is meant by "Altman" if the article names him in
    full and nobody else of that surname.
    """
    known = stems_of(text) | stems_of(context) | short_forms(sentence, f"{text}\n{context}")
    for quantity in quantities(sentence):  # "Mio." and "Franken" are checked as numbers
        known |= stems_of(quantity.text)
    return [
        f"name: {name}"
        for name in names(sentence)
        if not all(has_stem(root, known) for root in name_stems(name))
        and not _completed(_in_full(name, sentence), known, article)
    ]


def _in_full(name: str, sentence: str) -> str:
    """The name with the word behind it, should that be a surname that looks like another word."""
    behind = re.search(rf"(?<!\w){re.escape(name)} ([A-ZÄÖÜ][\w-]+)", sentence)
    return f"{name} {behind[1]}" if behind and " " not in name else name


def _completed(name: str, known: frozenset[str], article: str) -> bool:
    parts = name.split()
    if len(parts) < 2 or not article or not has_stem(stem(parts[-1]), known):
        return False
    surname = re.escape(parts[-1])
    if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", article):
        return False
    before = re.findall(rf"(?<!\w)([A-ZÄÖÜ]\w{{1,30}}) {surname}(?!\w)", article)
    return all(first == parts[-2] or tag_of(first) != "NE" for first in before)


def missing_things(sentence: str, text: str, context: str, question: str) -> list[str]:
    """Reasons: nouns that neither the lines nor what stands above them nor the question hold."""
    known = stems_of(text) | stems_of(context) | stems_of(question)
    known |= short_forms(sentence, f"{text}\n{context}")
    elsewhere = [(q.start, q.end) for q in quantities(sentence)]
    elsewhere += [(n.start, n.end) for n in named(sentence)]
    return [
        f"thing: {word.text}"
        for word in tagged(sentence)
        if word.tag in ("NN", "NE")
        and word.text[0].isupper()
        and not any(a <= word.start < b for a, b in elsewhere)
        and not _is_known(word.text, known)
    ]


def _is_known(word: str, known: frozenset[str]) -> bool:
    roots = [stem(w.text) for w in words(word)]
    return all(
        len(r) < 3 or has_stem(r, known) or r in _generic() or alike(r) & known for r in roots
    )


_GENERIC = (
    "Jahr Höhe Summe Betrag Zahl Anzahl Menge Wert Firma Unternehmen Person Mensch Thema Teil Art "
    "Name Rahmen Bereich Fall Form Titel Begriff Satz Aussage Frage Antwort Artikel Text Beitrag "
    "Bericht Ort Mitglied Vertreter Angabe"
)  # nouns that sort what is said and claim little of their own


def _generic() -> frozenset[str]:
    return frozenset(stem(w) for w in _GENERIC.split())
