"""What is claimed made wrong: denied, added to, turned round, put too strongly."""

from __future__ import annotations

import re
from random import Random

from eval.planted.rule import Piece, has_verb, replaced
from eval.planted.words import ANTONYMS, AUXILIARIES, CIRCUMSTANCES, NUMBER_WORDS, STRONGER

NEGATION = re.compile(
    r"\b(?:nicht|nie|niemals|weder|ohne|kaum|nirgends|niemand\w*|nichts|kein\w{0,2})\b", re.I
)
_NOT = re.compile(
    r"(?<!ob )(?<!oder )(?<!wenn )(?<!warum )\b(?:noch |gar |auch )?nicht "
    r"(?!nur|allein|zuletzt|mehr|sondern|unbedingt|immer|alle|so |zu |wenige?r?|ganz|selten)"
)
_NO = re.compile(r"\bkein(e|en|em|er|es)?\b(?! einzige)")
_A = re.compile(
    r"(?:^|(?<= ))ein(?:e|en)? (?!paar|Dutzend|Viertel|Drittel)(?=[a-zäöüß]+ [A-ZÄÖÜ]|[A-ZÄÖÜ])"
)
_BEFORE_A = re.compile(
    r"\b(?:in|bei|für|mit|von|nach|zu|aus|auf|an|als|wie|durch|seit|um|über|unter|vor|gegen|ohne"
    r"|neben|hinter|zwischen|so|nur|gut|knapp|rund|etwa|fast|noch|und|oder|pro|je|anhand|bis) $",
    re.I,
)
_PARTICLES = frozenset(
    "auch mehr noch so nur dazu daran heute morgen gestern nun dort hier zuvor danach davor wieder "
    "sehr sogar damit dafür davon dabei dagegen darauf darüber jedoch allerdings nicht selbst sein "
    "jährlich ungefähr etwa er sie es ihn ihm ihr uns mir mich dich dir euch wir ich ihnen".split()
)
_WEIGHED = re.compile(r"\b(?:nicht|kaum|allzu|so|zu|wie|sehr|nie|noch|nur|ebenso) $", re.I)
_SOME = frozenset(("einige", "manche", "mehrere"))
_THINGS = re.compile(
    r"(?!Zeit|Male?\b|Tage|Jahre|Monate|Wochen|Stunden|Minuten|Hundert|Tausend)[A-ZÄÖÜ]"
)


def negation_inserted(piece: Piece, random: Random) -> str | None:
    """ "nicht" before the last verb of a sentence that denies nothing."""
    return None if NEGATION.search(piece.text) else _denied(piece.text)


def negation_second(piece: Piece, random: Random) -> str | None:
    """The same where another clause already denies something."""
    denials = list(NEGATION.finditer(piece.text))
    last = max(piece.text.rfind(", "), piece.text.rfind(" und "))
    return _denied(piece.text) if denials and denials[-1].end() < last else None


def no_for_a(piece: Piece, random: Random) -> str | None:
    """ "kein" for "ein"."""
    if NEGATION.search(piece.text):
        return None
    for m in _A.finditer(piece.text):
        if not _BEFORE_A.search(piece.text[: m.start()]):
            return f"{piece.text[: m.start()]}k{piece.text[m.start() :]}"
    return None


def negation_removed(piece: Piece, random: Random) -> str | None:
    """ "nicht" left out, "ein" for "kein", "die" for "keine" ("keine Angaben")."""
    if "sondern" in piece.text or len(NEGATION.findall(piece.text)) != 1:
        return None
    m = _NOT.search(piece.text)
    if m:
        return replaced(piece.text, m, "")
    m = _NO.search(piece.text)
    if not m or re.match(r".{0,60}\b(?:mehr|Zweifel|Wunder)\b", piece.text[m.end() :]):
        return None
    return replaced(piece.text, m, "die" if m[1] == "e" else m.group()[1:])


def added_clause(piece: Piece, random: Random) -> str | None:
    """A statement of another article joined with "und"."""
    added = piece.foreign
    if not piece.text.endswith(".") or len(added) > 90 or not has_verb(added) or "," in added:
        return None
    first = added.split(" ")[0]
    if first not in ("Der", "Die", "Das", "Ein", "Eine", "Im", "In", "Am", "Seit", "Nach"):
        return None
    return f"{piece.text[:-1]}, und {first.lower()}{added[len(first) :]}"


def added_circumstance(piece: Piece, random: Random) -> str | None:
    """A short circumstance that nobody reported."""
    if "," in piece.text or not re.search(r"[a-zäöüß]\.$", piece.text) or not has_verb(piece.text):
        return None
    return f"{piece.text[:-1]} {random.choice(CIRCUMSTANCES)}."


def antonym(piece: Piece, random: Random) -> str | None:
    """A comparison, direction or order turned round."""
    found = []
    for pair in ANTONYMS:
        for word, other in (pair, pair[::-1]):
            if other in piece.text:
                continue
            for m in re.finditer(rf"(?<![\w-]){word}(?![\w-])", piece.text):
                phrase = piece.text[max(0, m.start() - 12) : m.end() + 12]
                if not re.search(r"\b(?:nicht|immer|Alte|Neue|New|sowohl|weder)\b", phrase):
                    found.append((m, other))
    years = r"(\d+|einem|einer|wenigen|einigen|" + "|".join(NUMBER_WORDS) + ")"
    times = rf"\b([Vv]or|[Nn]ach) (?={years} (?:Jahr|Monat|Woche|Tag|Stunde|Minute)(?:e?n?)\b)"
    for m in re.finditer(times, piece.text):
        found.append((m, "nach " if m[1].casefold() == "vor" else "vor "))
    if not found:
        return None
    m, other = random.choice(found)
    return replaced(piece.text, m, other.capitalize() if m.start() == 0 else other)


def strengthened(piece: Piece, random: Random) -> str | None:
    """A reservation left out: what may be is, what holds for some holds for all."""
    found = list(re.finditer(rf"\b({'|'.join(STRONGER)}) ", piece.text))
    found = [
        m
        for m in found
        if not _WEIGHED.search(piece.text[: m.start()])
        and not (m[1] in _SOME and not _THINGS.match(piece.text, m.end()))
    ]
    if not found:
        return None
    m = random.choice(found)
    return replaced(piece.text, m, f"{STRONGER[m[1]]} " if STRONGER[m[1]] else "")


def _denied(text: str) -> str | None:
    tokens = text.split(" ")
    if not re.fullmatch(r"[a-zäöüß]{2,}\.", tokens[-1]):
        return None
    bare = [t.rstrip(".") for t in tokens]
    at = len(bare) - 1
    while at > 0 and bare[at] in AUXILIARIES and re.fullmatch(r"[a-zäöüß]{3,}", bare[at - 1]):
        at -= 1
    if at > 0 and bare[at - 1] == "zu":
        at -= 1
    if (
        "zu" in bare[at - 2 : at]
        or bare[at] in _PARTICLES
        or at < 3
        or bare[at - 1] in _PARTICLES | {"am", "als"}
    ):
        return None
    if any(v in ("Ob", "ob") for v in bare):
        return None
    return " ".join((*tokens[:at], "nicht", *tokens[at:]))
