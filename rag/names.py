"""Proper names in German text, where every noun is capitalised."""

from __future__ import annotations

from rag.german import Word, stem, stop_stems, words


def names(sentence: str) -> list[str]:
    """What is surely a name: words in capitals or with capitals or digits inside ("OpenAI",
    "ROOST"), and runs of capitalised words ("Emmanuel Macron", "AI Office").

    In German every noun is capitalised, so a single capitalised word may be no name; it weighs
    double in the wording instead.
    """
    run: list[Word] = []
    found: list[str] = []
    for word in [*words(sentence), None]:
        joined = word and run and sentence[run[-1].end : word.start] in (" ", "\u00a0", "-")
        if word and word.text[0].isupper() and stem(word.text) not in stop_stems():
            if joined:
                run.append(word)
                continue
            _end_run(run, found)
            run = [word]
        else:
            _end_run(run, found)
            run = []
    return found


def _end_run(run: list[Word], found: list[str]) -> None:
    strong = [w for w in run if any(c.isupper() or c.isdigit() for c in w.text[1:])]
    if len(run) > 1:
        found.append(" ".join(w.text for w in run))
    elif strong:
        found.append(strong[0].text)
