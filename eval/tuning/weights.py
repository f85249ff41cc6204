"""The weights of a GGUF file as a model that can be trained: what the program answers with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from torch import Tensor
from transformers import Qwen2Config, Qwen2ForCausalLM

_ARCHITECTURE = "qwen2"
_OUTSIDE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_IN_BLOCK = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "attn_norm": "input_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    "ffn_norm": "post_attention_layernorm",
}  # fmt: skip


def load(path: Path, device: str) -> Any:
    """A Qwen2 model with the file's weights, as 16-bit numbers. ValueError for any other."""
    reader = gguf.GGUFReader(path)
    if _field(reader, "general.architecture") != _ARCHITECTURE:
        raise ValueError(f"{path} is no {_ARCHITECTURE} model")
    with ThreadPoolExecutor() as pool:
        read = pool.map(lambda t: (_name(t.name), _values(t).to(device)), reader.tensors)
        state = dict(read)
    with torch.device("meta"):
        model = Qwen2ForCausalLM(_config(reader, state["model.embed_tokens.weight"]))
    state.setdefault("lm_head.weight", state["model.embed_tokens.weight"])
    model.load_state_dict(state, assign=True)
    with torch.device(device):  # what is computed, not loaded, is still on none
        model.model.rotary_emb = type(model.model.rotary_emb)(model.config)
    return model


def _values(tensor: Any) -> Tensor:
    values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    return torch.from_numpy(np.array(values)).to(torch.bfloat16)


def _name(name: str) -> str:
    """As transformers calls it: "blk.3.attn_q.weight"."""
    if name in _OUTSIDE:
        return _OUTSIDE[name]
    _, block, part, kind = name.split(".")
    return f"model.layers.{block}.{_IN_BLOCK[part]}.{kind}"


def _config(reader: Any, embedding: Tensor) -> Qwen2Config:
    def value(key: str) -> Any:
        return _field(reader, f"{_ARCHITECTURE}.{key}")

    return Qwen2Config(
        vocab_size=embedding.shape[0],
        hidden_size=embedding.shape[1],
        intermediate_size=value("feed_forward_length"),
        num_hidden_layers=value("block_count"),
        num_attention_heads=value("attention.head_count"),
        num_key_value_heads=value("attention.head_count_kv"),
        rms_norm_eps=value("attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": value("rope.freq_base")},
        max_position_embeddings=value("context_length"),
        tie_word_embeddings=False,
    )


def _field(reader: Any, key: str) -> Any:
    field = reader.get_field(key)
    return None if field is None else field.contents()
