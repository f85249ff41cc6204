"""Does a sentence turn its source round, or put it more strongly?

The lists are general German: pairs of lemmas that exclude each other, and the words that say that
something is not certain, not all or not quite.
"""

from __future__ import annotations

from rag.alignment import Alignment, Token, align, beside, is_fragment, tokens
from rag.german import stem
from rag.tagging import lemma, tagged
from rag.wording import has_stem

_PAIRS = """
    steigen sinken, steigen fallen, ansteigen absinken, zunehmen abnehmen, wachsen schrumpfen,
    erhöhen senken, erhöhen verringern, erhöhen reduzieren, anheben senken, vergrößern verkleinern,
    verlängern verkürzen, stärken schwächen, verbessern verschlechtern, verschärfen lockern,
    beschleunigen bremsen, ausbauen abbauen, aufbauen abbauen, einstellen entlassen,
    öffnen schließen, eröffnen schließen, beginnen enden, beginnen beenden, starten enden,
    anfangen aufhören, gewinnen verlieren, siegen unterliegen, siegen verlieren, kaufen verkaufen,
    importieren exportieren, einführen abschaffen, gründen auflösen, erlauben verbieten,
    erlaubt verboten, zulassen verbieten, genehmigen ablehnen, zustimmen ablehnen,
    annehmen ablehnen, befürworten ablehnen, loben kritisieren, begrüßen kritisieren,
    bestätigen dementieren, bestätigen bestreiten, zugeben leugnen, gestehen leugnen,
    freisprechen verurteilen, verhaften freilassen, unterstützen bekämpfen, fördern behindern,
    gelingen scheitern, bestehen scheitern, erfüllen verfehlen, leben sterben, überleben sterben,
    retten töten, ankommen abfahren, starten landen, einsteigen aussteigen, eintreten austreten,
    beitreten austreten, aufsteigen absteigen, nehmen geben, sparen ausgeben, hinzufügen entfernen,
    erinnern vergessen, lieben hassen, angreifen verteidigen, belasten entlasten,
    anstieg rückgang, anstieg abnahme, zunahme abnahme, zuwachs rückgang, zuwachs abnahme,
    wachstum rückgang, wachstum schrumpfung, erhöhung senkung, aufschwung abschwung,
    gewinn verlust, überschuss defizit, plus minus, einnahme ausgabe, guthaben schuld,
    sieg niederlage, sieger verlierer, gewinner verlierer, erfolg misserfolg, erfolg scheitern,
    vorteil nachteil, stärke schwäche, chance risiko, mehrheit minderheit, maximum minimum,
    höchststand tiefststand, höhepunkt tiefpunkt, beginn ende, anfang ende, anfang schluss,
    start ende, eröffnung schließung, ankunft abfahrt, geburt tod, leben tod, krieg frieden,
    befürworter gegner, anhänger gegner, freund feind, export import, ausfuhr einfuhr,
    kauf verkauf, käufer verkäufer, angebot nachfrage, arbeitgeber arbeitnehmer, täter opfer,
    kläger angeklagter, mann frau, männlich weiblich, vater mutter, sohn tochter, bruder schwester,
    norden süden, osten westen, nord süd, ost west, nördlich südlich, östlich westlich,
    links rechts, oben unten, innen außen, innere äußere, inland ausland, innerhalb außerhalb,
    vorne hinten, hinein heraus, vorher nachher, davor danach, zuvor danach, vormittag nachmittag,
    morgens abends, tagsüber nachts, sommer winter, gestern morgen,
    groß klein, hoch niedrig, hoch tief, hoch gering, lang kurz, breit schmal, dick dünn,
    schwer leicht, stark schwach, schnell langsam, früh spät, jung alt, neu alt, alt modern,
    gut schlecht, positiv negativ, reich arm, teuer billig, teuer günstig, warm kalt, heiß kalt,
    hell dunkel, laut leise, voll leer, nah fern, offen geschlossen, öffentlich privat,
    öffentlich geheim, staatlich privat, legal illegal, sicher unsicher, gesund krank,
    einfach schwierig, einfach kompliziert, leicht schwierig, viel wenig, meist wenig,
    häufig selten, oft selten, immer nie, stets nie, alle kein, jeder kein, erst letzt,
    vorig nächst, vergangen kommend, vorläufig endgültig, zeitweise dauerhaft, richtig falsch,
    wahr falsch, gleich verschieden, zunehmend abnehmend, maximal minimal, maximal mindestens,
    mindestens höchstens, freiwillig verpflichtend, aktiv passiv, direkt indirekt, bekannt fremd,
    lebendig tot, verheiratet ledig, schuldig unschuldig, erster letzter, ersterer letzterer
"""

_FUNCTION = ("ART", "APP", "KO", "PPER", "PPOS", "PREL", "PD", "PRF", "PTK", "VA", "VM")
_TURNED = """
    mehr weniger, vor nach, vorher nachher, vor seit, über unter, oberhalb unterhalb,
    mindestens höchstens, mit ohne, für gegen, bis ab, innerhalb außerhalb, vor hinter, auf unter,
    früher später, größer kleiner, höher niedriger, besser schlechter, länger kürzer,
    erst schon, erst bereits
"""  # everyday words: they count only in the same place

_RESERVATIONS = frozenset(
    "könnte könnten könne dürfte dürften möglicherweise womöglich vielleicht vermutlich mutmaßlich "
    "mutmaßliche mutmaßlichen mutmaßlicher wahrscheinlich wahrscheinliche voraussichtlich offenbar "
    "anscheinend scheinbar angeblich angebliche angeblichen wohl eventuell gegebenenfalls "
    "potenziell potentiell theoretisch fast beinahe nahezu annähernd praktisch teils teilweise "
    "zumeist meist meistens mehrheitlich größtenteils weitgehend vorwiegend überwiegend manchmal "
    "gelegentlich mitunter bisweilen oft öfter häufig zuweilen vereinzelt zeitweise einige einiger "
    "einigen manche mancher manchen mehrere mehrerer mehreren etliche etlicher etlichen viele "
    "vielen vieler zahlreiche zahlreichen zahlreicher scheint scheinen "
    "hälfte drittel viertel fünftel zehntel".split()
)


def turned(claim: str, source: str) -> list[str]:
    """Reasons: a word of the claim whose opposite the source says instead."""
    ours, theirs = _forms(claim), _forms(source)
    stood = frozenset(form for forms in theirs.values() for form in forms)
    said = frozenset(form for forms in ours.values() for form in forms)
    reasons = []
    for word, forms in ours.items():
        if forms & stood:
            continue
        other = {o for f in forms for o in _OPPOSITES.get(f, ())} & stood - said
        if other:
            there = next(w for w, f in theirs.items() if f & other)
            reasons.append(f"opposite: {word}, the source says {there}")
    found = align(claim, source)
    for ours_at, theirs_at in found.changed:
        reasons += [
            f"opposite: {found.claim[i].text}, the source says {found.source[j].text}"
            for i in ours_at
            for j in theirs_at
            if _excludes(found.claim[i], found.source[j])
        ]
    return list(dict.fromkeys(reasons))


def unreserved(claim: str, source: str) -> list[str]:
    """Reasons: a reservation of the source that the claim leaves out, though it takes over what
    stands beside it."""
    stood = tokens(source)
    reserved = [j for j, t in enumerate(stood) if t.text.casefold() in _RESERVATIONS]
    if not reserved or is_fragment(tokens(claim)):
        return []
    found = align(claim, source)
    ours = [i for i, t in enumerate(found.claim) if t.text.casefold() in _RESERVATIONS]
    everything = frozenset(t.root for t in found.claim)
    reasons = []
    for j in reserved:
        before, behind = beside(stood, j)
        near = [*before, *behind]
        if not near or not all(has_stem(t.root, everything) for t in near):
            continue
        if not _kept(found, ours, j, near):
            reasons.append(f"reservation: the source says {stood[j].text!r}")
    return reasons


def _excludes(one: Token, other: Token) -> bool:
    """Whether two words in the same place exclude each other."""
    a, b = one.text.lower(), other.text.lower()
    return (
        b in _TURNS.get(a, ())
        or other.root in _OPPOSITES.get(one.root, ())
        or f"un{a}" == b
        or f"un{b}" == a
    )


def _kept(found: Alignment, ours: list[int], at: int, near: list[Token]) -> bool:
    roots = frozenset(t.root for t in near)
    for i in ours:
        sides = beside(found.claim, i, 2)
        if found.meet(i, at) or any(has_stem(t.root, roots) for side in sides for t in side):
            return True
    return False


def _forms(text: str) -> dict[str, frozenset[str]]:
    """The stems of each word's spelling and of its lemma."""
    return {
        w.text: frozenset((stem(w.text), stem(lemma(w.text, w.tag))))
        for w in tagged(text)
        if w.text[0].isalpha() and not w.tag.startswith(_FUNCTION)
    }


def _pairs(listed: str) -> list[list[str]]:
    return [pair.split() for pair in listed.split(",")]


def _both_ways(pairs: list[list[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


_OPPOSITES = _both_ways([[stem(w) for w in pair] for pair in _pairs(_PAIRS)])
_TURNS = _both_ways(_pairs(_TURNED))
