"""Sentences that say less than a real one, or the same in other words: each of them follows."""

from __future__ import annotations

import re
from random import Random

from eval.planted.claims import NEGATION
from eval.planted.names import named
from eval.planted.numbers import DATE, NUMBER
from eval.planted.rule import Piece, Rule
from eval.planted.words import MONTHS, NUMBER_WORDS, SYNONYMS, TITLES, VERBS

JOINED = "two sentences joined"

_SCALED = re.compile(r"(?<![\w.,])(\d{1,3}),(\d) Milliarden\b")
_MONEY = re.compile(r"(?<=\d )(Milliarden|Millionen)\b")
_PERCENT = re.compile(r"(?<=\d) Prozent\b")
_SIGN = re.compile(r"(?<=\d)[ \u00a0]?%")
_EURO = re.compile(r"(?<=\d )(Euro|Dollar)\b|(?<=onen )(Euro|Dollar)\b|(?<=rden )(Euro|Dollar)\b")
_NUMERIC_DATE = re.compile(r"\b([1-9]|[12]\d|3[01])\.(1[0-2]|[1-9])\.(\d{4})\b")
_PARENTHESIS = re.compile(r" \((?![^)]*\b(?:nicht|kein|ohne|nur|falls|wenn))[^()]{2,80}\)")
_APPOSITION = re.compile(r", (?:der |die |das )?[^,.;:()„“\"]{5,70},(?= [a-zäöüß])")
_HALF = re.compile(r"; |, (?:und|aber) (?!auch|nicht|nur|noch|zwar|zu)")
_FRONTED = re.compile(
    rf"^((?:Der|Die|Das|Ein|Eine) [A-ZÄÖÜ][\w-]+|[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)?) "
    r"(wurde|wurden|ist|war|hat|hatte|waren|sind) "
    rf"(im Jahr \d{{4}}|am \d{{1,2}}\. (?:{'|'.join(MONTHS)})(?: \d{{4}})?|1[5-9]\d\d|20[0-2]\d) "
)
_TITLE = re.compile(
    rf"(^|(?:\b(?:von|mit|für|durch|sagte|sagt|und|so|laut|wie|auch|gegen|hat|hatte|ist|war) ))"
    rf"(?:{'|'.join(re.escape(t) for t in TITLES)}) (?=[A-ZÄÖÜ][a-zäöüß]+ [A-ZÄÖÜ])"
)
_QUOTES = re.compile(r"[„\"»]([^„“”\"«»]{3,300})[“”\"«]")
_HYPHEN = re.compile(r"(?<![\w-])([A-ZÄÖÜ]\w{1,})-([A-ZÄÖÜ][a-zäöüß]{3,})(?![\w-])")
_PARTICLE = re.compile(
    r"(?<!,)(?<!\bso) (?:jedoch|allerdings|zudem|außerdem|übrigens|ebenfalls)(?= )"
)
_SUBORDINATE = frozenset(
    "Wenn Falls Sofern Ob Als Weil Obwohl Während Da Nachdem Bevor Indem Seit Sobald Solange Bis "
    "Hätte Wäre Sollte Würde Nicht Weder Entweder Zwar Dass Wer Was Wo Wie Je".split()
)


def verbatim(piece: Piece, random: Random) -> str | None:
    return piece.text


def number_spelling(piece: Piece, random: Random) -> str | None:
    """ "Mrd." for "Milliarden", "2.500 Millionen" for "2,5 Milliarden", "12" for "zwölf"."""
    text = piece.text
    options = []
    if m := _SCALED.search(text):
        millions = f"{int(m[1])}.{m[2]}00 Millionen"
        options.append(_put(text, m.span(), millions))
    if m := _MONEY.search(text):
        options.append(_put(text, m.span(), {"Milliarden": "Mrd.", "Millionen": "Mio."}[m[1]]))
    if m := re.search(rf"(?<![\w-])({'|'.join(NUMBER_WORDS)})(?= [A-ZÄÖÜ])", text):
        options.append(_put(text, m.span(), str(NUMBER_WORDS.index(m[1]) + 2)))
    for m in NUMBER.finditer(text):
        if re.fullmatch(r"\d{1,3}\.\d{3}", m.group()):
            options.append(_put(text, m.span(), m.group().replace(".", "")))
        elif m.group().isdecimal() and 2 <= int(m.group()) <= 12 and text[m.end() :][1:2].isupper():
            options.append(_put(text, m.span(), NUMBER_WORDS[int(m.group()) - 2]))
    return random.choice(options) if options else None


def unit_spelling(piece: Piece, random: Random) -> str | None:
    """ "%" for "Prozent" and the other way round, "€" for "Euro", "$" for "Dollar"."""
    text = piece.text
    options = []
    if m := _PERCENT.search(text):
        options.append(_put(text, m.span(), " %"))
    if m := _SIGN.search(text):
        options.append(_put(text, m.span(), " Prozent"))
    if m := _EURO.search(text):
        options.append(_put(text, m.span(), "€" if "Euro" in m.group() else "$"))
    return random.choice(options) if options else None


def date_spelling(piece: Piece, random: Random) -> str | None:
    """ "06.02.2025" for "6. Februar 2025", and the other way round."""
    for m in DATE.finditer(piece.text):
        if m[3]:
            numeric = f"{int(m[1]):02}.{MONTHS.index(m[2]) + 1:02}.{m[3]}"
            return _put(piece.text, m.span(), numeric)
    n = _NUMERIC_DATE.search(piece.text)
    return n and _put(piece.text, n.span(), f"{n[1]}. {MONTHS[int(n[2]) - 1]} {n[3]}")


def parenthesis(piece: Piece, random: Random) -> str | None:
    """What stands in parentheses left out."""
    m = _PARENTHESIS.search(piece.text)
    return m and _put(piece.text, m.span(), "")


def apposition(piece: Piece, random: Random) -> str | None:
    """What stands between commas after a person's full name left out: it only describes."""
    for name in named(piece.text):
        m = _APPOSITION.match(piece.text, name.end)
        if name.sort != "person" or not m or " und " in m.group():
            continue
        if re.match(rf" (?:{'|'.join(VERBS)})\b", piece.text[m.end() :]):  # else it is a list
            return _put(piece.text, m.span(), "")
    return None


def first_clause(piece: Piece, random: Random) -> str | None:
    """The main clause before "; " or ", und", where both halves have a verb of their own."""
    m = _HALF.search(piece.text)
    if not m:
        return None
    first, second = piece.text[: m.start()], piece.text[m.end() :]
    if "," in first or ":" in first or '"' in piece.text or "„" in piece.text or "(" in first:
        return None
    if re.search(r"\b(?:ich|wir|uns|du|sie)\b", first, re.IGNORECASE):
        return None  # somebody's words, who is named at the end
    if first.split(" ")[0] in _SUBORDINATE or not (
        _finite(first) and _finite(" ".join(second.split(" ")[:4]))
    ):
        return None
    return f"{first}."


def fronted(piece: Piece, random: Random) -> str | None:
    """ "Im Jahr 2019 wurde X ..." for "X wurde im Jahr 2019 ..."."""
    m = _FRONTED.match(piece.text)
    if not m or m[1].split(" ")[0] in (*_SUBORDINATE, "Es", "Sie", "Er", "Dies", "Dort"):
        return None
    subject = m[1]
    if subject.split(" ")[0] in ("Der", "Die", "Das", "Ein", "Eine"):
        subject = subject[0].lower() + subject[1:]
    return f"{m[3][0].upper()}{m[3][1:]} {m[2]} {subject} {piece.text[m.end() :]}"


def surname(piece: Piece, random: Random) -> str | None:
    """A person's surname for the full name."""
    found = [n for n in named(piece.text) if n.sort == "person"]
    if not found:
        return None
    name = random.choice(found)
    return _put(piece.text, (name.start, name.end), name.text.split(" ", 1)[1])


def no_title(piece: Piece, random: Random) -> str | None:
    """A title in front of a full name left out."""
    m = _TITLE.search(piece.text)
    return m and _put(piece.text, m.span(), m[1])


def swiss(piece: Piece, random: Random) -> str | None:
    """ "ss" for "ß"."""
    return piece.text.replace("ß", "ss") if "ß" in piece.text else None


def hyphen(piece: Piece, random: Random) -> str | None:
    """A compound without its hyphen."""
    found = list(_HYPHEN.finditer(piece.text))
    if not found:
        return None
    m = random.choice(found)
    return _put(piece.text, m.span(), f"{m[1]} {m[2]}")


def quotation_marks(piece: Piece, random: Random) -> str | None:
    """Other quotation marks around the same words."""
    if not _QUOTES.search(piece.text):
        return None
    return _QUOTES.sub(lambda m: f"»{m[1]}«" if '"' in m.group() else f'"{m[1]}"', piece.text)


def synonym(piece: Piece, random: Random) -> str | None:
    """One everyday word for another that says the same."""
    found = list(re.finditer(rf"(?<![\w-])({'|'.join(SYNONYMS)})(?= )", piece.text))
    found = [m for m in found if m.start() and not (m[1] in ("rund", "etwa") and not _counts(m))]
    if not found:
        return None
    m = random.choice(found)
    return _put(piece.text, m.span(), SYNONYMS[m[1]])


def particle(piece: Piece, random: Random) -> str | None:
    """ "jedoch", "zudem" and their like left out."""
    m = _PARTICLE.search(piece.text)
    return m and _put(piece.text, m.span(), "")


def joined(piece: Piece, random: Random) -> str | None:
    """Two neighbouring sentences as one: it takes both places to prove it."""
    first, second = piece.text, piece.after
    opening = second.split(" ")[0]
    if opening not in ("Der", "Die", "Das", "Ein", "Eine", "Im", "In", "Am", "Er", "Sie", "Es"):
        return None
    if not first.endswith(".") or not second.endswith(".") or len(first) + len(second) > 320:
        return None
    if re.search(r"[\"„“»:]", first + second) or not (_finite(first) and _finite(second)):
        return None
    return f"{first[:-1]}, und {opening.lower()}{second[len(opening) :]}"


def denial_kept(piece: Piece, random: Random) -> str | None:
    """A sentence that denies something, and still does: only something else is put differently."""
    if not NEGATION.search(piece.text):
        return None
    made = [rule(piece, random) for rule in (swiss, hyphen, quotation_marks, synonym, particle)]
    found = [text for text in made if text]
    return random.choice(found) if found else None


TRUE: tuple[tuple[str, str, Rule], ...] = (
    ("same", "word for word", verbatim),
    ("same", "number respelled", number_spelling),
    ("same", "date respelled", date_spelling),
    ("same", "unit respelled", unit_spelling),
    ("same", "ss for ß", swiss),
    ("same", "hyphen left out", hyphen),
    ("same", "other quotation marks", quotation_marks),
    ("same", "time put first", fronted),
    ("same", "synonym", synonym),
    ("same", "denial kept", denial_kept),
    ("same", JOINED, joined),
    ("less", "particle left out", particle),
    ("less", "parenthesis left out", parenthesis),
    ("less", "apposition left out", apposition),
    ("less", "first clause only", first_clause),
    ("less", "surname only", surname),
    ("less", "title left out", no_title),
)
"""(says the same or less, kind, rule)."""


def _counts(m: re.Match[str]) -> bool:
    return bool(re.match(r" (?:\d|ein|zwei|drei|vier|fünf|sechs|zehn)", m.string[m.end() :]))


def _finite(text: str) -> bool:
    return any(word in VERBS for word in re.findall(r"\w+", text))


def _put(text: str, span: tuple[int, int], by: str) -> str:
    return f"{text[: span[0]]}{by}{text[span[1] :]}"
