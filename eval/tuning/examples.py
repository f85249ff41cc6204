"""What is trained on: some sentences of an article, and its questions asked of these alone.

The sentences are those that answer some of the questions, and those that sound most like others;
now and then a sentence stands in one piece with its neighbour, for pieces are of all lengths.
Where the sentence that answers is not among them, the right answer is that none does. All questions
share one listing of evidence, which the model reads once for all of them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from eval.tuning.articles import Asked, Invented, Sentence
from rag import pointing

_FEWEST, _MOST = 1, 9  # pieces of evidence; the program shows about as many
_JOINED = (0.0, 0.3, 0.6)  # shares of the sentences of a listing that stand with their neighbour
_TURNED = 0.5  # share of the listings that begin in the middle: passages come best first
_BEGINNING = 5  # letters of a word that make it sound like another
_MADE_UNANSWERABLE = 1  # questions of a listing whose answer was taken away, at most: they are easy


@dataclass(frozen=True, slots=True)
class Target:
    """``asked``: the question as it stands in the prompt. ``said``: what the model is to say.
    ``firsts``: the first words that are right, letters or NONE."""

    asked: str
    said: str
    firsts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Evidence and what is asked of it."""

    listing: str
    targets: tuple[Target, ...]


def draw(article: Invented, chance: random.Random) -> Example:
    """One of many examples an article gives, with about as many questions that it answers as that
    it does not."""
    wanted = min(chance.randint(_FEWEST, _MOST), len(article.sentences))
    questions = list(article.questions)
    chance.shuffle(questions)
    kept: dict[str, None] = {}
    for id in _telling(article, questions, chance):
        if len(kept) == wanted:
            break
        kept[id] = None
    pieces = _pieces(article, kept, chance)
    if len(pieces) > 1 and chance.random() < _TURNED:
        cut = chance.randrange(1, len(pieces))
        pieces = pieces[cut:] + pieces[:cut]
    places = {sentence.id: place for place, piece in enumerate(pieces) for sentence in piece}
    found = [(q, t) for q in questions if (t := _target(q, places))]
    answered = [t for _, t in found if t.firsts != (pointing.NONE,)]
    tempting = [
        (q, t) for q, t in found if t.firsts == (pointing.NONE,) and _alike(article, q) in places
    ]
    natural = [t for q, t in tempting if not q.gold]
    made = [t for q, t in tempting if q.gold][:_MADE_UNANSWERABLE]
    refused = (made + natural)[: max(1, len(answered))]
    listing = pointing.listing([(p[0].heading, " ".join(s.text for s in p)) for p in pieces])
    return Example(listing, tuple(answered + refused))


def _pieces(
    article: Invented, kept: Collection[str], chance: random.Random
) -> list[tuple[Sentence, ...]]:
    """The sentences kept, in their order; some together with the one after them."""
    share = chance.choice(_JOINED)
    pieces: list[tuple[Sentence, ...]] = []
    following = [*article.sentences[1:], None]
    for sentence, after in zip(article.sentences, following, strict=True):
        if sentence.id not in kept or (pieces and sentence in pieces[-1]):
            continue
        joins = after is not None and after.heading == sentence.heading and chance.random() < share
        pieces.append((sentence, after) if joins and after else (sentence,))
    return pieces


def _telling(article: Invented, questions: list[Asked], chance: random.Random) -> Iterator[str]:
    """Ids of sentences worth showing, in the order of the questions, then of all others."""
    for question in questions:
        yield from question.gold or (_alike(article, question),)
    others = [s.id for s in article.sentences]
    chance.shuffle(others)
    yield from others


def _alike(article: Invented, question: Asked) -> str:
    """The sentence that sounds most like the question and does not answer it."""
    asked = _beginnings(question.question)
    wrong = [s for s in article.sentences if s.id not in (*question.gold, *question.also)]
    return max(wrong, key=lambda s: len(asked & _beginnings(f"{s.heading} {s.text}"))).id


def _beginnings(text: str) -> set[str]:
    return {word[:_BEGINNING] for word in re.findall(r"\w{4,}", text.casefold())}


def _target(question: Asked, places: dict[str, int]) -> Target | None:
    """What is right to say if only these sentences are shown; None if it is half an answer."""
    asked = pointing.asked(question.question, question.before)
    main, *more = question.gold or ("",)
    firsts = [places[id] for id in (main, *question.also) if id in places]
    if not firsts and not any(id in places for id in question.gold):
        return Target(asked, pointing.answered((), ""), (pointing.NONE,))
    whole = all(id in places for id in question.gold)
    if not whole and not any(id in places for id in question.also):
        return None
    pointed = [firsts[0], *(places[id] for id in more if id in places and main in places)]
    said = pointing.answered(list(dict.fromkeys(pointed)), question.answer)
    return Target(asked, said, tuple(pointing.LETTERS[i] for i in dict.fromkeys(firsts)))
