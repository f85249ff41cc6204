"""Text to vectors with sentence-transformers, whose only home this is.

Importing this module costs seconds (torch, transformers): import it where vectors are needed.
Nothing here reaches for the network; ``models.locate`` says which folder to load.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from rag.e5small import DamagedWeights
from rag.errors import ModelError
from rag.ports import Progress, Vectors

# Batch 8 is faster than 32 on two cores: less padding, and it stays in the cache (measured).
CPU_BATCH, GPU_BATCH = 8, 64
E5_PROMPTS = ("query: ", "passage: ")
# A folder with a file missing, cut or of another kind; the libraries have no error of their own.
_UNLOADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    RuntimeError,
    AttributeError,
    DamagedWeights,
)
_E5 = re.compile(r"(^|[-_/])e5[-_](?!.*instruct)", re.IGNORECASE)


class SentenceTransformersEmbedder:
    """A sentence-transformers folder as an Embedder; float32 on the CPU and on the GPU alike.

    ``identity`` stands for the weights, ``name`` is what the user calls the model. ``threads``
    holds for the whole process, 0 leaves it to torch. ``device`` None takes the GPU if there is
    one. One text is embedded at a time by one thread; others wait. Raises ModelError if the folder
    cannot be loaded.
    """

    def __init__(
        self, path: Path, identity: str, name: str = "", threads: int = 0, device: str | None = None
    ) -> None:
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        if threads:
            torch.set_num_threads(threads)
        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self._model = SentenceTransformer(
                str(path),
                device=device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"dtype": torch.float32},
            )
        except _UNLOADABLE as error:
            reason = (str(error) or type(error).__name__).strip().split("\n")[0].rstrip(".")
            raise ModelError(
                f"The embedding model {name or path} cannot be loaded: {reason}.",
                "rag models verify",
            ) from error
        self._batch = CPU_BATCH if device == "cpu" else GPU_BATCH
        self._query_prompt, self._document_prompt = _prompts(self._model, name or str(path))
        # A fast tokenizer that two threads use at once panics ("Already borrowed").
        self._lock = threading.Lock()
        parts = [identity, "float32", self._query_prompt, self._document_prompt, self.max_tokens]
        self._fingerprint = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    @property
    def fingerprint(self) -> str:
        """Stands for the vectors: weights, number format, prompts, longest text."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """Tokens that are read, prompt and special tokens included; what is beyond is cut."""
        return int(self._model.max_seq_length or 0)

    def query(self, text: str) -> Vectors:
        """A question's vector, shape (1, dimension)."""
        with self._lock:
            return self._encode([text], self._query_prompt, query=True)

    def documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Texts' vectors, shape (len(texts), dimension), in their order.

        Texts of about one length share a batch, the longest first, so that an estimate of the time
        left errs on the safe side. ``progress`` hears of each batch.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        longest_first = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for at in range(0, len(texts), self._batch):
            batch = longest_first[at : at + self._batch]
            with self._lock:
                vectors[batch] = self._encode(
                    [texts[i] for i in batch], self._document_prompt, query=False
                )
            if progress:
                progress(len(batch))
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a document, prompt and special tokens included, uncut."""
        if not texts:
            return []
        with self._lock:
            encoded = self._model.tokenizer(
                [self._document_prompt + text for text in texts],
                truncation=False,
                padding=False,
                return_attention_mask=False,
                verbose=False,
            )
        return [len(ids) for ids in encoded["input_ids"]]

    def _encode(self, texts: list[str], prompt: str, *, query: bool) -> Vectors:
        encode = self._model.encode_query if query else self._model.encode_document
        vectors = encode(
            texts,
            prompt=prompt or None,
            batch_size=self._batch,
            show_progress_bar=False,
            normalize_embeddings=True,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def _prompts(model: SentenceTransformer, name: str) -> tuple[str, str]:
    """The model's own prompts for a query and a document; e5's where an e5 model brings none."""
    own = {key: prompt or "" for key, prompt in (model.prompts or {}).items()}
    query = own.get("query", "")
    document = own.get("document") or own.get("passage") or ""
    if not query and not document and _E5.search(name):
        return E5_PROMPTS
    return query, document
