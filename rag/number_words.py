"""German number words: "zweiundvierzig", "neunzehnhundertneunundachtzig", "anderthalb"."""

from __future__ import annotations

from decimal import Decimal

_ONES = {
    "null": 0, "eins": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "sechzehn": 16,
    "siebzehn": 17,
}  # fmt: skip
_TENS = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60,
    "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_HALVES = {"anderthalb": Decimal("1.5"), "eineinhalb": Decimal("1.5")}
_FACTORS = (("tausend", 1000, 999), ("hundert", 100, 19))
_LONGEST = 70  # letters: siebenhundertsiebenundsiebzigtausendsiebenhundertsiebenundsiebzig has 66


def number_word(word: str) -> Decimal | None:
    """The value of a number word below 1,000,000, None if it is none ("ein" is an article)."""
    if len(word) > _LONGEST:
        return None
    word = word.casefold()
    if word in _HALVES:
        return _HALVES[word]
    half = word.endswith("einhalb")
    value = _whole(word.removesuffix("einhalb")) if half else _whole(word)
    if value is None:
        return None
    return Decimal(value) + (Decimal("0.5") if half else 0)


def _whole(word: str) -> int | None:
    if word in _ONES:
        return _ONES[word]
    if word in _TENS:
        return _TENS[word]
    for name, factor, most in _FACTORS:
        head, found, tail = word.partition(name)
        if found:
            left = 1 if not head else _whole(f"{head}s" if head.endswith("ein") else head)
            right = 0 if not tail else _whole(tail.removeprefix("und"))
            if left is None or right is None or not 1 <= left <= most or right >= factor:
                return None
            return left * factor + right
    if word.endswith("zehn"):
        unit = _ONES.get(word.removesuffix("zehn"))
        return None if unit is None or not 3 <= unit <= 9 else unit + 10
    head, found, tail = word.partition("und")
    if found and tail in _TENS:
        unit = 1 if head == "ein" else _ONES.get(head)
        return None if unit is None or not 1 <= unit <= 9 else _TENS[tail] + unit
    return None
