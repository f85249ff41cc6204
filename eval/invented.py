"""The invented articles that were held out when the adapter was tuned, as articles of a corpus.

They were written to be hard: sums, persons and dates that are easily confused, questions in other
words than the text's, and questions that have nearly all its words and no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from eval.suite import Question
from eval.tuning.articles import Invented, Sentence, read_articles
from rag.types import Turn

_SENTENCES = 3  # in a paragraph
_ENDS = (".", "!", "?", "“", ":")  # of a sentence; anything else is an item of a list


@dataclass(frozen=True, slots=True)
class Laid:
    """An invented article as texts, by their ids, and the (id, line from 1) of each sentence."""

    texts: Mapping[str, str]
    places: Mapping[str, tuple[str, int]]


def read_invented(path: Path) -> tuple[tuple[Question, ...], dict[str, str]]:
    """Questions, each with the lines of the sentences that answer it, and articles. What an answer
    has to say is not told, so that none is right or wrong: only what it cites, and refusing."""
    articles: dict[str, str] = {}
    questions: list[Question] = []
    for article in read_articles(path):
        if article.held and not article.passages:
            laid = laid_out(article)
            articles |= laid.texts
            questions += _questions(article, laid)
    return tuple(questions), articles


def laid_out(article: Invented) -> Laid:
    """The texts of an article: one, or one for each passage."""
    if not article.passages:
        return _set(f"{article.id}.txt", article.title, article.sentences)
    texts: dict[str, str] = {}
    places: dict[str, tuple[str, int]] = {}
    passages = groupby(article.sentences, key=lambda s: s.heading)
    for number, (_, sentences) in enumerate(passages, start=1):
        one = _set(f"{article.id}/{number}.txt", "", [replace(s, heading="") for s in sentences])
        texts |= one.texts
        places |= one.places
    return Laid(texts, places)


def _questions(article: Invented, laid: Laid) -> Iterator[Question]:
    for number, asked in enumerate(article.questions, start=1):
        proof = sorted({laid.places[s] for s in (*asked.gold, *asked.also)})
        yield Question(
            f"{article.id}-{number:02}",
            asked.question,
            asked.kind if proof else "unanswerable",
            bool(proof),
            tuple(proof),
            history=(Turn(*asked.before),) if asked.before else (),
        )


def _set(id: str, title: str, sentences: Sequence[Sentence]) -> Laid:
    """The lines of a text: the title if there is one, headings, paragraphs, items."""
    lines, places = [title, ""] if title else [], {}
    heading, open_line = "", 0
    for sentence in sentences:
        if sentence.heading != heading:
            heading, open_line = sentence.heading, 0
            lines += ["", heading, ""] if lines[-1] else [heading, ""]
        if _is_item(sentence):
            lines.append(f"- {sentence.text}")
            open_line = 0
        elif 0 < open_line < _SENTENCES:
            lines[-1] += f" {sentence.text}"
            open_line += 1
        else:
            lines += ["", sentence.text] if lines and lines[-1] else [sentence.text]
            open_line = 1
        places[sentence.id] = (id, len(lines))
    return Laid({id: "\n".join(lines) + "\n"}, places)


def _is_item(sentence: Sentence) -> bool:
    return not sentence.text.endswith(_ENDS)
