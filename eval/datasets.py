"""What a run asks: a suite over the user's own index, or a data set that brings its articles.

``squad:FILE``     one article a title, one paragraph a line; all questions share the articles.
``nomiracl:FILE``  each question has ten passages of its own, one article each, and no others.
``invented``       the invented articles that the adapter was not tuned on (eval/tuning).
Anything else is the path of a suite. Distractors are more articles for ``squad:FILE``, which no
question is about. Where something is wrong, EvalError or SuiteError names the file and the line, or
the question's id.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from eval.errors import EvalError
from eval.files import read_text, stem
from eval.invented import read_invented
from eval.news import read_news
from eval.nomiracl import read_nomiracl
from eval.squad import read_squad
from eval.suite import Question, SuiteError, load_suite
from eval.tuning.articles import ARTICLES
from rag.lines import line_count, line_span

SEED = 20250210
"""Of everything drawn by chance: the sample of ``--limit`` and the bootstrap."""

INVENTED = "invented"
_ID = re.compile(r"\w[\w.-]{0,99}")  # can be the name of a file
_ONLY = "distractors go with squad:FILE only"


@dataclass(frozen=True, slots=True)
class Distractors:
    """The file that articles without an answer came from, and how many."""

    path: Path
    sha256: str
    articles: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions and what they are asked of.

    ``articles``: text by id, None where the index of the settings is asked. ``groups``: by question
    id the ids of the only articles it is asked of; None where every question may see them all.
    ``distractors``: where those of ``articles`` came from that no question is about.
    """

    name: str
    path: Path
    sha256: str
    questions: tuple[Question, ...]
    articles: Mapping[str, str] | None = None
    groups: Mapping[str, tuple[str, ...]] | None = None
    distractors: Distractors | None = None

    def articles_of(self, question: Question) -> dict[str, str]:
        """The articles that question may be answered from."""
        if self.articles is None:
            raise TypeError("the articles are those of the index")
        ids = self.articles if self.groups is None else self.groups[question.id]
        return {id: self.articles[id] for id in ids}


def load_dataset(source: str) -> Dataset:
    """The data set that SUITE on the command line names. Raises EvalError or SuiteError."""
    if source == INVENTED:
        questions, articles = read_invented(ARTICLES)
        return Dataset(source, ARTICLES, _sha256(ARTICLES), questions, articles)
    kind, _, rest = source.partition(":")
    if kind not in ("squad", "nomiracl") or not rest:
        path = Path(source)
        questions = load_suite(path)
        return Dataset(path.stem, path, _sha256(path), questions)
    path = Path(rest)
    text = read_text(path)
    name = f"{kind}-{stem(path)}"
    if kind == "squad":
        questions, articles = read_squad(path, text)
        return Dataset(name, path, _sha256(path), questions, articles)
    questions, articles, groups = read_nomiracl(path, text)
    return Dataset(name, path, _sha256(path), questions, articles, groups)


def with_distractors(dataset: Dataset, path: Path) -> Dataset:
    """Every text of a news file (eval/news.py) as one more article, "<id>.txt", as it is.

    Nobody looks whether one does hold an answer. EvalError if the data set has no articles that all
    questions share, or a text cannot become one of them.
    """
    if dataset.articles is None:
        raise EvalError(f"{dataset.path}: a suite is asked of the index, {_ONLY}.")
    if dataset.groups is not None:
        raise EvalError(f"{dataset.path}: each question has passages of its own, {_ONLY}.")
    articles = dict(dataset.articles)
    taken = {id.casefold() for id in articles}
    found = read_news(path)
    for news in found:
        id = f"{news.id}.txt"
        if not _ID.fullmatch(news.id):
            raise EvalError(f"{path}:{news.line}: no id that can name an article.")
        if id.casefold() in taken:
            raise EvalError(f"{path}:{news.line}: there is an article {id!r} already.")
        if not news.text.strip():
            raise EvalError(f"{path}:{news.line}: the text of {news.id!r} is empty.")
        taken.add(id.casefold())
        articles[id] = news.text
    return replace(
        dataset,
        name=f"{dataset.name}+{stem(path)}",
        articles=articles,
        distractors=Distractors(path, _sha256(path), len(found)),
    )


def sample(dataset: Dataset, limit: int | None) -> Dataset:
    """``limit`` questions drawn by SEED, in their order; all if there are no more."""
    if limit is None or limit >= len(dataset.questions):
        return dataset
    order = random.Random(SEED).sample(range(len(dataset.questions)), limit)  # noqa: S311
    return replace(dataset, questions=tuple(dataset.questions[i] for i in sorted(order)))


def rest(dataset: Dataset, limit: int) -> Dataset:
    """What ``sample`` leaves out."""
    drawn = {question.id for question in sample(dataset, limit).questions}
    left = tuple(question for question in dataset.questions if question.id not in drawn)
    return replace(dataset, questions=left)


def check_lines(dataset: Dataset, articles: Mapping[str, str]) -> None:
    """Refuses a proving line that is not there: it could only be scored as never found."""
    for question in dataset.questions:
        proof = []
        for article, line in question.lines:
            text = articles.get(article)
            if text is None:
                known = ", ".join(sorted(articles)[:5])
                why = f"{question.id}: the index has no article {article!r} (it has {known})"
                raise SuiteError(dataset.path, question.at, why)
            if line > line_count(text):
                why = f"{question.id}: {article} has {line_count(text)} lines, not {line}"
                raise SuiteError(dataset.path, question.at, why)
            start, end = line_span(text, line)
            proof.append(text[start:end].strip())
        if question.lines and not any(proof):
            raise SuiteError(dataset.path, question.at, f"{question.id}: its lines are blank")


def name_for_file(name: str) -> str:
    """A name that can stand in a path."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "suite"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
