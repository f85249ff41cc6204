"""Lines in which a publisher speaks for itself: calls, self-promotion, contact blocks.

Every rule adds up several signals and needs one that plain news does not show. What stands in
quotation marks is somebody's speech and never counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.shape import Line

CALL_TOPICS = frozenset(
    """newsletter newsletters newsletterversand abo abos abonnement abonnieren abonnenten abonnent
    probeabo probemonat e-paper epaper registrieren registrierung anmelden anmeldung einloggen login
    push-nachrichten pushnachrichten push-mitteilungen whatsapp-kanal whatsapp-channel app podcast
    kündbar freischalten weiterlesen weiterzulesen premium plus-artikel bezahlartikel cookies
    cookie einwilligung zustimmung widerrufen kommentieren teilen postfach abonnentinnen
    kostenlos facebook instagram telegram linkedin youtube social inhalte inhalt""".split()
)
CALL_PHRASES = (
    "jetzt anmelden", "kostenlos anmelden", "hier anmelden", "jetzt abonnieren", "hier abonnieren",
    "jetzt registrieren", "jetzt testen", "kostenlos testen", "jetzt weiterlesen",
    "weiterlesen mit",
    "bereits abonnent", "bereits ein abo", "bereits registriert", "schon abonnent",
    "monatlich kündbar", "jederzeit kündbar", "nur für abonnent", "exklusiv für abonnent",
    "exklusiv für unsere abonnent", "artikel teilen", "beitrag teilen", "in ihr postfach",
    "in dein postfach", "direkt ins postfach", "für unseren newsletter", "für den newsletter",
    "unseren newsletter", "unserem newsletter", "unser newsletter", "auf facebook teilen",
    "auf x teilen", "auf whatsapp teilen", "per whatsapp teilen", "per e-mail teilen",
    "folgen sie uns", "folgen sie der", "folge uns", "melden sie sich", "externer inhalt",
    "externe inhalte", "externen inhalt", "redaktioneller inhalt", "datenschutzerklärung",
    "datenschutzbestimmungen", "zustimmung zur", "cookies zustimmen", "mit einem abo",
    "als abonnent", "diesen artikel weiterlesen", "um diesen artikel", "jetzt downloaden",
    "unserer app", "unsere app", "unserem whatsapp", "unseren whatsapp", "unserem telegram",
    "unseren podcast", "kommentar verfassen", "um zu kommentieren",
)  # fmt: skip
_CALL_OPENING = re.compile(
    r"(?:Jetzt|Hier|Abonnier|Meld|Test|Registrier|Folg|Sicher|Bleib|Erhalt|Lad|Klick|Aktivier"
    r"|Entdeck|Unser|Mit (?:der|Ihrer) (?:Anmeldung|Zustimmung)|Sie (?:haben|sind|möchten|wollen)"
    r"|Empfohlener|An dieser Stelle|Dieser (?:Artikel|Text|Inhalt|Beitrag)|Diesen)"
)
_ADS = re.compile(
    r"\b(?:profitier|servicepaket|maßgeschneidert|expertise|kompetenz|leistungen|unverbindlich"
    r"|kostenlos|berat(?:en|ung|er)|angebot|kunden|mehrwert|wettbewerbsvorteil|lösung|dienstleist"
    r"|ansprechpartner|erstgespräch|innovativ|umfassend|marketing|vertrieb|business|projekt"
    r"|branche|support|optimierung)",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:[Ww]ir|[Uu]ns|[Uu]nser\w{0,2}|[Ii]ch|[Mm]ir|[Mm]ich|[Mm]ein\w{0,2})\b")
_YOURS = re.compile(r"(?<=[a-zäöüß,] )(?:Sie|Ihnen|Ihre?[nmrs]?|[Dd]ir|[Dd]ich|[Dd]eine?[nmrs]?)\b")
_REACH = re.compile(
    r"\+\d{2}[ (/-]|\b(?:Tel|Fon|Telefon|Telefax|Fax|Mobil)\b[.: ]|\b0\d{2,5}[ /-]\d{3,}"
    r"|[\w.-]@[\w-]|\b(?:E-)?Mail: |\bwww\.\w|https?://"
)
_REACH_SIGNS = ("@", "www.", "://", "0", "+", "Tel", "Fax", "Mobil", "ail:")
_REACH_WORDS = re.compile(
    r"kontaktformular|kontakt aufnehmen|kontaktieren sie|zur verfügung\b|rufen sie\b"
    r"|schreiben sie uns|sprechen sie uns|vereinbaren sie|nehmen sie kontakt|kontaktiere uns",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b\d{5} [A-ZÄÖÜ]|\b(?:[A-Z]|D|CH|AT?)-\d{4,5} [A-ZÄÖÜ]")
CONTACTS = frozenset(
    """pressekontakt medienkontakt kontakt ansprechpartner ansprechpartnerin ansprechpartner:innen
    pressestelle presseanfragen rückfragen impressum""".split()
) | {
    "kontakt für rückfragen", "kontakt für medien", "kontakt für die presse", "ihr kontakt",
    "ihr ansprechpartner", "ihre ansprechpartnerin", "ansprechpartner für die presse",
    "ansprechpartner für medien", "rückfragen bitte an", "rückfragehinweis",
    "weitere informationen und kontakt", "kontakt zur redaktion", "so erreichen sie uns",
    "kontaktieren sie uns", "kontakt und weitere informationen",
}  # fmt: skip
_PRESS = re.compile(
    r"(?:pressekontakt|medienkontakt|rückfragehinweis|ansprechpartner(?:in)?(?: für [\w ]{3,20})?)"
    r"\s?:",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"„[^“”\"]*[“”\"]|\"[^\"]*\"|»[^«]*«|«[^»]*»")
_CHECKED = frozenset("☑✅✔✓➡➤►▶👉🎯📞📧☎✉🚀📢⭐🔥")
_LONGEST = 1500
_CALL_CHARS = 280
_BLOCK_LINES = 14
_TAIL_LINES = 40
_SHORT = 120


def is_call(line: Line) -> bool:
    """Subscribe, log in, share, accept cookies: addressed to the reader of the page."""
    if len(line.text) > _CALL_CHARS:
        return False
    low = line.text.lower()
    if CALL_TOPICS.isdisjoint(low.replace(".", " ").replace(",", " ").replace("!", " ").split()):
        return False
    text = _spoken(line.text)
    low = text.lower()
    phrases = sum(phrase in low for phrase in CALL_PHRASES)
    if not phrases or line.stop == "?":
        return phrases > 1
    opening = bool(_CALL_OPENING.match(text.lstrip("-–>»►▶→•*+ ")))
    address = bool(_YOURS.search(text)) or "unser" in low
    return phrases + opening + address >= 2


def is_promotion(line: Line, publisher: str | None) -> bool:
    """Advertising for the publisher itself in the middle of an article."""
    text = line.text
    if not 40 <= len(text) <= _LONGEST or line.stop == "?":
        return False
    reach = any(sign in text for sign in _REACH_SIGNS) and _REACH.search(text)
    if not (reach or (publisher and publisher in text) or text[0] in _CHECKED):
        return False
    text = _spoken(text)
    return bool(_YOURS.search(text) and _ADS.search(text)) and _points(text, publisher) >= 4


def mark_contacts(lines: Sequence[Line], labels: Sequence[str], publisher: str | None) -> set[int]:
    """The lines of contact blocks: behind a label such as "Pressekontakt", or at the very end."""
    marked = {i for i, line in enumerate(lines) if _PRESS.match(line.text) and _reachable(line)}
    for i, label in enumerate(labels):
        if label in CONTACTS:
            marked.update(_block(lines, labels, i))
    marked.update(_closing(lines, labels, publisher, marked))
    return marked


def _block(lines: Sequence[Line], labels: Sequence[str], label: int) -> range:
    """From the label to the last line that says how to reach somebody."""
    last = label
    for i in range(label + 1, min(len(lines), label + 1 + _BLOCK_LINES)):
        line = lines[i]
        if len(line.text) > _SHORT or line.level or labels[i] in CONTACTS:
            break
        if line.words >= 6 and not _reaches(line.text):
            break
        if line.gap and i + 1 < len(lines) and line.titular and lines[i + 1].prose:
            break
        if _reachable(line):
            last = i
    return range(label, last + 1 if last > label else label)


def _closing(
    lines: Sequence[Line], labels: Sequence[str], publisher: str | None, marked: set[int]
) -> range:
    """A block at the end in which the publisher offers its services and says how to reach it."""
    nothing = range(0)
    first = len(lines)
    while first and len(lines) - first < _TAIL_LINES:
        line = lines[first - 1]
        if first - 1 not in marked and (
            line.stop == "?" or line.level or _neutral(line, publisher)
        ):
            break
        first -= 1
    for i in range(max(first, 1), len(lines)):
        line = lines[i]
        points = _points(_spoken(line.text), publisher)
        if len(line.text) <= _SHORT and not line.listed and (points >= 3 or labels[i] in CONTACTS):
            tail = [_spoken(other.text[:_LONGEST]) for other in lines[i:]]
            reach = sum(_reaches(text) for text in tail)
            address = any(_YOURS.search(text) and _OURS.search(text) for text in tail)
            total = sum(_points(text, publisher) for text in tail)
            if not (reach and address and total >= 6):
                return nothing
            while i and lines[i - 1].text[0] in _CHECKED:  # what is offered stands above
                i -= 1
            return range(i, len(lines))
    return nothing


def _neutral(line: Line, publisher: str | None) -> bool:
    """A sentence that promotes nothing, so that a block at the end cannot reach over it."""
    if len(line.text) > _LONGEST:
        return True
    if line.stop not in ".!…" or line.words < 5:
        return len(line.text) > _SHORT and not _reaches(line.text) and line.text[0] not in _CHECKED
    text = _spoken(line.text)
    strong = _reaches(text) or (publisher and text.startswith(publisher)) or _YOURS.search(text)
    return not (strong and _points(text, publisher)) and _points(text, publisher) < 2


def _points(text: str, publisher: str | None) -> int:
    """How much a text sounds like an offer, 0 to 10."""
    own = 0
    if publisher and publisher in text:
        own = 2 if text.lstrip("☑✅✔🎯👉 \ufe0f").startswith(publisher) else 1
    return (
        own
        + bool(_OURS.search(text))
        + bool(_YOURS.search(text))
        + min(2, len(_ADS.findall(text)))
        + 2 * _reaches(text)
        + (text[:1] in _CHECKED)
    )


def _reaches(text: str) -> bool:
    return bool(_REACH.search(text) or _REACH_WORDS.search(text))


def _reachable(line: Line) -> bool:
    text = line.text[:_CALL_CHARS]
    return _reaches(text) or bool(_POSTCODE.search(text))


def _spoken(text: str) -> str:
    return _QUOTED.sub(" ", text) if any(mark in text for mark in '„"»«') else text
