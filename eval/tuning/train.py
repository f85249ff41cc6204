"""Tunes the embedded language model to point and answer (rag/pointing.py), and writes the adapter.

The weights are those of the very GGUF file the program answers with, so that the adapter fits what
it is used with. About an hour and a half on two cores, 12 GB of memory.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer

from eval.tuning import adapter_file, lora
from eval.tuning.articles import Invented
from eval.tuning.examples import Example, draw
from rag import pointing
from rag.types import Message

_FIRST_LAYER = 12  # adapted from here on: what lies below reads words, not questions
_RANK = 16
_RATE, _WARM_UP, _LAST = 4e-4, 8, 0.1  # learning rate, steps to reach it, share left at the end
_TEXT_WEIGHT = 0.6  # of the answer's words against the first word, which points
_KEPT = 20  # steps between two adapters that are written
_WATCHED = 60  # steps between two looks at the articles that are held out
_HELD_EVERY = 5  # of the articles held out, one in so many is looked at
_HIDDEN = -1e9  # attention score of what a token must not see
_END = "<|im_end|>"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Learned:
    """Losses (nats a first word, nats a token of the answers), how many first words were right, and
    for each whether it was NONE and how likely NONE was."""

    pointing: Tensor
    text: Tensor
    right: int
    refused: tuple[tuple[bool, float], ...]


def tune(
    gguf: Path,
    articles: Sequence[Invented],
    out: Path,
    steps: int,
    seed: int,
    say: Say,
    begin: Path | None = None,
) -> None:
    """Trains for ``steps`` articles and writes the adapter to ``out``; goes on from the adapter
    ``begin`` if there is one. ValueError if that does not fit the model."""
    torch.manual_seed(seed)
    learner = _Learner(gguf)
    if begin:
        adapter_file.read(begin, learner.adapters)
    held = [a for a in articles if a.held][::_HELD_EVERY]
    if begin:
        say(f"before: {_measured(learner, held)}")
    optimizer = torch.optim.AdamW(learner.parameters, lr=_RATE, weight_decay=0.0, betas=(0.9, 0.99))
    chance = random.Random(seed)  # noqa: S311
    order = _endless([a for a in articles if not a.held], chance)
    for step in range(steps):
        warm = min(1.0, (step + 1) / _WARM_UP)
        falling = _LAST + (1 - _LAST) * (1 + math.cos(math.pi * step / steps)) / 2
        optimizer.param_groups[0]["lr"] = _RATE * warm * falling
        learned = learner.learn(draw(next(order), chance))
        optimizer.zero_grad()
        loss = learned.pointing.mean() + _TEXT_WEIGHT * learned.text.mean()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learner.parameters, 1.0)
        optimizer.step()
        say(f"{step + 1}/{steps}: {_line([learned])}")
        if step % _KEPT == _KEPT - 1:
            adapter_file.write(out, learner.adapters)
        if step % _WATCHED == _WATCHED - 1 and step + 1 < steps:
            say(f"held out: {_measured(learner, held)}")
    adapter_file.write(out, learner.adapters)
    say(f"after: {_measured(learner, held)}")


class _Learner:
    """The model with its adapters, and the tokens of its prompts."""

    def __init__(self, gguf: Path) -> None:
        where: dict[str, Any] = {"gguf_file": gguf.name}
        self._tokenizer = AutoTokenizer.from_pretrained(gguf.parent, **where)
        self._model = AutoModelForCausalLM.from_pretrained(
            gguf.parent, dtype=torch.float32, attn_implementation="sdpa", **where
        )
        self._words = self._model.lm_head.weight.detach().t().contiguous().numpy()
        self.adapters = lora.adapt(self._model, _FIRST_LAYER, _RANK)
        self.parameters = [p for a in self.adapters.values() for p in (a.a, a.b)]
        choices = (*pointing.LETTERS, pointing.NONE)
        self._choices = torch.tensor([self._tokens(choice)[0] for choice in choices])

    def learn(self, example: Example) -> Learned:
        """One pass over an example: its evidence is read once, each question sees it and itself."""
        system = pointing.FIXED[0]
        user = Message("user", f"{example.listing}\n\n")
        tokens = self._tokens(f"{_opened(system)}{_END}\n{_opened(user)}")
        shared = len(tokens)
        places, blocks = list(range(shared)), [0] * shared
        firsts: list[tuple[int, list[int]]] = []
        text: list[tuple[int, int]] = []
        for block, target in enumerate(example.targets, start=1):
            asked = self._tokens(f"{target.asked}{_END}\n{_opened(Message('assistant', ''))}")
            said = self._tokens(target.said + _END)
            begun = len(tokens) + len(asked)
            tokens += asked + said
            places += range(shared, shared + len(asked) + len(said))
            blocks += [block] * (len(asked) + len(said))
            firsts.append((begun - 1, [self._tokens(word)[0] for word in target.firsts]))
            text += [(begun + i - 1, said[i]) for i in range(1, len(said))]
        hidden = self._read(tokens, places, blocks)
        at = torch.tensor([place for place, _ in (*firsts, *text)])
        likely = functional.log_softmax(lora.product(hidden[at], self._words), -1)
        return _learned(likely[: len(firsts)], firsts, likely[len(firsts) :], text, self._choices)

    def _read(self, tokens: list[int], places: list[int], blocks: list[int]) -> Tensor:
        """The last hidden states, shape (tokens, width)."""
        block, at = torch.tensor(blocks), torch.arange(len(tokens))
        seen = (at <= at[:, None]) & ((block == 0) | (block == block[:, None]))
        mask = torch.zeros(seen.shape).masked_fill(~seen, _HIDDEN)
        read = self._model.model(
            input_ids=torch.tensor([tokens]),
            position_ids=torch.tensor([places]),
            attention_mask=mask[None, None],
            use_cache=False,
        )
        hidden: Tensor = read.last_hidden_state[0]
        return hidden

    def _tokens(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return found


def _opened(message: Message) -> str:
    return f"<|im_start|>{message.role}\n{message.content}"


def _learned(
    likely_firsts: Tensor,
    firsts: Sequence[tuple[int, list[int]]],
    likely_text: Tensor,
    text: Sequence[tuple[int, int]],
    choices: Tensor,
) -> Learned:
    right = torch.full_like(likely_firsts, -math.inf)
    for row, (_, tokens) in enumerate(firsts):
        right[row, tokens] = 0.0  # several letters may be right: what counts is their sum
    pointed = -torch.logsumexp(likely_firsts + right, 1)
    words = -likely_text.gather(1, torch.tensor([[token] for _, token in text]))
    shares = torch.softmax(likely_firsts.detach()[:, choices], 1)
    best = choices[shares.argmax(1)]
    hits = sum(int(b) in tokens for b, (_, tokens) in zip(best, firsts, strict=True))
    none = int(choices[-1])
    refused = tuple((t == [none], float(s[-1])) for s, (_, t) in zip(shares, firsts, strict=True))
    return Learned(pointed, words, hits, refused)


def _endless(articles: Sequence[Invented], chance: random.Random) -> Iterator[Invented]:
    """Each article once in an order drawn by chance, then again in another."""
    while True:
        order = list(articles)
        chance.shuffle(order)
        yield from reversed(order)


def _measured(learner: _Learner, articles: Sequence[Invented]) -> str:
    with torch.no_grad():
        chance = random.Random(0)  # noqa: S311
        return _line([learner.learn(draw(article, chance)) for article in articles])


def _line(learned: Sequence[Learned]) -> str:
    refused = [pair for one in learned for pair in one.refused]
    right = sum(one.right for one in learned) / len(refused)
    firsts = torch.cat([one.pointing for one in learned]).mean().item()
    text = torch.cat([one.text for one in learned]).mean().item()
    return (
        f"first words right {right:.3f}, loss {firsts:.2f}; text {text:.2f}; "
        f"area under the curve of refusing {_area(refused):.3f}"
    )


def _area(refused: Sequence[tuple[bool, float]]) -> float:
    """The share of pairs, one to be refused and one not, in which the first is likelier NONE."""
    none = [share for unanswerable, share in refused if unanswerable]
    some = [share for unanswerable, share in refused if not unanswerable]
    pairs = len(none) * len(some)
    return sum((a > b) + (a == b) / 2 for a in none for b in some) / pairs if pairs else math.nan
