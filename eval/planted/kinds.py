"""Sentences made false by rule: one thing of a real sentence is changed, the rest stays.

A rule takes a piece (a sentence where it stands) and a source of chance and gives the changed
sentence, or None where it does not apply. It is written so that its sentence does not follow from
the piece: a new number stands nowhere in the article, a new name is another one of the same sort,
two names are exchanged only where that is another claim.
"""

from __future__ import annotations

from eval.planted.claims import (
    added_circumstance,
    added_clause,
    antonym,
    negation_inserted,
    negation_removed,
    negation_second,
    no_for_a,
    strengthened,
)
from eval.planted.numbers import (
    bound,
    counted,
    date,
    number_digit,
    number_near,
    number_scale,
    number_swap,
    number_word,
    percentage,
    unit,
)
from eval.planted.rule import Rule
from eval.planted.who import name_elsewhere, name_near, name_swap, quote_word

FALSE: tuple[tuple[str, str, Rule], ...] = (
    ("numbers", "digits", number_digit),
    ("numbers", "percentage", percentage),
    ("numbers", "factor", number_scale),
    ("numbers", "number word", number_word),
    ("numbers", "date", date),
    ("numbers", "bound of a time", bound),
    ("numbers", "number from nearby", number_near),
    ("numbers", "numbers exchanged", number_swap),
    ("units", "unit or currency", unit),
    ("units", "thing counted", counted),
    ("names", "name from elsewhere", name_elsewhere),
    ("names", "name from nearby", name_near),
    ("roles", "names exchanged", name_swap),
    ("quotes", "word in quotation", quote_word),
    ("negation", "nicht inserted", negation_inserted),
    ("negation", "second denial", negation_second),
    ("negation", "kein for ein", no_for_a),
    ("negation", "denial removed", negation_removed),
    ("additions", "foreign clause", added_clause),
    ("additions", "circumstance", added_circumstance),
    ("opposites", "turned round", antonym),
    ("opposites", "reservation dropped", strengthened),
)
"""(the check that should catch it, kind, rule)."""
