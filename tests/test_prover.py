"""What may be said in answer: the parts that need no model and no index."""

from __future__ import annotations

import pytest

from rag.corpus import RECORDS
from rag.opinion import Judged
from rag.prover import Prover
from rag.types import Article, Evidence, Message, Metadata

TEXT = "Der Elde-Bote erscheint täglich in Rulm."


class Agreeing:
    """A judge that is content with anything."""

    def weigh(self, messages: list[Message], yes: str, no: str) -> float:
        return 0.99


@pytest.mark.parametrize(("article", "quoted"), [("bote.txt", [TEXT]), (RECORDS, [])])
def test_an_article_is_quoted_as_an_answer_and_a_record_of_its_origin_never(
    article: str, quoted: list[str]
) -> None:
    question = "Was macht der Elde-Bote?"
    opinion = Judged(Agreeing(), question, question)
    prover = Prover(question, question, lambda id: Article(id, TEXT, "", Metadata()), opinion)
    piece = Evidence(article, 1, 0, len(TEXT), TEXT, (), Metadata())
    assert [statement.text for statement in prover.quotes([piece])] == quoted


def test_a_no_that_nothing_bears_out_is_not_said() -> None:
    question = "Erscheint der Elde-Bote wöchentlich?"
    prover = Prover(question, question, lambda id: Article(id, TEXT, "", Metadata()), None)
    piece = Evidence("bote.txt", 1, 0, len(TEXT), TEXT, (), Metadata())
    assert prover.prove(f"Ja, {TEXT[0].lower()}{TEXT[1:]}", (0,), [piece]).text == TEXT
    assert prover.prove("Nein.", (0,), [piece]).verdict.support == "unsupported"
