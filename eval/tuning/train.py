"""Tunes the embedded language model to point and answer (rag/pointing.py), and writes the adapter.

The weights are those of the very GGUF file the program answers with, so that the adapter fits what
it is used with. Minutes on a GPU with 80 GB of memory; two cores read some 500 questions an hour.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from transformers import AutoTokenizer

from eval.tuning import adapter_file, lora, weights
from eval.tuning.examples import Example, draw, usual
from eval.tuning.shown import Shown
from rag import pointing
from rag.types import Message

_RANK = 8
_WARM_UP, _LAST = 20, 0.05  # steps to reach the learning rate, share of it left at the end
_TEXT_WEIGHT = 0.5  # of the answer's words against the first word, which points
_TOLD = 256  # examples between two lines about the losses
_PASS_TOKENS = {"cuda": 8192, "cpu": 512}  # read in one pass, padding counted
_END = "<|im_end|>"

Say = Callable[[str], None]
Watched = Mapping[str, Sequence[Shown]]


@dataclass(frozen=True, slots=True)
class Schedule:
    """``epochs`` times all that is shown, ``batch`` examples a step; ``rate``: the learning rate,
    which falls to its end; ``begin``: an adapter to go on from; ``strength``: the share of what was
    learned that counts in use. A run that was stopped early was too sure of itself at its full
    strength (eval/LOG.md)."""

    epochs: int
    seed: int
    batch: int
    rate: float
    strength: float
    begin: Path | None


@dataclass(frozen=True, slots=True)
class _Tokens:
    """An example as tokens: the prompt and what is to be said, of which the first word is judged
    by ``firsts``, the rest as it is. ``begun``: where what is said begins."""

    tokens: tuple[int, ...]
    begun: int
    firsts: tuple[int, ...]


def tune(
    gguf: Path,
    shown: Sequence[Shown],
    watched: Watched,
    out: Path,
    schedule: Schedule,
    say: Say,
) -> None:
    """Trains on all that is shown and writes the adapter to ``out``, now and then and after each
    epoch. ``watched`` is never trained on: after each epoch, and before if an adapter is gone on
    from, is said, by name, how well the model points in it, and the odds are written beside the
    adapter, to set the bars of rag/opinion.py on. ValueError if a file holds another kind of
    model."""
    torch.manual_seed(schedule.seed)
    chance = random.Random(schedule.seed)  # noqa: S311
    learner = _Learner(gguf)
    if schedule.begin:
        adapter_file.read_into(schedule.begin, learner.adapters)
    say(f"{learner.device}: {len(shown)} questions shown")
    optimizer = torch.optim.AdamW(learner.parameters, weight_decay=0.0, betas=(0.9, 0.99))
    steps = schedule.epochs * math.ceil(len(shown) / schedule.batch)
    step = 0
    if schedule.begin:
        _watch(learner, watched, out, "before", say)
    for epoch in range(schedule.epochs):
        order = list(shown)
        chance.shuffle(order)
        told: list[tuple[float, float]] = []
        for at in range(0, len(order), schedule.batch):
            warm = min(1.0, (step + 1) / min(_WARM_UP, steps / 8))
            falling = _LAST + (1 - _LAST) * (1 + math.cos(math.pi * step / steps)) / 2
            optimizer.param_groups[0]["lr"] = schedule.rate * warm * falling
            batch = [learner.tokens(draw(one, chance)) for one in order[at : at + schedule.batch]]
            told.append(learner.learn(batch))
            torch.nn.utils.clip_grad_norm_(learner.parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            if len(told) * schedule.batch >= _TOLD:
                pointed, text = (sum(losses) / len(told) for losses in zip(*told, strict=True))
                say(f"{step}/{steps}: loss of pointing {pointed:.3f}, of text {text:.3f}")
                told = []
                _write(learner, out, schedule.strength)
        _write(learner, out, schedule.strength)
        learner.weaken(schedule.strength)
        _watch(learner, watched, out, f"after epoch {epoch + 1}", say)
        learner.weaken(1.0)


def _write(learner: _Learner, out: Path, strength: float) -> None:
    learner.weaken(strength)
    adapter_file.write(out, learner.adapters)
    learner.weaken(1.0)


def _watch(learner: _Learner, watched: Watched, out: Path, when: str, say: Say) -> None:
    odds = {name: learner.odds(questions) for name, questions in watched.items()}
    for name, questions in watched.items():
        if questions:
            say(f"{when}, {name}: {_measured(odds[name], questions)}")
    _write_odds(out.with_suffix(".odds.json"), odds, watched)


class _Learner:
    """The model with its adapters, and the tokens of its prompts."""

    def __init__(self, gguf: Path) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
        model = weights.load(gguf, self.device)
        self._blocks, self._head = model.model, model.lm_head
        self.adapters = lora.adapt(model, _RANK)
        self.parameters = [p for a in self.adapters.values() for p in (a.a, a.b)]
        choices = (*pointing.LETTERS, pointing.NONE)
        self._choices = [self._of(choice)[0] for choice in choices]

    def weaken(self, share: float) -> None:
        """Has what was learned count only so much."""
        for adapter in self.adapters.values():
            adapter.scale = lora.SCALE * share

    def tokens(self, example: Example) -> _Tokens:
        """The example as the program's chat template has it."""
        prompt = "".join(f"{_opened(m)}{_END}\n" for m in example.prompt)
        read = self._of(prompt + _opened(Message("assistant", "")))
        # One letter alone is where to point, with nothing known of what is to be said below it.
        open_end = example.said in example.firsts and example.said != pointing.NONE
        said = self._of(example.said if open_end else example.said + _END)
        return _Tokens((*read, *said), len(read), tuple(self._of(f)[0] for f in example.firsts))

    def learn(self, batch: Sequence[_Tokens]) -> tuple[float, float]:
        """Adds the gradient of the mean loss; returns the losses of pointing and of the text."""
        texts = sum(len(one.tokens) > one.begun + 1 for one in batch) or 1
        sums = [0.0, 0.0]
        for part in _passes(batch, _PASS_TOKENS[self.device]):
            pointed, text = self._losses(part)
            loss = pointed.sum() / len(batch) + _TEXT_WEIGHT * text.sum() / texts
            loss.backward()  # type: ignore[no-untyped-call]
            sums[0] += pointed.sum().item() / len(batch)
            sums[1] += text.sum().item() / texts
        return sums[0], sums[1]

    def odds(self, questions: Sequence[Shown]) -> list[list[float]]:
        """For each question, as the program shows it, how likely each letter is, and NONE, last."""
        examples = [self.tokens(usual(one)) for one in questions]
        found: dict[int, list[float]] = {}
        places = {id(one): place for place, one in enumerate(examples)}
        with torch.no_grad():
            for part in _passes(examples, _PASS_TOKENS[self.device]):
                hidden = self._read(part)
                rows = torch.arange(len(part), device=self.device)
                last = torch.tensor([one.begun - 1 for one in part], device=self.device)
                likely = self._head(hidden[rows, last]).float()[:, self._choices].softmax(-1)
                for one, row in zip(part, likely.tolist(), strict=True):
                    found[places[id(one)]] = row
        return [found[i] for i in range(len(examples))]

    def _losses(self, batch: Sequence[_Tokens]) -> tuple[Tensor, Tensor]:
        """Nats of each first word, and of each answer's further words on the average."""
        hidden = self._read(batch)
        pointed, texts = [], []
        for row, one in enumerate(batch):
            said = torch.tensor(one.tokens[one.begun :], device=self.device)
            states = hidden[row, one.begun - 1 : len(one.tokens) - 1]
            likely = functional.log_softmax(self._head(states).float(), -1)
            # Several letters may be right: what counts is their sum.
            pointed.append(-torch.logsumexp(likely[0, list(one.firsts)], 0))
            if len(said) > 1:
                texts.append(-likely[1:].gather(1, said[1:, None]).mean())
        nothing = torch.zeros(1, device=self.device)
        return torch.stack(pointed), torch.stack(texts) if texts else nothing

    def _read(self, batch: Sequence[_Tokens]) -> Tensor:
        """The last hidden states, shape (examples, tokens, width); padded behind, where no token
        that counts sees it."""
        longest = max(len(one.tokens) for one in batch)
        ids = [[*one.tokens, *[0] * (longest - len(one.tokens))] for one in batch]
        read = self._blocks(input_ids=torch.tensor(ids, device=self.device), use_cache=False)
        hidden: Tensor = read.last_hidden_state
        return hidden

    def _of(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return found


def _write_odds(path: Path, odds: Mapping[str, list[list[float]]], watched: Watched) -> None:
    """By name and question: [odds of each piece ..., of NONE]."""
    found = {
        name: {
            one.id: [*row[: len(one.usual)], row[-1]]
            for one, row in zip(watched[name], rows, strict=True)
        }
        for name, rows in odds.items()
    }
    path.write_text(json.dumps(found), encoding="utf-8")


def _opened(message: Message) -> str:
    return f"<|im_start|>{message.role}\n{message.content}"


def _passes(examples: Sequence[_Tokens], tokens: int) -> Iterator[list[_Tokens]]:
    """The examples by length, as many together as have room."""
    part: list[_Tokens] = []
    for one in sorted(examples, key=lambda e: len(e.tokens)):
        if part and (len(part) + 1) * len(one.tokens) > tokens:
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def _measured(odds: Sequence[Sequence[float]], questions: Sequence[Shown]) -> str:
    """How well it points, and tells what is answered from what is not."""
    answered = [(o, q) for o, q in zip(odds, questions, strict=True) if set(q.right) & set(q.usual)]
    refused = [o[-1] for o, q in zip(odds, questions, strict=True) if not q.right]
    right = 0
    for o, q in answered:
        best = max(range(len(q.usual)), key=lambda i: o[i])
        right += q.usual[best] in q.right
    pairs = len(answered) * len(refused)
    higher = sum((a > o[-1]) + (a == o[-1]) / 2 for a in refused for o, _ in answered)
    return (
        f"{len(answered)} answered, of which the likeliest piece is right in "
        f"{right / max(1, len(answered)):.3f}; {len(refused)} not answered; "
        f"area under the curve {higher / pairs if pairs else math.nan:.3f}"
    )
