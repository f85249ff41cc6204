"""Low-rank adaptation (Hu et al. 2021, arXiv 2106.09685): a model's own weights stay fixed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

SCALE = 2.0
"""What the low-rank product is multiplied by: alpha / rank."""

_ADAPTED = ("q_proj", "k_proj", "v_proj", "o_proj")


class _Product(torch.autograd.Function):
    """``x @ w`` for a fixed ``w``, by numpy: its BLAS is a third faster on some processors."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: NDArray[np.float32]) -> Tensor:
        ctx.w = w
        return _times(x, w)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return _times(grad, ctx.w.T), None


def _times(x: Tensor, w: NDArray[np.float32]) -> Tensor:
    flat = x.detach().reshape(-1, x.shape[-1]).contiguous().numpy()
    return torch.from_numpy(flat @ w).reshape(*x.shape[:-1], w.shape[1])


def product(x: Tensor, w: NDArray[np.float32]) -> Tensor:
    """``x @ w``: shapes (..., n) and (n, m)."""
    return _Product.apply(x, w)  # type: ignore[no-any-return, no-untyped-call]


class Adapted(nn.Module):
    """A fixed linear layer, and beside it the trained product of ``a``, shape (n, rank), and ``b``,
    shape (rank, m); with rank 0 only the fixed layer."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self._w = linear.weight.detach().t().contiguous().numpy()
        self._bias = None if linear.bias is None else linear.bias.detach()
        self.rank = rank
        n, m = self._w.shape
        self.a = nn.Parameter(torch.randn(n, rank) / math.sqrt(n))
        self.b = nn.Parameter(torch.zeros(rank, m))

    def forward(self, x: Tensor) -> Tensor:
        fixed = product(x, self._w)
        if self._bias is not None:
            fixed = fixed + self._bias
        return fixed + SCALE * ((x @ self.a) @ self.b) if self.rank else fixed


def adapt(model: Any, first_layer: int, rank: int) -> Mapping[str, Adapted]:
    """Fixes a Qwen2 model and puts adapters beside the attention of its layers from ``first_layer``
    on; they are returned by "layer.name"."""
    model.requires_grad_(False)
    adapters = {}
    for number, layer in enumerate(model.model.layers):
        for owner, name in _linears(layer):
            trained = rank if owner is layer.self_attn and number >= first_layer else 0
            adapted = Adapted(getattr(owner, name), trained)
            setattr(owner, name, adapted)
            if trained:
                adapters[f"{number}.{name}"] = adapted
            else:
                adapted.requires_grad_(False)
    return adapters


def _linears(layer: Any) -> Iterator[tuple[Any, str]]:
    yield from ((layer.self_attn, name) for name in _ADAPTED)
    yield from ((layer.mlp, name) for name in ("gate_proj", "up_proj", "down_proj"))
