"""German words that may stand for each other when a line is retold. Small and general: data."""

from __future__ import annotations

from functools import lru_cache

from rag.german import stem

_GROUPS = (
    # nouns
    "mitarbeiter mitarbeiterinnen beschäftigte beschäftigten angestellte angestellten "
    "arbeitskräfte mitarbeitende mitarbeitenden arbeitnehmer personen menschen leute",
    "firmen unternehmen betriebe konzerne gesellschaften",
    "länder staaten nationen",
    "einwohner einwohnerinnen bewohner menschen personen bürger",
    "teilnehmer teilnehmende gäste besucher personen menschen leute",
    "arbeitsplätze jobs stellen",
    "kinder kindern jungen mädchen",
    "tote todesopfer menschen personen",
    "mal male malen",
    "jahr jahre jahren",
    # verbs
    "investieren stecken anlegen ausgeben aufwenden finanzieren",
    "gründen schaffen errichten aufbauen einrichten starten etablieren bilden",
    "bauen errichten entstehen erbauen",
    "entwickeln entwerfen erarbeiten herstellen bauen erfinden",
    "planen wollen vorhaben beabsichtigen ankündigen",
    "ankündigen bekanntgeben verkünden mitteilen versprechen zusagen",
    "unterstützen fördern helfen finanzieren",
    "leiten führen vorstehen",
    "arbeiten beschäftigen tätig",
    "beschäftigen haben zählen arbeiten",
    "teilnehmen beteiligen treffen kommen anreisen besuchen dabei",
    "vertreten teilnehmen schicken entsenden",
    "beginnen starten anfangen",
    "enden abschließen beenden",
    "fordern verlangen",
    "sammeln einsammeln erhalten bekommen einwerben",
    "eröffnen öffnen einweihen",
    "kaufen erwerben übernehmen",
    "steigen wachsen zunehmen erhöhen",
    "sinken fallen abnehmen zurückgehen",
    "brauchen benötigen verbrauchen",
    "sollen wollen zielen anstreben beabsichtigen planen",
    "verfolgen anstreben zielen abzielen",
    "warnen mahnen",
    "glauben denken meinen finden",
    "veröffentlichen erscheinen publizieren",
    "sterben töten umkommen",
    "gewinnen siegen schlagen besiegen",
    "wohnen leben",
    "kommen stammen fließen gehen",
    "erwarten rechnen hoffen",
    "zahlen bezahlen kosten ausgeben",
    "dauern brauchen benötigen",
    "berichten melden mitteilen",
    "zeigen belegen ergeben",
    "verursachen auslösen führen bewirken ergeben entstehen",
    "beitragen beisteuern geben",
    "vorführen vorstellen präsentieren zeigen demonstrieren",
    "nutzen verwenden benutzen einsetzen gebrauchen",
    "verhindern vermeiden stoppen",
    "bekämpfen kämpfen schützen",
    "mobilisieren aufbringen sammeln erreichen",
)


@lru_cache(maxsize=8192)
def alike(root: str) -> frozenset[str]:
    """Stems of the words that may stand for the one of this stem."""
    return frozenset(r for group in _groups() if root in group for r in group) - {root}


@lru_cache(maxsize=1)
def _groups() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stem(w) for w in group.split()) for group in _GROUPS)
