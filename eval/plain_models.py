"""The program's own models for LangChain: the same files, the same engine, the same threads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import openai
import torch
import xllamacpp
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from eval.errors import EvalError
from rag import app
from rag.errors import ModelError
from rag.settings import Settings

_CONTEXT_TOKENS = 4096
_BATCH = 128  # as in the program: bigger ones only take more memory


class LocalEmbeddings(Embeddings):
    """A sentence-transformers folder for LangChain.

    What langchain-huggingface does; its releases so far ask for an older huggingface-hub.
    """

    def __init__(self, folder: Path, name: str) -> None:
        disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(
            str(folder), local_files_only=True, model_kwargs={"dtype": torch.float32}
        )
        if not any((self._model.prompts or {}).values()) and "e5" in name.lower():
            self._model.prompts = {"query": "query: ", "document": "passage: "}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors = self._model.encode_document(
            texts, normalize_embeddings=True, show_progress_bar=False
        )
        return [[float(x) for x in vector] for vector in vectors]

    def embed_query(self, text: str) -> list[float]:
        vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return [float(x) for x in vector]


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A GGUF file behind llama.cpp's own server on this machine; it lasts as long as ``server``."""

    name: str
    chat: BaseChatModel
    server: xllamacpp.Server | None = None


def make_embeddings(settings: Settings, say: app.Say) -> LocalEmbeddings:
    """The program's embedding model. Raises ModelError."""
    weights = app.embedding_weights(settings, say)
    torch.set_num_threads(app.processor_threads(settings))
    return LocalEmbeddings(weights.path, weights.name)


def make_llm(settings: Settings, say: app.Say) -> LocalModel:
    """The program's embedded language model. Raises ModelError, or EvalError for others."""
    name, path = _gguf(settings, say)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = _CONTEXT_TOKENS
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = _BATCH
    threads = app.processor_threads(settings)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = -1
    params.warmup = False
    params.cache_ram_mib = 0
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError(f"{path} cannot be loaded: {error}.", "rag models verify") from error
    chat = ChatOpenAI(
        base_url=f"{server.listening_address}/v1",
        api_key=lambda: "none",
        model=name,
        temperature=0,
        max_completion_tokens=settings.answer_tokens,
        stream_usage=True,
        timeout=settings.llm_seconds,
        max_retries=0,
        http_client=openai.DefaultHttpxClient(trust_env=False),  # never through a proxy
    )
    return LocalModel(f"llamacpp:{name}", chat, server)


def _gguf(settings: Settings, say: app.Say) -> tuple[str, Path]:
    backend, _, name = settings.llm.partition(":")
    if backend not in ("auto", "llamacpp"):
        what = f"The plain pipeline answers with an embedded model, not with {settings.llm}."
        raise EvalError(what, "--llm llamacpp")
    return app.llm_file(settings, name or app.DEFAULT_LLM, say)
