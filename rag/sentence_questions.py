"""A German sentence to the questions it answers: what stands before its verb, or a number, is asked
for, and the rest is kept in its order.

"Am 6. Februar 2025 begann der Gipfel." -> "Wann begann der Gipfel?" Only main clauses that need no
other sentence to be understood are turned; better none than a crooked one.
"""

from __future__ import annotations

import re

from rag.names import named, names
from rag.tagging import Tagged, lemma, tagged

_LEAST_OF = 4  # words that name something by what it belongs to: "das Ziel der Initiative"
_MOST_CHARS = 110  # of a question
_WORDS = range(5, 27)  # of a sentence that is turned
_FINITE = re.compile(r"V[AMV]\(FIN\)")
_UNFIT = re.compile(
    r"[„“”\"»«():;–—?!…/|*•\[\]]|\b(?:er|sie|es|ihn|ihm|ihr\w{0,2}|sein(?:e[mnrs]?)?|dies\w{0,2}|"
    r"solch\w*|jene[mnrs]?|da(?:r)?(?:für|von|zu|mit|an|in|über|bei|auf|durch|gegen|bei|raus)|"
    r"dort\w*|hier\w*|aber|somit|daher|deshalb|dennoch|trotzdem|nun|dann|ich|wir|uns|unser\w*|man|mich|mir|sie|"
    r"beide[nr]?|derselben?|letztere[nrs]?|ersterer?|einander)\b",
    re.IGNORECASE,
)
"""Marks and words that point at something outside the sentence."""
_PASSING = re.compile(
    r" (?:auch|zudem|außerdem|jedoch|allerdings|dagegen|hingegen|ebenfalls|zugleich|bereits|sogar|"
    r"damals|inzwischen|derzeit|insbesondere|vor allem)\b"
)
"""What a question does without."""
_TAIL = re.compile(
    r", (?:um|der|die|das|den|dem|deren|dessen|wo|was|damit|obwohl|während|weil|nachdem|wobei)\b"
)
"""Begins a clause without which the one before is whole."""

_MONTHS = (
    "januar jänner februar märz april mai juni juli august september oktober november dezember"
)
_TIME_WORDS = frozenset(
    f"am im ab seit bis zum den anfang mitte ende jahr jahre frühjahr frühling sommer herbst "
    f"winter montag dienstag mittwoch donnerstag freitag samstag sonntag {_MONTHS}".split()
)
_TIME_PREPOSITIONS = {"seit": "Seit wann", "ab": "Ab wann", "bis": "Bis wann"}
_SINGULAR = re.compile(r"\w+(?:t|te|g|b)|ist|war|wird|wurde|will|soll|kann|muss")
_PREPOSITIONS = frozenset(
    "an auf aus bei durch für gegen in mit nach ohne seit um unter über von vor zu zwischen".split()
)
_BY_SOMEBODY = frozenset(
    "anbieten ankündigen bauen bekommen beschäftigen besitzen bestellen betonen betreiben "
    "bieten entdecken entwerfen entwickeln erarbeiten erfinden erforschen erhalten erwerben "
    "eröffnen fertigen finanzieren fordern forschen fördern führen gewinnen gründen "
    "herausgeben herstellen investieren kaufen koordinieren kritisieren kündigen leiten "
    "liefern organisieren planen produzieren präsentieren sammeln schreiben spenden stellen "
    "stiften unterrichten unterstützen veranstalten verfassen verkaufen verkünden versprechen "
    "vertreten veröffentlichen vorstellen wählen zahlen züchten übernehmen".split()
)
"""What persons and organisations do, and things do not."""
_PERSON = re.compile(
    r"\w*(?:chef|präsident|minister|premier|kanzler|sprecher|gründer|direktor|professor|forscher|"
    r"leiter|vorstand|vorsitzende|kommissar|beauftragte|bürgermeister|autor|schriftsteller|"
    r"maler|komponist|sänger|schauspieler|regisseur|trainer|spieler|politiker|ökonom|physiker|"
    r"chemiker|wissenschaftler|ingenieur|erfinder|unternehmer|investor|koordinator|historiker|"
    r"könig|kaiser|papst|bischof|anwalt|richter|arzt|ärzt|experte|managerin?|ceo)(?:in)?"
)
_AMOUNT = re.compile(
    r"(?:(?:mehr als|rund|etwa|knapp|über|bis zu|insgesamt|gut|circa|fast|mindestens) )*"
    r"(?<![\d.,])(?P<number>\d{1,3}(?:\.\d{3})*(?:,\d+)?|\d+) "
    r"(?P<scale>Tausend |Millionen |Milliarden |Billionen )?(?P<noun>[A-ZÄÖÜ][\wäöüß-]+)"
)
_BOUND = frozenset("APPR APPRART ART ADJ(A) KON KOKOM APPO".split())
"""Tags of words that a number cannot be moved away from."""
_NO_COUNT = frozenset(f"uhr jahr jahre jahren prozentpunkte {_MONTHS}".split())


def questions(sentence: str) -> tuple[str, ...]:
    """The questions that the sentence answers, the most telling first; most sentences: none."""
    found = [*_turned(sentence), *_who_is(sentence)]
    return tuple(q for q in dict.fromkeys(found) if len(q) <= _MOST_CHARS)


def _turned(sentence: str) -> list[str]:
    text = _main_clause(sentence)
    if text is None:
        return []
    tokens = tagged(text)
    verbs = [t for t in tokens if _FINITE.fullmatch(t.tag)]
    if len(verbs) != 1 or verbs[0].start == 0:
        return []
    verb = verbs[0]
    front, rest = text[: verb.start].strip(), text[verb.start :]
    if "," in front:
        return []
    if asked := _when(front):
        return [f"{asked} {rest}?"]
    if _is_place(front):
        return [f"Wo {rest}?"]
    if purpose := re.match(r"(Für|Wegen|Aufgrund) (?:[a-zäöüß]+ )*[A-ZÄÖÜ]", front):
        return [f"{'Wofür' if purpose[1] == 'Für' else 'Warum'} {rest}?"]
    if asked := _what_of(front, verb, tokens):
        return [asked]
    if (counted := _AMOUNT.fullmatch(front[0].lower() + front[1:])) and _counts(counted):
        return [f"{_many(counted)} {rest}?"]
    subject = _subject(front)
    if subject is None:
        return []
    found = [_how_many(subject, verb, rest), _what_is(subject, verb, rest)]
    found.append(_what_does(subject, verb, tokens))
    if _is_name(front):
        found.append(_who_does(verb, rest, tokens))
    return [q for q in found if q]


def _main_clause(sentence: str) -> str | None:
    """The sentence without its final stop and a clause that hangs on it, if it can be turned."""
    text = re.sub(r"^[-•–*] ", "", " ".join(sentence.split()))
    if not text.endswith(".") or len(text.split()) not in _WORDS:
        return None
    text = _PASSING.sub("", text[:-1])
    if tail := _TAIL.search(text):
        text = text[: tail.start()]
    if _UNFIT.search(text) or len(text.split()) < _WORDS.start:
        return None
    return text


def _when(front: str) -> str | None:
    """ "Seit 2019" -> "Seit wann"; None if it is no time."""
    words = re.findall(r"\w+", front.lower())
    if not words or not all(w in _TIME_WORDS or w.isdigit() for w in words):
        return None
    if not any(w in _MONTHS.split() or (len(w) == 4 and w.isdigit()) for w in words):
        return None
    return _TIME_PREPOSITIONS.get(words[0], "Wann")


def _is_place(front: str) -> bool:
    """ "In Paris" """
    place = re.fullmatch(r"In ([A-ZÄÖÜ][a-zäöüß]+)", front)
    return place is not None and names(front) == (place[1],)


def _is_name(front: str) -> bool:
    return names(front) == (front,)


def _subject(front: str) -> str | None:
    """What stands before the verb, as it is written behind it; None if it may be no subject."""
    if _is_name(front):
        return front
    tags = [t.tag for t in tagged(front)]
    whole = re.fullmatch(r"(Der|Die|Das|Ein|Eine) [A-ZÄÖÜ][\wäöüß-]+(?: [A-ZÄÖÜ][\w-]+)*", front)
    if whole and tags[0] == "ART":
        return front[0].lower() + front[1:]
    return None


def _what_of(front: str, verb: Tagged, tokens: tuple[Tagged, ...]) -> str | None:
    """ "Ein Ziel des Gipfels ist der Schutz ..." -> "Was ist ein Ziel des Gipfels?" """
    before = [t for t in tokens if t.start < verb.start]
    behind = [t for t in tokens if t.start > verb.start]
    if verb.text not in ("ist", "war") or len(before) < _LEAST_OF or not behind:
        return None
    noun = next((t for t in before if t.tag in ("NN", "NE")), None)
    whole = before[0].tag == "ART" and noun is not None and noun is not before[-1]
    if not whole or behind[0].tag not in ("ART", "NN", "NE") or behind[-1].tag not in ("NN", "NE"):
        return None
    if behind[0].text.startswith("ein"):  # what it is, not which one
        return None
    return f"Was {verb.text} {front[0].lower()}{front[1:]}?"


def _how_many(subject: str, verb: Tagged, rest: str) -> str | None:
    """ "Die Firma hat 140 Mitarbeiter" -> "Wie viele Mitarbeiter hat die Firma?" """
    after = rest[len(verb.text) :]
    counted = _AMOUNT.search(after)
    if counted is None or not _counts(counted):
        return None
    before = tagged(after[: counted.start()].strip())
    if before and (before[-1].tag in _BOUND or before[-1].text in _PREPOSITIONS):
        return None
    if re.match(r"(?: [a-zäöüß]+en)? (?:und|bis|oder) \d", after[counted.end() :]):
        return None
    middle = " ".join((after[: counted.start()] + after[counted.end() :]).split())
    return f"{_many(counted)} {verb.text} {subject} {middle}".strip() + "?"


def _counts(counted: re.Match[str]) -> bool:
    single = counted["number"] == "1" and not counted["scale"]
    return counted["noun"].lower() not in _NO_COUNT and not single


def _many(counted: re.Match[str]) -> str:
    """ "Wie viele Milliarden Euro" """
    much = counted["noun"] in ("Prozent", "Geld")
    return f"Wie {'viel' if much else 'viele'} {counted['scale'] or ''}{counted['noun']}"


def _what_does(subject: str, verb: Tagged, tokens: tuple[Tagged, ...]) -> str | None:
    """ "Die Behörde will Brücken bauen" -> "Was will die Behörde bauen?",
    "Meier kündigte einen Neubau an" -> "Was kündigte Meier an?" """
    behind = [t for t in tokens if t.start > verb.start]
    if not behind or behind[0].tag not in ("ART", "NN", "ADJ(A)", "PIAT") or len(behind) < 2:
        return None
    if behind[0].tag == "ART" and behind[0].text in ("dem", "der", "des", "einem", "einer"):
        return None
    last = behind[-1]
    if verb.tag == "VM(FIN)" and last.tag == "VV(INF)":
        return f"Was {verb.text} {subject} {last.text}?" if _acts(last) else None
    prefix = last.text if last.tag == "PTKVZ" else ""
    if verb.tag == "VV(FIN)" and _acts(verb, prefix):
        return f"Was {verb.text} {subject} {prefix}".strip() + "?"
    return None


def _acts(verb: Tagged, prefix: str = "") -> bool:
    """Whether it is something that persons and organisations do to something."""
    root = lemma(verb.text, verb.tag)
    return root in _BY_SOMEBODY or prefix + root in _BY_SOMEBODY


def _what_is(subject: str, verb: Tagged, rest: str) -> str | None:
    """ "ROOST ist eine Initiative ..." -> "Was ist ROOST?" """
    said = re.match(r"(?:ist|war) (?:ein|eine|der|die|das) (?:[a-zäöüß]+ )*([A-ZÄÖÜ][\w-]+)", rest)
    if said is None or not names(subject):
        return None
    return f"{'Wer' if _PERSON.fullmatch(said[1].lower()) else 'Was'} {verb.text} {subject}?"


def _who_does(verb: Tagged, rest: str, tokens: tuple[Tagged, ...]) -> str | None:
    """ "Airbus baut Flugzeuge in Toulouse" -> "Wer baut Flugzeuge in Toulouse?" """
    if not _SINGULAR.fullmatch(verb.text) or len(rest.split()) < _WORDS.start - 1:
        return None
    prefix = tokens[-1].text if tokens[-1].tag == "PTKVZ" else ""
    if not any(_acts(t, prefix) for t in tokens if t.tag.startswith("VV")):
        return None
    return f"Wer {rest}?"


def _who_is(sentence: str) -> list[str]:
    """Who the persons are that the sentence gives an office or a profession."""
    found: list[str] = []
    if not any(_FINITE.fullmatch(t.tag) for t in tagged(sentence)):
        return found  # an entry of a list
    for name in named(sentence):
        if " " not in name.text or not re.fullmatch(
            r"[A-ZÄÖÜ][a-zäöüß-]+(?: \S+)* \w{3,}", name.text
        ):
            continue
        before = re.search(r"([A-ZÄÖÜ][\w-]+) $", sentence[: name.start])
        behind = re.match(r", (?:\w+ ){0,3}?([A-ZÄÖÜ][\w-]+)", sentence[name.end :])
        for office in (before, behind):
            if office and _PERSON.fullmatch(office[1].lower().rpartition("-")[2]):
                found.append(f"Wer ist {name.text}?")
    return found
