"""What is installed, reachable and stale, each finding with the command that mends it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from rag import app, models, versions
from rag.corpus import read_corpus
from rag.errors import RagError
from rag.generate_ollama import RECOMMENDED, find_model
from rag.settings import Settings

_PACKAGES = ("torch", "sentence-transformers", "faiss-cpu", "gradio", "ollama", "xllamacpp")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination. ``fatal``: the program cannot answer until it is mended."""

    what: str
    good: bool
    mend: str = ""
    fatal: bool = False

    def __str__(self) -> str:
        mark = "ok  " if self.good else "BAD " if self.fatal else "note"
        return f"{mark} {self.what}{f' Mend it: {self.mend}' if self.mend else ''}"


def examine(settings: Settings) -> list[Finding]:
    """Everything a person would look at first when something does not work."""
    findings = [
        Finding(f"RAG_{name.upper()}={value}", True)
        for name, value in settings.model_dump().items()
    ]
    findings += [_package(name) for name in _PACKAGES]
    findings.append(_disk(settings))
    findings += _models(settings)
    findings += _corpus(settings)
    findings += _index(settings)
    return findings


def _package(name: str) -> Finding:
    try:
        return Finding(f"package {name} {version(name)}", True)
    except PackageNotFoundError:
        return Finding(f"package {name} is missing.", False, "make install", fatal=True)


def _disk(settings: Settings) -> Finding:
    folder = settings.model_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    return Finding(
        f"{free:.1f} GB free in {settings.model_dir}.",
        free > 2,
        "" if free > 2 else "RAG_MODEL_DIR=/a/larger/disk rag doctor",
    )


def _models(settings: Settings) -> list[Finding]:
    findings = []
    for name in app.needed_models(settings):
        here = models.ready(app.catalogued(name), settings.model_dir)
        embedding = name == settings.embedding_model
        findings.append(
            Finding(
                f"model {name} is {'here' if here else 'not here'}.",
                here is not None,
                "" if here else f"rag models pull {name}",
                fatal=embedding and here is None,
            )
        )
    if settings.embedding_model not in models.load_catalogue():
        try:
            models.locate(settings.embedding_model, settings.model_dir)
            findings.append(Finding(f"embedding model {settings.embedding_model} is here.", True))
        except RagError as error:
            findings.append(Finding(error.what, False, error.mend, fatal=True))
    served = find_model()
    findings.append(
        Finding(
            f"Ollama answers, with {served}." if served else "Ollama does not answer with a model.",
            served is not None,
            "" if served else f"ollama pull {RECOMMENDED[0]}",
            fatal=served is None and settings.llm.startswith("ollama"),
        )
    )
    return findings


def _corpus(settings: Settings) -> list[Finding]:
    try:
        corpus = read_corpus(settings.corpus)
    except RagError as error:
        return [Finding(error.what, False, error.mend, fatal=True)]
    findings = [Finding(f"{len(corpus.articles)} articles in {settings.corpus}.", True)]
    findings += [Finding(f"{r.article} is refused. {r.reason}", False) for r in corpus.refused]
    findings += [Finding(remark, False) for remark in corpus.remarks]
    indexed = versions.current(settings.index)
    if indexed:
        before = versions.article_hashes(settings.index, indexed)
        now = {a.id: a.sha256 for a in corpus.articles}
        stale = sorted(n for n in before.keys() | now.keys() if before.get(n) != now.get(n))
        stale = [n for n in stale if corpus.records is None or n != corpus.records.id]
        if stale:
            findings.append(
                Finding(f"changed since indexing: {', '.join(stale)}.", False, "rag index")
            )
    return findings


def _index(settings: Settings) -> list[Finding]:
    try:
        name, _, manifest = versions.open_version(settings.index, app.expected(settings))
    except RagError as error:
        return [Finding(error.what, False, error.mend, fatal=True)]
    cut = manifest.get("truncated")
    findings = [Finding(f"index version {name}, {manifest.get('chunks')} chunks.", True)]
    if cut:
        findings.append(
            Finding(
                f"{cut} chunks are longer than the embedding model reads.",
                False,
                "RAG_CHUNK_CHARS=800 rag index",
            )
        )
    return findings
