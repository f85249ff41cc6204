"""Word lists for planted sentences: general German, of no particular article.

They stand on their own: what is planted must not depend on how the program itself finds numbers
and names.
"""

from __future__ import annotations

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
    *("Oktober", "November", "Dezember"),
)
NUMBER_WORDS = (
    *("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
)
"""2 to 12 ("eins" is left out: "ein" is an article)."""

FIRST_NAMES = frozenset(
    """Alexander Alexis Alfred Andrea Andreas Angela Angelika Anna Anne Anton Antonio Armin Arnold
    Barack Barbara Benjamin Bernd Bernhard Bettina Bill Birgit Bob Boris Brian Brigitte Bruno Carl
    Carlos Carsten Charles Chris Christian Christiane Christina Christine Christoph Christopher
    Claudia Claus Cristiano Daniel David Denis Diana Didier Dieter Dietmar Dirk Dominik Donald
    Doris Edgar Eduard Edward Elisabeth Elon Emil Emma Emmanuel Erich Erik Ernst Erwin Eva Felix
    Ferdinand Florian Francesco Francis Frank Franz Fred Friedrich Fritz Gabriele Georg George
    Gerald Gerd Gerhard Gernot Giovanni Gottfried Guido Günter Günther Hannes Hans Harald Heinrich
    Heinz Helga Helmut Henri Henry Herbert Hermann Hillary Holger Horst Hubert Hugo Ingrid Isaac
    Jack Jacques Jakob James Jan Jane Jason Jean Jeff Jens Jessica Joachim Johann Johanna Johannes
    John Jonathan Josef Joseph Juan Julia Julian Jürgen Kai Karin Karl Karoline Kate Katharina
    Kathrin Kevin Klaus Konrad Kurt Larry Lars Laura Leonardo Lionel Lisa Louis Luca Lukas Luis
    Manfred Manuel Marc Marcel Marco Margaret Margarete Maria Marie Mario Marion Mark Markus Martin
    Martina Mary Mathias Matthias Max Maximilian Michael Michel Mike Miguel Mohammed Monika Nadine
    Narendra Nicolas Nicole Niki Nikolaus Norbert Olaf Oliver Oskar Otto Pablo Patrick Paul Pedro
    Peter Petra Philipp Philippe Pierre Rainer Ralf Ralph Reinhard Reinhold Renate Richard Robert
    Roberto Roger Roland Rolf Roman Rudolf Sabine Sam Samuel Sandra Sarah Sebastian Silvia Silvio
    Simon Sophie Stefan Stefanie Steffen Stephan Stephen Steve Steven Sundar Susanne Sven Sylvia
    Thomas Tim Timothy Tobias Tom Tony Udo Ulrich Ulrike Ursula Uwe Valentin Viktor Vincent Volker
    Walter Werner Wilhelm William Wladimir Wolf Wolfgang Xavier""".split()
)

COUNTRIES = frozenset(
    """Deutschland Österreich Frankreich Italien Spanien Portugal Großbritannien England Schottland
    Irland Dänemark Schweden Norwegen Finnland Polen Tschechien Ungarn Rumänien Bulgarien
    Griechenland Kroatien Serbien Slowenien Slowakei Belgien Luxemburg Russland Weißrussland Belarus
    Estland Lettland Litauen Island Malta Zypern Albanien China Japan Indien Südkorea Nordkorea
    Vietnam Thailand Indonesien Pakistan Afghanistan Syrien Israel Jordanien Ägypten Libyen Tunesien
    Marokko Algerien Kenia Nigeria Südafrika Äthiopien Kanada Mexiko Brasilien Argentinien Chile
    Peru Kolumbien Venezuela Kuba Australien Neuseeland Kasachstan Georgien Armenien Katar
    Montenegro Mazedonien Bosnien Moldawien Usbekistan Bangladesch Myanmar""".split()
)
CITIES = frozenset(
    """Wien Graz Linz Salzburg Innsbruck Klagenfurt Bregenz Berlin Hamburg München Köln Frankfurt
    Stuttgart Düsseldorf Leipzig Dresden Bremen Hannover Nürnberg Bonn Mannheim Paris Lyon Marseille
    London Manchester Liverpool Edinburgh Dublin Rom Mailand Turin Neapel Venedig Florenz Madrid
    Barcelona Valencia Lissabon Porto Brüssel Amsterdam Rotterdam Kopenhagen Stockholm Oslo Helsinki
    Warschau Krakau Prag Brünn Budapest Bratislava Laibach Zagreb Belgrad Sofia Bukarest Athen
    Istanbul Ankara Moskau Kiew Minsk Riga Vilnius Tallinn Zürich Genf Basel Bern Lausanne Tokio
    Peking Shanghai Hongkong Singapur Delhi Mumbai Sydney Melbourne Toronto Montreal Boston Chicago
    Washington Houston Detroit Seattle Denver Miami Atlanta Dallas Jerusalem Damaskus Bagdad Teheran
    Kairo Fresno Jacksonville Newcastle Nairobi Lagos""".split()
)
NO_ORGANISATIONS = frozenset(
    "KI AI TV PC US IT II III IV VI VII VIII IX XI XII OK DVD CD GB MB TB KB GHZ MHZ RAM "
    "GHz MHz MBit GBit MW GW SK SV FC SC DerStandard".split()
)

UNITS = {
    "Euro": "Dollar", "Dollar": "Euro", "Pfund": "Euro", "Franken": "Dollar", "Yen": "Dollar",
    "Prozent": "Prozentpunkte", "Kilometer": "Meter", "Kilometern": "Metern", "km": "m",
    "Meter": "Kilometer", "Metern": "Kilometern", "Tonnen": "Kilogramm", "Kilogramm": "Gramm",
    "Stunden": "Minuten", "Minuten": "Stunden", "Sekunden": "Minuten", "Jahre": "Monate",
    "Jahren": "Monaten", "Monate": "Jahre", "Monaten": "Jahren", "Wochen": "Monate",
    "Tage": "Wochen", "Tagen": "Wochen", "Hektar": "Quadratmeter", "Grad": "Prozent",
    "Quadratkilometer": "Quadratmeter", "Zentimeter": "Meter", "%": " Prozentpunkte", "€": "$",
    "$": "€",
}  # fmt: skip

COUNTED = (
    *("Soldaten", "Studenten", "Schulen", "Wohnungen", "Maschinen", "Pflanzen", "Zeitungen"),
    *("Kirchen", "Fabriken"),
)
"""None is a wider word for another, so "140 X" never follows from "140 Y"."""

CIRCUMSTANCES = (
    *("im Auftrag der Regierung", "aus Kostengründen", "nach langem Streit", "auf eigene Kosten"),
    *("gegen den Willen der Anwohner", "mit Unterstützung des Militärs", "zum zweiten Mal"),
    *("unter Ausschluss der Öffentlichkeit", "wegen des schlechten Wetters"),
)

ANTONYMS = (
    ("mehr als", "weniger als"), ("steigt", "sinkt"), ("stieg", "sank"), ("stiegen", "sanken"),
    ("gestiegen", "gesunken"), ("steigen", "sinken"), ("Anstieg", "Rückgang"),
    ("größte", "kleinste"), ("größten", "kleinsten"), ("größter", "kleinster"),
    ("größer", "kleiner"), ("große", "kleine"), ("großen", "kleinen"), ("großer", "kleiner"),
    ("großes", "kleines"), ("erste", "letzte"), ("ersten", "letzten"), ("erster", "letzter"),
    ("erstes", "letztes"), ("höher", "niedriger"), ("höhere", "niedrigere"),
    ("höheren", "niedrigeren"), ("höchste", "niedrigste"), ("höchsten", "niedrigsten"),
    ("hohe", "niedrige"), ("hohen", "niedrigen"), ("neue", "alte"), ("neuen", "alten"),
    ("neues", "altes"), ("neuer", "alter"), ("gewann", "verlor"), ("gewonnen", "verloren"),
    ("gewinnt", "verliert"), ("viele", "wenige"), ("vielen", "wenigen"), ("stark", "schwach"),
    ("starke", "schwache"), ("starken", "schwachen"), ("meisten", "wenigsten"),
    ("öffentlich", "privat"), ("öffentliche", "private"), ("öffentlichen", "privaten"),
    ("nördlich", "südlich"), ("östlich", "westlich"), ("Norden", "Süden"), ("Osten", "Westen"),
    ("Männer", "Frauen"), ("Sieg", "Niederlage"), ("begann", "endete"), ("beginnt", "endet"),
    ("positiv", "negativ"), ("positive", "negative"), ("positiven", "negativen"),
    ("Gewinn", "Verlust"), ("Export", "Import"), ("erlaubt", "verboten"), ("später", "früher"),
    ("innerhalb", "außerhalb"), ("links", "rechts"), ("mindestens", "höchstens"),
    ("langsam", "schnell"), ("schneller", "langsamer"), ("besser", "schlechter"),
    ("bessere", "schlechtere"), ("besten", "schlechtesten"), ("beste", "schlechteste"),
    ("leicht", "schwer"), ("möglich", "unmöglich"), ("innere", "äußere"), ("oben", "unten"),
    ("Befürworter", "Gegner"), ("Mehrheit", "Minderheit"), ("warm", "kalt"), ("reich", "arm"),
    ("zunehmend", "abnehmend"), ("ersterer", "letzterer"), ("maximal", "mindestens"),
)  # fmt: skip

STRONGER = {
    "könnte": "wird", "könnten": "werden", "dürfte": "wird", "dürften": "werden",
    "einige": "alle", "manche": "alle", "mehrere": "alle", "oft": "immer", "häufig": "immer",
    "meistens": "immer", "teilweise": "vollständig", "fast": "", "beinahe": "",
    "möglicherweise": "", "vermutlich": "", "vielleicht": "", "womöglich": "", "angeblich": "",
    "wahrscheinlich": "", "offenbar": "", "voraussichtlich": "",
}  # fmt: skip
"""What says less -> what says more than the source does; "" leaves the reservation out."""

TITLES = (
    *("Präsident", "Präsidentin", "Bundespräsident", "Bundeskanzler", "Bundeskanzlerin", "Kanzler"),
    *("Kanzlerin", "Minister", "Ministerin", "Finanzminister", "Innenminister", "Außenminister"),
    *("Professor", "Dr.", "Trainer", "Bürgermeister", "Premierminister", "Papst", "König"),
    *("US-Präsident", "Generaldirektor", "Chef", "Regisseur", "Sprecher", "Sprecherin", "Autor"),
)

SYNONYMS = {
    "rund": "etwa", "etwa": "rund", "zudem": "außerdem", "außerdem": "zudem", "sagte": "erklärte",
    "bekommt": "erhält", "erhielt": "bekam", "erhalten": "bekommen", "derzeit": "zurzeit",
    "jedoch": "allerdings", "allerdings": "jedoch", "häufig": "oft", "oft": "häufig",
    "lediglich": "nur", "nur": "lediglich", "begann": "startete", "ebenfalls": "auch",
    "beispielsweise": "zum Beispiel", "circa": "etwa", "verwendet": "benutzt",
    "gegenwärtig": "derzeit", "obwohl": "obgleich", "aufgrund": "wegen", "sowie": "und",
}  # fmt: skip

VERBS = (
    "ist sind war waren wird werden wurde wurden hat haben hatte hatten kann können konnte konnten "
    "soll sollen sollte will wollen wollte muss müssen musste gibt gab liegt lag steht stand "
    "bleibt kommt kam ging geht sagt sagte macht machte führte führt erhielt begann"
).split()
"""Finite verbs common enough to tell a clause from a phrase."""

AUXILIARIES = frozenset(
    "wurde wurden worden werden wird ist sind war waren sei seien wäre hat haben hatte hatten habe "
    "soll sollen sollte sollten kann können konnte konnten könnte könnten will wollen wollte muss "
    "müssen musste mussten darf dürfen würde würden".split()
)
