"""German lexical search: BM25 over stems, OR semantics. Home of bm25s (its index).

BM25 as in Lucene (Kamphuis et al. 2020, "Which BM25 do you mean?"), scores computed at index time
(Lù 2024, arXiv 2407.03618). Saved as plain numpy arrays and JSON, never pickled.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np

from rag.errors import IndexMismatch
from rag.german import terms

FOLDER = "lexical"
_NOTHING = "\0"  # bm25s cannot hold an empty vocabulary


def write_lexical(folder: Path, texts: Sequence[str]) -> None:
    """Indexes the texts; row n is text n."""
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    # Nor can it hold no text at all: articles of boilerplate only give no chunk.
    index.index([[*terms(text), _NOTHING] for text in texts or [""]], show_progress=False)
    index.save(str(folder / FOLDER), show_progress=False)


class LexicalIndex:
    """An open BM25 index."""

    def __init__(self, folder: Path) -> None:
        try:
            self._index = bm25s.BM25.load(
                str(folder / FOLDER), load_corpus=False, show_progress=False
            )
        except (OSError, ValueError, KeyError) as error:
            raise IndexMismatch(f"{folder / FOLDER} cannot be read.", "rag index") from error

    def coverage(self, question: str) -> float:
        """The share of the question's terms that stand anywhere in the corpus, in [0, 1].

        Low for a question in another language or full of typos: then words say little.
        """
        asked = terms(question)
        return sum(t in self._index.vocab_dict for t in asked) / len(asked) if asked else 0.0

    def search(self, question: str, k: int) -> list[tuple[int, float]]:
        """The k rows with the highest BM25 score above 0: (row, score), best first."""
        wanted = [t for t in terms(question) if t in self._index.vocab_dict]
        if not wanted:
            return []
        scores = np.asarray(self._index.get_scores(wanted), dtype=np.float32)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(int(row), float(scores[row])) for row in best if scores[row] > 0]
