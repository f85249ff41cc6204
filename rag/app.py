"""The composition root: the one place that knows every adapter and puts them together.

Heavy packages (torch, llama.cpp) are imported when they are first needed, so that ``rag --help``
and ``rag models list`` answer at once.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tqdm import tqdm

from rag import judgement, models, pointing, prompt, store, versions
from rag.assistant import Assistant
from rag.background import begin
from rag.embed_cache import CachedEmbedder
from rag.errors import CorpusError, GeneratorError, ModelError
from rag.indexing import IndexReport, build_index
from rag.lexical import LexicalIndex
from rag.ports import Embedder, Generator, Judge, Progress
from rag.queueing import Queue
from rag.records import Records
from rag.retrieve import OpenIndex
from rag.settings import Settings
from rag.store import VectorStore
from rag.types import Loading

DEFAULT_LLM = "qwen2.5-coder-1.5b-instruct"

Say = Callable[[str], None]
Watch = Callable[[Loading], None]
"""Hears what is being loaded and how far it is. At 100 percent, and no download, it is there."""


# One model after the other: llama.cpp keeps all of Python waiting while it loads, so that nothing
# is won by loading two at the same time, and a page beside them would stand still for longer.
_ONE_AT_A_TIME = threading.Lock()


def unwatched(loading: Loading) -> None:
    """For loading that nobody watches."""


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """The language model in use (None: extractive), and the command that gets a better one."""

    generator: Generator | None
    advice: str | None


def make_index(settings: Settings, say: Say) -> IndexReport:
    """Builds the index over the corpus; progress bars on stderr if that is a terminal."""
    if not settings.corpus.is_dir():  # said before any model loads
        raise CorpusError(f"There is no folder {settings.corpus}.", f"mkdir -p {settings.corpus}")
    embedder = make_embedder(settings, say)
    settings.index.mkdir(parents=True, exist_ok=True)
    cached = CachedEmbedder(embedder, settings.index / "embeddings.sqlite")
    with _bars() as progress:
        return build_index(
            settings.corpus,
            settings.index,
            cached,
            expected(settings, embedder),
            settings.chunk_chars,
            progress,
        )


def make_assistant(
    settings: Settings, say: Say, llm: bool = True, watch: Watch = unwatched
) -> Assistant:
    """The assistant over the current index; without ``llm`` it only searches."""
    versions.open_version(settings.index, {})  # a missing index is said before models load
    # Both models are fetched at the same time.
    choosing = begin(lambda: choose_model(settings, say, watch)) if llm else None
    embedder = make_embedder(settings, say, watch)
    index = IndexReader(settings, embedder)
    index()
    chosen = choosing.result() if choosing else ChosenModel(None, None)
    models = (chosen.generator, chosen.advice, _judge(chosen.generator))
    return Assistant(settings, index, embedder, *models, Queue(_at_once(chosen.generator)))


def _at_once(generator: Generator | None) -> int:
    """How many answers are worked on at the same time: a server may have more processors."""
    return 4 if generator and generator.name.startswith("ollama:") else 1


def _judge(generator: Generator | None) -> Judge | None:
    """The model as a judge, if its backend tells probabilities."""
    return generator if isinstance(generator, Judge) else None


def make_embedder(settings: Settings, say: Say, watch: Watch = unwatched) -> Embedder:
    """The embedding model, fetched first if it is one of the catalogue and not here yet."""
    weights = embedding_weights(settings, say, watch)
    with _loading("embedding", watch):
        from rag.embed import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(
            weights.path, weights.identity, weights.name, processor_threads(settings)
        )


def embedding_weights(settings: Settings, say: Say, watch: Watch = unwatched) -> models.Weights:
    """Where the embedding model is; one of the catalogue is fetched first. Raises ModelError."""
    catalogue = models.load_catalogue()
    name = settings.embedding_model
    if name in catalogue:
        _fetched(catalogue[name], settings, say, watch)
    return models.locate(name, settings.model_dir)


def choose_model(settings: Settings, say: Say, watch: Watch = unwatched) -> ChosenModel:
    """The language model that RAG_LLM names. ``auto``: Ollama if it answers and has a model, else
    the embedded one, else none. Raises ModelError or GeneratorError if a named one is not there."""
    backend, _, name = settings.llm.partition(":")
    if backend == "extractive":
        return ChosenModel(None, "RAG_LLM=auto rag chat")
    if backend == "ollama":
        return ChosenModel(_ollama(settings, name), None)
    if backend == "llamacpp":
        return ChosenModel(_llamacpp(settings, name or DEFAULT_LLM, say, watch), None)
    return _automatic(settings, say, watch)


def _automatic(settings: Settings, say: Say, watch: Watch) -> ChosenModel:
    from rag.generate_ollama import RECOMMENDED, find_model

    found = find_model()
    if found:
        return ChosenModel(_ollama(settings, found), None)
    try:
        generator = _llamacpp(settings, DEFAULT_LLM, say, watch)
        return ChosenModel(generator, f"ollama pull {RECOMMENDED[0]}")
    except (ModelError, GeneratorError) as error:
        say(f"No language model: {error}")
        return ChosenModel(None, f"rag models pull {DEFAULT_LLM}")


def _ollama(settings: Settings, name: str) -> Generator:
    from rag.generate_ollama import RECOMMENDED, OllamaGenerator, find_model

    model = name or find_model()
    if not model:
        raise ModelError("Ollama has no model.", f"ollama pull {RECOMMENDED[0]}")
    return OllamaGenerator(model, seconds=settings.llm_seconds)


def _llamacpp(settings: Settings, name: str, say: Say, watch: Watch) -> Generator:
    from rag.generate_llamacpp import LlamaCppGenerator, LlamaCppPointer

    known_as, path = llm_file(settings, name, say, watch)
    known = models.load_catalogue().get(name)
    adapter = models.whole_adapter(known) if known else None
    beginning = pointing.FIXED if adapter else prompt.FIXED
    with _loading("llm", watch):
        if adapter:
            known_as = f"{known_as}+{adapter.fingerprint}"
        return (LlamaCppPointer if adapter else LlamaCppGenerator)(
            path,
            known_as,
            processor_threads(settings),
            seconds=settings.llm_seconds,
            beginnings=(beginning, judgement.FIXED),
            memory=settings.model_dir / "read",
            adapter=adapter.path if adapter else None,
        )


def llm_file(settings: Settings, name: str, say: Say, watch: Watch = unwatched) -> tuple[str, Path]:
    """The short name and the file of an embedded language model, named as in the catalogue
    (fetched first) or by its path. Raises ModelError."""
    catalogue = {m.name: m for m in models.load_catalogue().values() if m.task == "llm"}
    if name in catalogue:
        return name, _fetched(catalogue[name], settings, say, watch)
    path = Path(name).expanduser()
    if not path.is_file():
        raise ModelError(
            f"There is no model {name}: neither a file nor one of {', '.join(catalogue)}.",
            "unset RAG_LLM",
        )
    return path.stem, path


def _fetched(model: models.Model, settings: Settings, say: Say, watch: Watch) -> Path:
    def fetched(percent: int) -> None:
        watch(Loading(model.task, percent, download=True))

    found = models.ready(model, settings.model_dir)
    return found or models.pull(model, settings.model_dir, say, fetched)


@contextmanager
def _loading(what: Literal["embedding", "llm"], watch: Watch) -> Iterator[None]:
    """Tells of a model that is being loaded from the disk while the block runs; one at a time."""
    watch(Loading(what))
    with _ONE_AT_A_TIME:
        yield
    watch(Loading(what, 100))


def processor_threads(settings: Settings) -> int:
    """Threads to compute with: as set, else all processors this process may use."""
    if settings.threads:
        return settings.threads
    usable = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(usable(0)) if usable else os.cpu_count() or 1


def needed_models(settings: Settings) -> tuple[str, ...]:
    """Names in the catalogue that the settings need: the embedding model and the embedded LLM."""
    backend, _, name = settings.llm.partition(":")
    llm = {"auto": DEFAULT_LLM, "llamacpp": name or DEFAULT_LLM}.get(backend)
    catalogue = models.load_catalogue()
    return tuple(n for n in (settings.embedding_model, llm) if n in catalogue)


def catalogued(name: str) -> models.Model:
    """A model of the catalogue. ModelError names the known ones."""
    catalogue = models.load_catalogue()
    if name not in catalogue:
        raise ModelError(
            f"There is no model {name} in the catalogue ({', '.join(catalogue)}).",
            "rag models list",
        )
    return catalogue[name]


class IndexReader:
    """The current index, open; opened again as soon as CURRENT names another version."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        wanted = expected(settings, embedder)
        self._open = versions.Current(settings.index, wanted, _open_index)

    def __call__(self) -> OpenIndex:
        """The open index. Raises IndexMissing or IndexMismatch."""
        return self._open()


def _open_index(version: str, folder: Path) -> OpenIndex:
    return OpenIndex(
        version,
        Records(folder),
        VectorStore(folder / store.CHUNKS),
        VectorStore(folder / store.SENTENCES),
        LexicalIndex(folder),
    )


def expected(settings: Settings, embedder: Embedder | None = None) -> Mapping[str, object]:
    """What an index has to be built with, to fit these settings (and the embedder)."""
    wanted = {"embedding_model": settings.embedding_model, "chunk_chars": settings.chunk_chars}
    return wanted | ({"fingerprint": embedder.fingerprint} if embedder else {})


@contextmanager
def _bars() -> Iterator[Callable[[str, int], Progress]]:
    """Opens progress bars on stderr and closes them all at the end."""
    with ExitStack() as stack:

        def progress(what: str, total: int) -> Progress:
            bar = stack.enter_context(
                tqdm(total=total, desc=what, unit=" texts", leave=False, disable=None)
            )

            def advance(done: int) -> None:
                bar.update(done)

            return advance

        yield progress
