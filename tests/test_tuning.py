"""The adapter: low-rank layers, the file llama.cpp reads, and that training teaches to point."""

from __future__ import annotations

from pathlib import Path

import gguf
import torch
from torch import nn

from eval.tuning import adapter_file
from eval.tuning.lora import SCALE, Adapted


def test_an_adapted_layer_begins_as_the_fixed_one_and_only_the_low_rank_part_learns() -> None:
    torch.manual_seed(0)
    fixed = nn.Linear(6, 4).requires_grad_(False)
    adapted = Adapted(fixed, rank=2)
    x = torch.randn(3, 6)
    assert torch.equal(adapted(x), fixed(x))
    with torch.no_grad():
        adapted.b.copy_(torch.randn(2, 4))
    adapted(x).sum().backward()
    learning = {name for name, p in adapted.named_parameters() if p.grad is not None}
    assert learning == {"a", "b"}
    by_hand = fixed(x) + SCALE * (x @ (adapted.a @ adapted.b))
    assert torch.allclose(adapted(x), by_hand, atol=1e-5)


def test_the_file_holds_both_matrices_of_each_layer_as_llama_cpp_wants_them(tmp_path: Path) -> None:
    adapters = {
        "0.q_proj": Adapted(nn.Linear(6, 4), rank=2),
        "11.down_proj": Adapted(nn.Linear(8, 6), rank=2),
    }
    path = tmp_path / "adapter.gguf"
    adapter_file.write(path, adapters)
    reader = gguf.GGUFReader(path)
    assert reader.fields["adapter.lora.alpha"].contents() == SCALE * 2  # over the rank: SCALE
    shapes = {tensor.name: tuple(tensor.data.shape) for tensor in reader.tensors}
    assert shapes == {
        "blk.0.attn_q.weight.lora_a": (2, 6),
        "blk.0.attn_q.weight.lora_b": (4, 2),
        "blk.11.ffn_down.weight.lora_a": (2, 8),
        "blk.11.ffn_down.weight.lora_b": (6, 2),
    }
