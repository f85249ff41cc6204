"""A corpus and an index of a test's own, with the small embedder: built in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from small_embedder import SmallEmbedder

from rag import app
from rag.assistant import Assistant
from rag.embed_cache import CachedEmbedder
from rag.indexing import IndexReport, build_index
from rag.settings import Settings, load_settings

BRIDGE = "Die neue Brücke\n\nDie Brücke über die Donau ist 350 Meter lang. Sie steht in Ulm.\n"
TOWER = "Der alte Turm\n\nDer Turm auf dem Hügel ist 80 Meter hoch. Ihn baute Anna Muster.\n"


def no_bars(what: str, total: int) -> app.Progress:
    """Progress that nobody watches."""
    return lambda done: None


@dataclass
class World:
    """A corpus folder, an index folder, and the commands on them without a command line."""

    folder: Path
    embedder: SmallEmbedder = field(default_factory=SmallEmbedder)

    @property
    def settings(self) -> Settings:
        return load_settings(
            corpus=self.folder / "corpus", index=self.folder / "index", llm="extractive"
        )

    def write(self, **articles: str | bytes | None) -> World:
        """Writes NAME.txt for each argument, None removes it."""
        self.settings.corpus.mkdir(parents=True, exist_ok=True)
        for name, content in articles.items():
            path = self.settings.corpus / f"{name}.txt"
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def build(self, embedder: SmallEmbedder | None = None) -> IndexReport:
        own = embedder or self.embedder
        index = self.settings.index
        index.mkdir(parents=True, exist_ok=True)
        return build_index(
            self.settings.corpus,
            index,
            CachedEmbedder(own, index / "embeddings.sqlite"),
            app.expected(self.settings, own),
            self.settings.chunk_chars,
            no_bars,
        )

    def reader(self, embedder: SmallEmbedder | None = None) -> app.IndexReader:
        return app.IndexReader(self.settings, embedder or self.embedder)

    def assistant(self) -> Assistant:
        return Assistant(self.settings, self.reader(), self.embedder, None)

    def found(self, question: str) -> str:
        """The article that is found first, by an index opened just now."""
        return self.assistant().search(question).passages[0].chunk.article
