"""Asks the questions of a suite and keeps what a model would be shown.

All invented articles lie in one index, so that beside the sentence that answers stands what the
search takes for like it, of other articles too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eval.datasets import INVENTED, SEED, Dataset, load_dataset, rest, sample
from eval.errors import EvalError
from eval.files import read_text
from eval.invented import Laid, laid_out
from eval.news import read_news
from eval.tuning.articles import Asked, Invented, read_articles
from eval.tuning.shown import Shown
from eval.worlds import Say, temporary
from rag import app, pointing
from rag.assistant import Assistant
from rag.question import expanded, standalone
from rag.retrieve import retrieve
from rag.select import candidates, choose_evidence
from rag.sentences import sentence_spans
from rag.settings import Settings
from rag.types import Evidence, Turn

_MORE, _MORE_TOKENS = 12, 900  # pieces beside those of an answer, to draw others from
NEWS = "news"
NEWS_QUESTIONS = Path(__file__).with_name("news.tsv")
"""Questions about news: the id of the text, its sentences that answer, from 0, and the question."""
_NO_PLACE = "-"  # where none does
_OTHERS = 2  # articles beside its own from which a question is asked, at most


def of_suite(
    source: str, settings: Settings, say: Say, limit: int | None, left: bool
) -> list[Shown]:
    """What is shown for the questions of a suite as ``python -m eval run`` names it, for all
    invented articles if that is "invented". ``limit``: a sample only, or ``left``: the rest.
    "news:FILE": the questions of news.tsv over those texts of a news file (eval/news.py)."""
    kind, _, file = source.partition(":")
    if limit and kind in (NEWS, INVENTED):
        raise EvalError(f"{kind} is shown as a whole, without --limit.")
    if kind == NEWS:
        return _of_news(Path(file), settings, say)
    dataset = load_dataset(source)
    if dataset.name == INVENTED:
        articles = read_articles()
        laid = [laid_out(article) for article in articles]
        whole = {id: text for one in laid for id, text in one.texts.items()}
        with temporary(settings, whole, say, llm=False) as assistant:
            return list(of_articles(articles, laid, assistant, settings, random.Random(SEED)))  # noqa: S311
    dataset = rest(dataset, limit or 0) if left else sample(dataset, limit)
    if dataset.articles is None:
        return list(of_dataset(dataset, app.make_assistant(settings, say, llm=False), settings))
    ids = {id for question in dataset.questions for id in dataset.articles_of(question)}
    texts = {id: dataset.articles[id] for id in sorted(ids)} if dataset.groups else dataset.articles
    with temporary(settings, texts, say, llm=False) as assistant:
        return list(of_dataset(dataset, assistant, settings))


def _of_news(path: Path, settings: Settings, say: Say) -> list[Shown]:
    """Which sentences answer is known here, but not what is to be said."""
    texts = {news.id: news.text for news in read_news(path)}
    rows = [line.split("\t") for line in read_text(NEWS_QUESTIONS).split("\n") if line.strip()]
    if missing := sorted({id for id, _, _ in rows} - set(texts)):
        raise EvalError(f"{path}: has no text {missing[0]!r}, which {NEWS_QUESTIONS.name} asks of.")
    sentences = {id: [texts[id][a:b] for a, b in sentence_spans(texts[id])] for id, _, _ in rows}
    articles = {f"{id}.txt": texts[id] for id in sentences}
    chance = random.Random(SEED)  # noqa: S311
    found = []
    with temporary(settings, articles, say, llm=False) as assistant:
        for number, (id, places, question) in enumerate(rows, start=1):
            gold = tuple(places.split(",")) if places != _NO_PLACE else ()
            asked = Asked(question, "", gold[:1], gold[1:], "")
            said = {str(i): (f"{id}.txt", text) for i, text in enumerate(sentences[id])}
            near = {f"{id}.txt", *chance.sample(sorted(articles), chance.randint(0, _OTHERS))}
            for among in (near, None):
                name = f"{id}-{number:03}{'' if among else '-all'}"
                one = _of_asked(name, False, asked, said, assistant, settings, among)
                if _tells(one, among, asked):
                    found.append(one)
    return found


def of_articles(
    articles: Sequence[Invented],
    laid: Sequence[Laid],
    assistant: Assistant,
    settings: Settings,
    chance: random.Random,
) -> Iterator[Shown]:
    """What is shown for the questions of invented articles, once from all of them, over which
    ``assistant`` is, and once from the article and some others: many questions only make sense to
    somebody who has it in mind. Passages of an encyclopaedia are asked by themselves."""
    ids = [tuple(one.texts) for one in laid]
    for article, one in zip(articles, laid, strict=True):
        texts = {s.id: (one.places[s.id][0], s.text) for s in article.sentences}
        for number, asked in enumerate(article.questions, start=1):
            others = [] if article.passages else chance.sample(ids, chance.randint(0, _OTHERS))
            near = {*one.texts, *(id for some in others for id in some)}
            for among in (near,) if article.passages else (near, None):
                id = f"{article.id}-{number:02}{'' if among else '-all'}"
                shown = _of_asked(id, article.held, asked, texts, assistant, settings, among)
                if _tells(shown, among, asked):
                    yield shown


def _tells(shown: Shown, among: set[str] | None, asked: Asked) -> bool:
    """Whether it is known what is right: asked of all articles, another might answer too."""
    return bool(shown.usual) and bool(among or shown.right or not asked.gold)


def _of_asked(
    id: str,
    held: bool,
    asked: Asked,
    texts: Mapping[str, tuple[str, str]],
    assistant: Assistant,
    settings: Settings,
    among: set[str] | None,
) -> Shown:
    """``texts``: the (id of the text, words) of each sentence."""
    history = (Turn(*asked.before),) if asked.before else ()
    tail, evidence, usual = _shown(assistant, settings, asked.question, history, among)
    proving = [_of(evidence, *texts[s]) for s in asked.gold]
    alone = [_of(evidence, *texts[s]) for s in asked.also]
    main = proving[0] if proving else []
    whole = list(filter(None, [proving if all(proving) else [], *([a] for a in alone if a)]))
    known = bool(whole and asked.answer)
    told = tuple(dict.fromkeys(found[0] for found in whole[0])) if known else ()
    return Shown(
        id=id,
        held=held,
        asked=tail,
        pieces=tuple(map(pointing.piece, evidence)),
        usual=usual,
        right=tuple(dict.fromkeys(i for found in (main, *alone) for i in found)),
        told=told,
        answer=asked.answer if told else "",
    )


def of_dataset(dataset: Dataset, assistant: Assistant, settings: Settings) -> Iterator[Shown]:
    """The same for a data set; ``assistant`` is over all of its articles. Where only is told
    whether a question is answered by them, any piece may be pointed at if it is."""
    for question in dataset.questions:
        among = set(dataset.articles_of(question)) if dataset.groups else None
        asked = (question.question, question.history)
        tail, evidence, usual = _shown(assistant, settings, *asked, among)
        unknown = question.answerable and not question.lines
        right = [
            i for i, e in enumerate(evidence) if unknown or (e.article, e.line) in question.lines
        ]
        pieces = tuple(map(pointing.piece, evidence))
        if usual:
            yield Shown(question.id, False, tail, pieces, usual, tuple(right), (), "")


def _shown(
    assistant: Assistant,
    settings: Settings,
    question: str,
    history: Sequence[Turn],
    among: set[str] | None,
) -> tuple[str, list[Evidence], tuple[int, ...]]:
    """How it is asked, many pieces, and the places of those that the program shows."""
    index = assistant.index
    whole = standalone(question, history)
    follows = bool(history) and whole != question
    also = expanded(question, history)
    found = retrieve(index, assistant.embedder, whole, settings.passages, also, among)
    pieces = candidates(found.passages, index.records.article)
    usual = choose_evidence(whole, pieces, settings.evidence_tokens, question, pointing.FEWEST)
    many = choose_evidence(whole, pieces, _MORE_TOKENS, question, _MORE)
    by_place = {(e.article, e.start): e for e in (*many, *usual)}
    places = dict.fromkeys((c.evidence.article, c.evidence.start) for c in pieces)
    order = [by_place[at] for at in places if at in by_place][: len(pointing.LETTERS)]
    of_usual = {(e.article, e.start) for e in usual}
    shown = tuple(i for i, e in enumerate(order) if (e.article, e.start) in of_usual)
    before = (history[-1].question, history[-1].answer) if follows else None
    return pointing.asked(question if follows else whole, before), order, shown


def _of(evidence: Sequence[Evidence], article: str, text: str) -> list[int]:
    """Places of the pieces that are the sentence, lie in it or hold it."""
    wanted = _plain(text)
    return [
        place
        for place, piece in enumerate(evidence)
        if piece.article == article
        and (_plain(piece.text) in wanted or wanted in _plain(piece.text))
    ]


def _plain(text: str) -> str:
    return " ".join(text.split())
