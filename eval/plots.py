"""Plots as inline SVG. Colours come from the page, by class. All texts are escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 12, 34
_HEIGHT = 250
_SHARES = ((0.0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1.0, "100 %"))


@dataclass(frozen=True, slots=True)
class Bar:
    """A share in [0, 1] with its interval; ``css`` is the class that colours it."""

    label: str
    value: float
    low: float
    high: float
    n: int
    css: str


@dataclass(frozen=True, slots=True)
class Line:
    """Points (x, y), both in [0, 1], drawn as steps."""

    label: str
    points: tuple[tuple[float, float], ...]
    css: str


def bars(items: Sequence[Bar]) -> str:
    """Horizontal bars with whiskers, one a row."""
    row, left, right = 30, 152, 96
    height = row * len(items) + 26
    wide = _WIDTH - left - right
    parts = [_open(_WIDTH, height, "Shares with 95 % intervals")]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x = left + wide * tick
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{height - 22}"/>')
        parts.append(_text(x, height - 6, f"{100 * tick:.0f} %", "middle"))
    for i, bar in enumerate(items):
        y = 8 + i * row
        middle = y + row / 2 - 3
        low, high = left + wide * bar.low, left + wide * bar.high
        parts += [
            _text(left - 8, middle + 4, bar.label, "end", "label"),
            f'<rect class="{bar.css}" x="{left}" y="{y + 2}" width="{wide * bar.value:.1f}" '
            f'height="{row - 11}" rx="3"/>',
            f'<path class="whisker" d="M{low:.1f} {middle:.1f}H{high:.1f}'
            f'M{low:.1f} {middle - 4:.1f}v8M{high:.1f} {middle - 4:.1f}v8"/>',
            _text(
                *(_WIDTH - right + 8, middle + 4),
                f"{100 * bar.value:.3g} % of {bar.n}",
                *("start", "label"),
            ),
        ]
    return "".join([*parts, "</svg>"])


def steps(lines: Sequence[Line], x_label: str) -> str:
    """Step lines over a threshold, all shares."""
    parts = [_open(_WIDTH, _HEIGHT, f"Shares against {x_label}")]
    parts += _frame(x_label, [(t, f"{t:.2g}") for t in (0, 0.25, 0.5, 0.75, 1)])
    for number, line in enumerate(lines):
        path, last = "", ""
        for x, y in line.points:
            px, py = f"{_x(x):.1f}", f"{_y(y):.1f}"
            path += f"M{px} {py}" if not path else f"H{px}" + (f"V{py}" if py != last else "")
            last = py
        parts.append(f'<path class="curve {line.css}" d="{path}"/>')
        x, y = _LEFT + 12, _HEIGHT - _BOTTOM - 14 - 18 * number
        parts.append(f'<path class="curve {line.css}" d="M{x} {y - 4}h22"/>')
        parts.append(_text(x + 28, y, line.label, "start", "label"))
    return "".join([*parts, "</svg>"])


def histogram(values: Sequence[float], unit: str, marks: Sequence[tuple[str, float]]) -> str:
    """How often which value occurs; ``marks`` are named values, drawn as lines."""
    top = max(values) or 1.0
    width = _nice(top / 24)
    count = max(1, math.ceil(top / width + 1e-9))
    bins = [0] * count
    for value in values:
        bins[min(int(value / width), count - 1)] += 1
    span = width * count
    most = max(bins)
    head = 1.18 * most  # room for the marks' names
    parts = [_open(_WIDTH, _HEIGHT, f"Histogram of {unit}")]
    ticks = [(t / 4, f"{span * t / 4:.3g}") for t in range(5)]
    parts += _frame(unit, ticks, [(0.0, "0"), (most / head, str(most))])
    for i, found in enumerate(bins):
        x, y = _x(i / count), _y(found / head)
        w = _x((i + 1) / count) - x - 1
        parts.append(
            f'<rect class="a" x="{x:.1f}" y="{y:.1f}" width="{max(w, 1):.1f}" '
            f'height="{_y(0) - y:.1f}"><title>{found} from {i * width:.3g} to '
            f"{(i + 1) * width:.3g} {escape(unit)}</title></rect>"
        )
    for number, (name, value) in enumerate(marks):
        x = _x(value / span)
        anchor, shift = ("end", -5) if value > 0.75 * span else ("start", 5)
        parts.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_y(0)}"/>')
        parts.append(_text(x + shift, _TOP + 12 + 16 * number, name, anchor, "label"))
    return "".join([*parts, "</svg>"])


def _frame(
    x_label: str,
    x_ticks: Sequence[tuple[float, str]],
    y_ticks: Sequence[tuple[float, str]] = _SHARES,
) -> list[str]:
    parts = []
    for y, label in y_ticks:
        at = _y(y)
        right = _WIDTH - _RIGHT
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(_text(_LEFT - 6, at + 4, label, "end"))
    parts += [_text(_x(x), _HEIGHT - 19, label, "middle") for x, label in x_ticks]
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 3, x_label, "middle"))
    return parts


def _open(width: int, height: int, title: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'


def _text(x: float, y: float, text: str, anchor: str, css: str = "tick") -> str:
    return (
        f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _x(share: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * share


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def _nice(width: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(power * f for f in (1, 2, 5, 10) if power * f >= width * (1 - 1e-9))
