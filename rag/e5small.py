"""multilingual-e5-small from its packed 4-bit file to an ordinary sentence-transformers folder.

Two files in, one folder out; nothing here knows where the files came from or where they belong.
Format "E5S1" (little endian): a header, an embedded tokenizer (skipped, the real tokenizer.json is
used), an index of tensors, the tensors. 4-bit tensors hold blocks of 32 weights in 18 bytes: an
f16 scale, then 16 bytes with weight j in the low and weight j + 16 in the high half of byte j;
weight = (half - 8) * scale, which float32 holds exactly.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import save_file

VERSION = 1  # of what build() makes; a new number has it made anew
FLOAT32, PACKED = 0, 1
BLOCK = 32
PROMPTS = {"query": "query: ", "document": "passage: "}

_BLOCK_BYTES = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


DamagedWeights = SafetensorError
"""What reading a cut or damaged safetensors file raises."""


class FormatError(ValueError):
    """The file is not a whole "E5S1" file of version 1."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network, as the file's header gives them."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


class _Reader:
    """Reads values one after the other; FormatError where the file ends too early."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def values(self, layout: str) -> tuple[int, ...]:
        try:
            found = struct.unpack_from("<" + layout, self.data, self.at)
        except struct.error as error:
            raise FormatError(f"ends within its header, at byte {self.at}") from error
        self.at += struct.calcsize("<" + layout)
        return found


def unpack(packed: bytes | memoryview) -> NDArray[np.float32]:
    """Blocks of 18 bytes to weights, shape (32 * blocks,)."""
    blocks = np.frombuffer(packed, dtype=_BLOCK_BYTES)
    weights = np.empty((len(blocks), BLOCK), dtype=np.float32)
    weights[:, : BLOCK // 2] = blocks["halves"] & 0x0F
    weights[:, BLOCK // 2 :] = blocks["halves"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def read_shape(data: memoryview) -> tuple[Shape, int]:
    """The header, and the offset of the tensor index. FormatError if it is another format."""
    reader = _Reader(data)
    if bytes(data[:4]) != b"E5S1":
        raise FormatError("does not begin with E5S1")
    reader.at = 4
    (version,) = reader.values("I")
    if version != 1:
        raise FormatError(f"is version {version}, not 1")
    hidden, layers, heads, ffn, vocabulary, positions, token_types = reader.values("7i")
    (epsilon,) = reader.values("f")
    (block,) = reader.values("i")
    if block != BLOCK:
        raise FormatError(f"has blocks of {block} weights, not {BLOCK}")
    pieces, _bos, _eos, _pad, _unk, blob = reader.values("5iQ")
    reader.at += 4 * (pieces + 1) + 4 * pieces + blob
    _entries, map_bytes = reader.values("iI")
    reader.at += map_bytes
    return Shape(hidden, layers, heads, ffn, vocabulary, positions, token_types, epsilon), reader.at


def read_tensors(data: memoryview, at: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Each tensor's name in the file and its values, flat. FormatError if one is cut."""
    reader = _Reader(data)
    reader.at = at
    (count,) = reader.values("i")
    for _ in range(count):
        (length,) = reader.values("H")
        name = bytes(data[reader.at : reader.at + length]).decode("ascii")
        reader.at += length
        kind, elements, offset, size = reader.values("BIQQ")
        stored = data[offset : offset + size]
        expected = {FLOAT32: 4 * elements, PACKED: elements // BLOCK * _BLOCK_BYTES.itemsize}
        if len(stored) != size or expected.get(kind) != size:
            raise FormatError(f"has a cut or unknown tensor {name!r} (type {kind}, {size} bytes)")
        yield name, np.frombuffer(stored, dtype="<f4") if kind == FLOAT32 else unpack(stored)


def bert_name(name: str) -> str:
    """The name transformers' BertModel gives the tensor that the file calls ``name``."""
    parts = name.split(".")
    suffix = {"w": "weight", "b": "bias"}
    if parts[0] == "emb":
        word = {"word": "word", "pos": "position", "type": "token_type"}.get(parts[1])
        return (
            f"embeddings.{word}_embeddings.weight"
            if word
            else f"embeddings.LayerNorm.{suffix[parts[2]]}"
        )
    return f"encoder.layer.{parts[0][1:]}.{_LAYER_NAMES[parts[1]]}.{suffix[parts[2]]}"


def build(packed: Path, tokenizer: Path, folder: Path) -> None:
    """Write the sentence-transformers folder; about 3 s and 471 MB (float32).

    ``folder`` appears whole or not at all to those who wait for the caller's rename: it is made
    anew, so hand in a temporary name. Raises FormatError, OSError.
    """
    data = memoryview(packed.read_bytes())
    shape, at = read_shape(data)
    tensors: dict[str, NDArray[np.float32]] = {}
    for name, values in read_tensors(data, at):
        tensors[bert_name(name)] = values.reshape(_tensor_shape(bert_name(name), values, shape))
    folder.mkdir(parents=True)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    for file, content in _descriptions(shape).items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _tensor_shape(name: str, values: NDArray[np.float32], shape: Shape) -> tuple[int, ...]:
    """Matrices are (out, in) and rows; everything else stays a vector."""
    if not name.endswith("weight") or "LayerNorm" in name:
        return (values.size,)
    width = shape.ffn if name.endswith(".output.dense.weight") and "attention" not in name else 0
    return (-1, width or shape.hidden)


def _descriptions(shape: Shape) -> dict[str, object]:
    """The small JSON files that say what the weights are and how to use them."""
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.ffn,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "layer_norm_eps": float(f"{shape.epsilon:.6g}"),  # float32 in the file
            "hidden_act": "gelu",
            "pad_token_id": 0,  # BERT's own; the mask hides the padding, whatever its number
            "dtype": "float32",
        },
        # The class that takes tokenizer.json as it is, instead of rebuilding it from its parts.
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {
                "idx": 0,
                "name": "0",
                "path": "",
                "type": "sentence_transformers.models.Transformer",
            },
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.models.Normalize",
            },
        ],
        "sentence_bert_config.json": {
            "max_seq_length": shape.positions,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},  # the file has no weights for it
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
