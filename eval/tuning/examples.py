"""What is trained on: evidence as the program shows it, changed a little each time it is drawn.

Now and then more pieces are shown or fewer, neighbours stand in one piece, the order begins in the
middle, for the articles to come are others; or the pieces that answer are taken away, so that it is
right to say that none does.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from eval.tuning.shown import Shown
from rag import pointing
from rag.types import Message

_CHANGED = 0.6  # share of the draws that do not show just what the program shows
_MORE, _FEWER = 0.5, 0.4  # shares of other pieces that are added, of shown ones left out, at most
_TAKEN = 0.15  # share of the draws without what answers
_JOINED = (0.0, 0.0, 0.3)  # shares of the pieces that stand with their neighbour
_TURNED = 0.2  # share of the draws that begin in the middle
_MOST_CHARS = 2400  # of all pieces together


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt, what the model is to say, and the first words that are right, letters or NONE."""

    prompt: tuple[Message, ...]
    said: str
    firsts: tuple[str, ...]


def usual(shown: Shown) -> Example:
    """What the program shows."""
    return _example(shown, [(i,) for i in shown.usual])


def draw(shown: Shown, chance: random.Random) -> Example:
    """One of many examples a question gives."""
    if chance.random() > _CHANGED:
        return usual(shown)
    more, fewer = chance.random() * _MORE, chance.random() * _FEWER
    kept = [
        i
        for i in range(len(shown.pieces))
        if (chance.random() > fewer if i in shown.usual else chance.random() < more)
    ]
    if len(shown.right) < len(shown.pieces) and chance.random() < _TAKEN:
        kept = [i for i in kept if i not in shown.right and i not in shown.told]
    elif set(shown.right) & set(shown.usual):
        kept = sorted({*kept, *shown.right, *shown.told})
    while sum(len(shown.pieces[i][1]) for i in kept) > _MOST_CHARS:
        kept.remove(chance.choice(kept))
    groups = _joined(shown, kept or [0], chance)
    if len(groups) > 1 and chance.random() < _TURNED:
        cut = chance.randrange(1, len(groups))
        groups = groups[cut:] + groups[:cut]
    return _example(shown, groups)


def _joined(shown: Shown, kept: Sequence[int], chance: random.Random) -> list[tuple[int, ...]]:
    share = chance.choice(_JOINED)
    groups: list[tuple[int, ...]] = []
    for i in kept:
        last = groups[-1] if groups else ()
        near = last == (i - 1,) and shown.pieces[i][0] == shown.pieces[i - 1][0]
        if near and chance.random() < share:
            groups[-1] = (*last, i)
        else:
            groups.append((i,))
    return groups


def _example(shown: Shown, groups: Sequence[Sequence[int]]) -> Example:
    """``groups``: places of the pieces that stand in one."""
    groups = groups[: len(pointing.LETTERS)]
    pieces = [
        (shown.pieces[group[0]][0], " ".join(shown.pieces[i][1] for i in group)) for group in groups
    ]
    place = {i: number for number, group in enumerate(groups) for i in group}
    user = Message("user", f"{pointing.listing(pieces)}\n\n{shown.asked}")
    right = list(dict.fromkeys(place[i] for i in shown.right if i in place))
    told = list(dict.fromkeys(place[i] for i in shown.told if i in place))
    firsts = tuple(pointing.LETTERS[i] for i in right)
    if not right:
        said = pointing.NONE
    elif told and all(i in place for i in shown.told):
        said = pointing.answered(told, shown.answer)
    else:  # what can be said is not known, but where to point
        said = firsts[0]
    return Example((*pointing.FIXED, user), said, firsts or (pointing.NONE,))
