"""How likely a model finds one word against another, from the likeliest first tokens it names."""

from __future__ import annotations

import math
from collections.abc import Iterable


def share(tokens: Iterable[tuple[str, float]], yes: str, no: str) -> float | None:
    """Probability of the tokens that begin ``yes``, of all that begin either word, in [0, 1].

    ``tokens``: (token, natural logarithm of its probability). None if neither word is begun.
    """
    either = [0.0, 0.0]
    for token, log_probability in tokens:
        begun = token.strip().casefold()
        for i, word in enumerate((yes, no)):
            if begun and word.casefold().startswith(begun):
                either[i] += math.exp(log_probability)
    return either[0] / sum(either) if sum(either) else None
