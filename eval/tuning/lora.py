"""Low-rank adaptation (Hu et al. 2021, arXiv 2106.09685): a model's own weights stay fixed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

SCALE = 2.0
"""What the low-rank product is multiplied by while it learns: alpha / rank."""

ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
FEED_FORWARD = ("gate_proj", "up_proj", "down_proj")


class Adapted(nn.Module):
    """A fixed linear layer, and beside it the trained product of ``a``, shape (n, rank), and ``b``,
    shape (rank, m), which are kept as 32-bit numbers."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self._fixed = linear
        self.rank = rank
        self.scale = SCALE
        n, m = linear.in_features, linear.out_features
        device = linear.weight.device
        self.a = nn.Parameter(torch.randn(n, rank, device=device) / math.sqrt(n))
        self.b = nn.Parameter(torch.zeros(rank, m, device=device))

    def forward(self, x: Tensor) -> Tensor:
        product = (x @ self.a.to(x.dtype)) @ self.b.to(x.dtype)
        fixed: Tensor = self._fixed(x)
        return fixed + self.scale * product


def adapt(model: Any, rank: int) -> Mapping[str, Adapted]:
    """Fixes a Qwen2 model and puts adapters beside all linear layers of its blocks; they are
    returned by "block.name"."""
    model.requires_grad_(False)
    adapters = {}
    for number, block in enumerate(model.model.layers):
        for owner, name in _linears(block):
            adapted = Adapted(getattr(owner, name), rank)
            setattr(owner, name, adapted)
            adapters[f"{number}.{name}"] = adapted
    return adapters


def _linears(block: Any) -> Iterator[tuple[Any, str]]:
    yield from ((block.self_attn, name) for name in ATTENTION)
    yield from ((block.mlp, name) for name in FEED_FORWARD)
