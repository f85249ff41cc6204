"""The invented articles that were held out when the adapter was tuned, as articles of a corpus.

They were written to be hard: sums, persons and dates that are easily confused, questions in other
words than the text's, and questions that have nearly all its words and no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.suite import Question
from eval.tuning.articles import Invented, Sentence, read_articles
from rag.types import Turn

_SENTENCES = 3  # in a paragraph
_ENDS = (".", "!", "?", "“", ":")  # of a sentence; anything else is an item of a list


def read_invented(path: Path) -> tuple[tuple[Question, ...], dict[str, str]]:
    """Questions, each with the lines of the sentences that answer it, and articles. What an answer
    has to say is not told, so that none is right or wrong: only what it cites, and refusing."""
    articles: dict[str, str] = {}
    questions: list[Question] = []
    for article in read_articles(path):
        if article.held:
            id = f"{article.id}.txt"
            lines, places = _set(article)
            articles[id] = "\n".join(lines) + "\n"
            questions += _questions(article, id, places)
    return tuple(questions), articles


def _questions(article: Invented, id: str, places: dict[str, int]) -> Iterator[Question]:
    for number, asked in enumerate(article.questions, start=1):
        proof = sorted({places[s] for s in (*asked.gold, *asked.also)})
        yield Question(
            f"{article.id}-{number:02}",
            asked.question,
            asked.kind if proof else "unanswerable",
            bool(proof),
            tuple((id, line) for line in proof),
            history=(Turn(*asked.before),) if asked.before else (),
        )


def _set(article: Invented) -> tuple[list[str], dict[str, int]]:
    """The lines of the article, and in which of them, from 1, each sentence stands."""
    lines, places = [article.title, ""], {}
    heading, open_line = "", 0
    for sentence in article.sentences:
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
            lines += ["", sentence.text] if lines[-1] else [sentence.text]
            open_line = 1
        places[sentence.id] = len(lines)
    return lines, places


def _is_item(sentence: Sentence) -> bool:
    return not sentence.text.endswith(_ENDS)
