"""Lines of a web page that are no part of its article: navigation, teasers, link boxes, ads.

Conservative: a real line that is taken for boilerplate cannot be found any more, which is worse
than noise. So a word alone counts only as a whole line; everything else needs its surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from rag.promotion import is_call, is_promotion, mark_contacts
from rag.shape import Line

LEADS = frozenset(
    (
        "lesen sie auch", "lesen sie mehr", "lesen sie dazu auch", "lesen sie mehr zum thema",
        "lesen sie hier", "lesen sie dazu", "lesen sie hierzu auch", "auch interessant",
        "auch lesenswert", "lesetipp", "lesetipps", "das könnte sie auch interessieren",
        "das könnte sie interessieren", "das könnte dich auch interessieren", "passend dazu",
        "mehr dazu", "mehr dazu hier", "mehr zum thema", "mehr zu diesem thema", "zum thema",
        "mehr zum thema lesen", "weitere artikel", "weitere artikel zum thema", "weitere themen",
        "weitere beiträge", "weitere meldungen", "weitere nachrichten", "weiterführende artikel",
        "weiterführende links", "ähnliche artikel", "ähnliche beiträge", "verwandte artikel",
        "verwandte themen", "verwandte beiträge", "meistgelesen", "meistgelesene artikel",
        "am meisten gelesen", "beliebte artikel", "empfehlungen der redaktion", "siehe auch",
        "redaktionsempfehlung", "redaktionsempfehlungen", "mehr aus der region", "mehr aus",
        "aktuelle meldungen", "aktuelle artikel", "neueste artikel", "neueste beiträge",
        "unsere partner", "partnerangebote", "aus unserem netzwerk", "mehr von", "links zum thema",
        "mehr news", "top-themen", "dazu passend", "themen in diesem artikel", "mehr zu",
        "hier geht es weiter", "hören sie auch", "sehen sie auch", "vorheriger beitrag",
        "nächster beitrag", "vorheriger artikel", "nächster artikel",
    )
)  # fmt: skip
LABELS = LEADS | frozenset(
    (
        "anzeige", "anzeigen", "werbung", "advertorial", "gesponsert", "sponsored", "promotion",
        "anzeige anzeige", "bezahlte anzeige", "ende der anzeige", "anzeige ende", "startseite",
        "zur startseite", "zurück zur startseite", "zurück zur übersicht", "nach oben",
        "zum seitenanfang", "zum inhalt springen", "zum hauptinhalt springen", "stellenmarkt",
        "artikel teilen", "beitrag teilen", "diesen artikel teilen", "jetzt teilen", "teilen auf",
        "artikel merken", "artikel drucken", "artikel anhören", "artikel vorlesen", "vorlesen",
        "beitrag anhören", "weiterlesen", "jetzt lesen", "mehr lesen", "mehr anzeigen",
        "mehr erfahren", "mehr laden", "kommentar schreiben", "kommentare anzeigen",
        "kommentare lesen", "zu den kommentaren", "kommentieren", "datenschutzerklärung",
        "cookie-einstellungen", "cookies akzeptieren", "alle akzeptieren", "agb", "e-paper",
        "anmelden", "einloggen", "registrieren", "abonnieren", "jetzt abonnieren", "abo bestellen",
        "menü", "menü öffnen", "menü schließen", "schließen", "sprachauswahl", "drucken", "merken",
        "link kopieren", "auf facebook teilen", "auf x teilen", "auf twitter teilen",
        "auf whatsapp teilen", "auf linkedin teilen", "per e-mail teilen", "per mail teilen",
        "newsletter abonnieren", "zum newsletter", "jetzt anmelden", "hier anmelden",
        "fehler melden", "leserbrief schreiben", "alle rechte vorbehalten", "zur merkliste",
        "zur merkliste hinzufügen", "inhalte aktivieren", "externe inhalte anzeigen",
        "jetzt testen", "abo testen", "mit google anmelden", "plus-artikel", "nur für abonnenten",
    )
)  # fmt: skip
WEAK_LABELS = frozenset(
    """teilen newsletter kommentare facebook twitter whatsapp linkedin xing pinterest telegram
    instagram youtube threads bluesky mastodon flipboard pocket e-mail mail x impressum datenschutz
    kontakt login abo suche suchen themen tags schlagwörter home zurück weiter übersicht archiv
    ratgeber gutscheine weiterbildung presseportal politik wirtschaft sport kultur panorama wissen
    technologie digital regional lokales reise gesundheit podcast podcasts video videos mediathek
    jobs immobilien wetter rezepte quiz shop service netiquette""".split()
)
KICKERS = frozenset(
    """hintergrund erklärt wissen faq video podcast newsletter interview dossier ratgeber quiz serie
    grafik exklusiv kommentar analyse fotostrecke bildergalerie faktencheck lesetipp plus
    kolumne thema""".split()
)
_LED = re.compile(
    r"(?:lesen sie (?:auch|hier|dazu|mehr|hierzu)[\w ]{0,30}|lesetipps?|auch interessant|siehe auch"
    r"|mehr (?:dazu|zum thema)[\w ]{0,20}|passend dazu|das könnte sie auch interessieren"
    r"|weiterlesen|hören sie auch|sehen sie auch)\s?[:|►→»]\s?\S",
    re.IGNORECASE,
)
_LED_BARE = re.compile(
    r"(?:lesen sie (?:auch|hier|dazu|hierzu)|mehr zum thema)\b.{0,120}"
    r"\b(?:artikel|beitrag|interview|kommentar|dossier|themenseite|hier|lesen|mehr)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?:\d{1,5} kommentare?|kommentare? \(?\d{1,5}\)?|\d{1,6} (?:mal )?geteilt)")
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright)\s.{0,160}", re.IGNORECASE)
_CRUMB = re.compile(r"\s[>›»/|]\s")
_TEASER_CHARS = 400
_LABEL_CHARS = 60
_LINK_STARTS = frozenset("lLmMaAsSpPdDwWhHcCkK0123456789-–—*+•>»►▶→[(_©👉➡")
_HEAD_LINES = 40
_LINKS = 15


def label_of(line: Line) -> str:
    """The words of a short line without signs around them, in lower case; "" for longer ones."""
    text = line.text
    if len(text) > _LABEL_CHARS:
        return ""
    start, end = line.content, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return text[start:end].lower()


def is_label(label: str) -> bool:
    """A word of the page around an article: no headline by itself."""
    return label in LABELS or label in WEAK_LABELS


def navigation(lines: Sequence[Line], labels: Sequence[str]) -> set[int]:
    """The lines above the headline that lead through the site: breadcrumbs and menus."""
    marked = set()
    for i, line in enumerate(lines[:_HEAD_LINES]):
        if line.prose:
            break
        parts = _CRUMB.split(line.text[:200])
        home = parts[0].strip().lower() in ("startseite", "home", "start")
        arrows = sum(sign in line.text for sign in (" > ", " › ", " » "))
        if len(parts) > 1 and (home or (arrows and len(parts) > 2)) and line.stop not in ".!?":
            marked.add(i)
        if labels[i] in ("startseite", "home") and line.words <= 2:
            marked.update(_menu(lines, i))
    return marked


def mark(
    lines: Sequence[Line],
    labels: Sequence[str],
    title: int | None,
    meta: Set[int],
    publisher: str | None,
) -> set[int]:
    """Indices of all lines that are boilerplate. ``meta`` holds the lines that are bylines."""
    strong = {
        i
        for i, line in enumerate(lines)
        if (labels[i] in LABELS if labels[i] else len(line.text) <= _LABEL_CHARS)
        or (line.text[0] in _LINK_STARTS and _is_link_line(line, labels[i]))
        or is_call(line)
    }
    weak = {i for i, label in enumerate(labels) if label in WEAK_LABELS}
    marked = set(strong)
    for i in sorted(weak):
        near = [
            j for j in (i - 1, i + 1) if j in strong or (j in weak and j in marked) or j in weak
        ]
        if near and not (i + 1 < len(lines) and lines[i + 1].prose):
            marked.add(i)
    marked |= {i for i, line in enumerate(lines) if is_promotion(line, publisher)}
    marked |= mark_contacts(lines, labels, publisher)
    spaced = _blank_separated(lines)
    if spaced:  # the name of the newsletter above the call to subscribe
        heads = [i - 1 for i in sorted(marked) if i and not lines[i].gap and lines[i].words > 4]
        marked.update(i for i in heads if lines[i].gap and lines[i].titular and not lines[i].level)
    for i, label in enumerate(labels):
        if label in LEADS or label in ("anzeige", "werbung"):
            marked.update(_linked(lines, labels, i, spaced))
    if spaced:
        marked |= _boxes(lines, labels, meta)
    marked |= _teasers(lines, meta)
    marked |= _tail(lines, labels, marked, meta)
    marked |= navigation(lines, labels)
    marked |= _around_title(lines, title, meta)
    return marked - ({title} if title is not None else set())


def _menu(lines: Sequence[Line], first: int) -> range:
    """From "Startseite" on: the rest of that list, or of the lines up to the next blank one."""
    last = first
    listed = lines[first].listed
    for i in range(first + 1, min(len(lines), first + 12)):
        line = lines[i]
        if line.gap or line.listed != listed or line.prose or (not listed and line.words > 3):
            break
        last = i
    return range(first, last + 1)


def _is_link_line(line: Line, label: str) -> bool:
    """A line that only leads elsewhere or says nothing: "Lesen Sie auch: ...", "© 2025", "***"."""
    text = line.text
    if len(text) > 200:
        return False
    bare = text.lstrip("-–—*+•>»►▶→[(_ 👉➡\ufe0f")
    if _LED.match(bare):
        return True
    if _LED_BARE.match(bare) and len(text) <= 160 and '"' not in text and "„" not in text:
        return True
    if _RIGHTS.fullmatch(text):
        low = text.lower()
        return "rechte vorbehalten" in low or "all rights" in low
    return bool(_COUNTED.fullmatch(label))


def _blank_separated(lines: Sequence[Line]) -> bool:
    """Does this page put a blank line between its paragraphs? Then a gap-free group is a unit."""
    prose = [line for line in lines[1:] if line.prose]
    return len(prose) >= 3 and sum(line.gap for line in prose) >= 0.7 * len(prose)


def _is_link_title(line: Line) -> bool:
    return line.titular and len(line.text) >= 12 and not line.level


def _linked(lines: Sequence[Line], labels: Sequence[str], lead: int, spaced: bool) -> list[int]:
    """The link titles below "Lesen Sie auch": list items, or the rest of the lead's group.

    A heading that follows looks the same as one more link title: where nothing tells them apart,
    it is kept.
    """
    end = min(len(lines), lead + 1 + _LINKS)
    at = lead + 1
    found: list[int] = []
    ads = labels[lead] in ("anzeige", "werbung")
    while at < end and lines[at].bullet and _is_link_title(lines[at]) and not ads:
        found.append(at)
        at += 1
    if found or not spaced:
        return found
    while at < end and not lines[at].gap and not lines[at].prose and lines[at].stop != ".":
        found.append(at)
        at += 1
    if found or ads:
        return found if at == len(lines) or lines[at].gap else []
    while at < end and _is_link_title(lines[at]) and not lines[at].listed:
        found.append(at)
        at += 1
    return found[:-1]


def _boxes(lines: Sequence[Line], labels: Sequence[str], meta: Set[int]) -> set[int]:
    """Link boxes of two lines, a kicker and the headline of another article, between paragraphs."""
    marked: set[int] = set()
    for i in range(1, len(lines) - 2):
        above, kicker, headline, below = lines[i - 1 : i + 3]
        alone = kicker.gap and not headline.gap and below.gap and above.prose and below.prose
        if not alone or i in meta or not (kicker.titular and headline.titular):
            continue
        if (
            kicker.listed
            or headline.listed
            or kicker.level
            or headline.level
            or len(kicker.text) > 60
        ):
            continue
        if any(c.isdecimal() for c in kicker.text + headline.text):
            continue
        known = labels[i].split(":")[0].split(" ")[0] in KICKERS
        pair = ": " in kicker.text and ": " not in headline.text
        if known + pair + (headline.stop in "?!") + (len(headline.text) > len(kicker.text)) >= 3:
            marked.update((i, i + 1))
    return marked


def _teasers(lines: Sequence[Line], meta: Set[int]) -> set[int]:
    """Kicker, headline, summary and "von A, B" of another article in the middle of this one."""
    marked: set[int] = set()
    body = next((i for i, line in enumerate(lines) if line.prose), len(lines))
    named_above = any(i <= body + 2 for i in meta)
    for i in sorted(meta):
        line = lines[i]
        if i <= body + 2 or line.text[:4] not in ("von ", "Von "):
            continue
        top = i - 1
        while top > body and i - top <= 2 and _is_summary(lines[top]):
            top -= 1
        if top == i - 1 or top <= body or not lines[top].titular or lines[top].listed:
            continue
        goes_on = any(other.prose for other in lines[i + 1 : i + 12])
        if not (goes_on or named_above):
            continue  # the article's own author, named below it
        kicker = lines[top - 1].titular and len(lines[top - 1].text) <= 40
        if kicker and top - 1 > body and not lines[top - 1].listed:
            marked.update(range(top - 1, i + 1))
        elif goes_on and lines[i].gap and lines[top].gap:
            marked.update(range(top, i + 1))
    return marked


def _is_summary(line: Line) -> bool:
    return len(line.text) <= _TEASER_CHARS and line.stop in ".!?…" and not line.listed


def _tail(
    lines: Sequence[Line], labels: Sequence[str], marked: set[int], meta: Set[int]
) -> set[int]:
    """Everything below the article: from the first label with nothing but short lines below it."""
    last = len(lines)
    while last and not _is_content(lines[last - 1], last - 1 in marked):
        last -= 1
    openers = [i for i in range(last, len(lines)) if labels[i] in LABELS]
    if not openers or (len(openers) < 2 and labels[openers[0]] not in LEADS):
        return set()
    return {i for i in range(openers[0], len(lines)) if i not in meta}


def _is_content(line: Line, marked: bool) -> bool:
    if marked:
        return False
    return line.prose or bool(line.level) or (line.stop in ".:" and line.words >= 5)


def _around_title(lines: Sequence[Line], title: int | None, meta: Set[int]) -> set[int]:
    """Short scraps of the page's head between the headline and the byline below it."""
    if title is None:
        return set()
    byline = next((i for i in range(title + 1, min(title + 6, len(lines))) if i in meta), None)
    if byline is None:
        return set()
    between = range(title + 1, byline)
    scraps = all(lines[i].words <= 3 and len(lines[i].text) <= 30 for i in between)
    return set(between) if scraps else set()
