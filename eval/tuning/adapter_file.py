"""Adapters as llama.cpp reads them: a GGUF file of type "adapter" (its convert_lora_to_gguf.py)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np
import torch

from eval.tuning.lora import Adapted

_ARCHITECTURE = "qwen2"
_NAMES = {
    "q_proj": "attn_q", "k_proj": "attn_k", "v_proj": "attn_v", "o_proj": "attn_output",
    "gate_proj": "ffn_gate", "up_proj": "ffn_up", "down_proj": "ffn_down",
}  # fmt: skip


def write(path: Path, adapters: Mapping[str, Adapted]) -> None:
    """Writes the adapters, by "layer.name", as 16-bit numbers."""
    kinds = {(adapter.rank, adapter.scale) for adapter in adapters.values()}
    if len(kinds) != 1:
        raise ValueError("adapters of one rank and scale are wanted")
    ((rank, scale),) = kinds
    writer = gguf.GGUFWriter(path, _ARCHITECTURE)
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", scale * rank)
    for name, matrix in _matrices(adapters).items():
        halves = matrix.detach().cpu().numpy().T.astype(np.float16)
        writer.add_tensor(name, np.ascontiguousarray(halves))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def read_into(path: Path, adapters: Mapping[str, Adapted]) -> None:
    """Has the adapters, by "layer.name", do what the file's do. ValueError if it holds others."""
    reader = gguf.GGUFReader(path)
    alpha = reader.fields["adapter.lora.alpha"].contents()
    held = {tensor.name: torch.from_numpy(np.array(tensor.data)).T for tensor in reader.tensors}
    wanted = _matrices(adapters)
    shapes = {name: tuple(matrix.shape) for name, matrix in wanted.items()}
    if shapes != {name: tuple(matrix.shape) for name, matrix in held.items()}:
        raise ValueError(f"{path} holds adapters of another shape")
    with torch.no_grad():
        for name, matrix in wanted.items():
            matrix.copy_(held[name])
        for adapter in adapters.values():
            adapter.b.mul_(alpha / adapter.rank / adapter.scale)


def _matrices(adapters: Mapping[str, Adapted]) -> dict[str, torch.Tensor]:
    """What is trained, by the name it has in the file."""
    found: dict[str, torch.Tensor] = {}
    for key, adapter in adapters.items():
        layer, _, name = key.partition(".")
        weight = f"blk.{layer}.{_NAMES[name]}.weight"
        found |= {f"{weight}.lora_a": adapter.a, f"{weight}.lora_b": adapter.b}
    return found
