"""What kind of question it is: small talk, or a follow-up and what it refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.german import stem, stop_stems, words
from rag.names import names
from rag.types import Turn

GREETING = "Hallo! Stellen Sie mir eine Frage zu den Artikeln, ich antworte mit Belegen."

_MOST_TOPICS, _MOST_NAMES = 4, 2  # of the last turn that a follow-up is given
_ELLIPTIC = 5  # a question with fewer words ("In welchem Zeitraum?") leans on the one before

_PLEASANTRY = (
    r"(?:hallo|hi|hey|moin|servus|grüß (?:gott|dich)|grüezi|guten (?:tag|morgen|abend)|"
    r"(?:vielen |herzlichen )?danke?(?: ?schön| sehr| dir| ihnen)?|tschüss?|auf wiedersehen|bye|"
    r"hello|thanks|thank you|ok(?:ay)?|super|prima|wie geht(?:'s|s| es)(?: dir| ihnen)?|"
    r"wer bist du|was kannst du(?: alles)?|zusammen|zeilentreu|und|auch)"
)
_SMALL_TALK = re.compile(rf"\W*{_PLEASANTRY}(?:[ ,!.?–-]+{_PLEASANTRY}){{0,5}}\W*", re.IGNORECASE)
_POINTS_BACK = frozenset(
    "er sie es ihn ihm ihr ihre ihren ihrem ihrer ihres sein seine seinen seinem seiner seines "
    "dies diese dieser dieses diesem diesen dafür davon dazu damit daran darin darüber dabei "
    "darauf dort dortige deren dessen denen jene jener it they he she them this that its".split()
)
_GOES_ON = re.compile(
    r"^\W*(?:und|aber|oder|also|and|what about|sondern|außerdem)\b", re.IGNORECASE
)


def is_small_talk(question: str) -> bool:
    """Whether it is a greeting or thanks and asks for nothing."""
    return _SMALL_TALK.fullmatch(question[:200]) is not None


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it can be understood alone.

    A follow-up ("Und wer unterstützt sie?") gets what the conversation is about in parentheses.
    Anything else is returned as it is.
    """
    if not history or not (_refers_back(question) or _names_little(question)):
        return question
    topic = [t for t in _topic(history) if t.casefold() not in question.casefold()]
    return f"{question} ({', '.join(topic)})" if topic else question


def expanded(question: str, history: Sequence[Turn]) -> str | None:
    """A second wording to search for: the question with the topic of the conversation.

    Wider than ``standalone``: also where the question only might be a follow-up, because it names
    little of its own ("Wofür ist das Geld gedacht?"). None if there is no need.
    """
    if not history or (len(topics(question)) > 1 and not _refers_back(question)):
        return None
    topic = _topic(history)
    return f"{question} {' '.join(topic)}" if topic else None


def _topic(history: Sequence[Turn]) -> list[str]:
    """What the conversation is about: the last question's topics, then names of its answer; before
    them those of the turn it follows up, if it does."""
    for at in range(len(history) - 1, -1, -1):
        turn = history[at]
        asked = topics(turn.question)
        answered = [n for n in names(turn.answer) if n.casefold() not in turn.question.casefold()]
        if asked or answered:
            own = [*asked[:_MOST_TOPICS], *answered[:_MOST_NAMES]]
            earlier = _topic(history[:at]) if _refers_back(turn.question) else []
            return list(dict.fromkeys((*earlier, *own)))
    return []


def topics(question: str) -> list[str]:
    """What a question is about: its names and nouns, neighbouring ones joined, in order."""
    found: list[str] = []
    last_end = len(question)
    for word in words(question):
        noun = word.text[0].isupper() or word.text[0].isdigit()
        noun = noun or question[last_end : word.start] == "-"  # "KI-Start-ups"
        if not noun or stem(word.text) in stop_stems() or (word.start == 0 and _plain(word.text)):
            last_end = len(question)
            continue
        if found and 0 <= word.start - last_end <= 1:
            found[-1] = question[question.rfind(found[-1], 0, last_end) : word.end]
        else:
            found.append(word.text)
        last_end = word.end
    return found


def _plain(word: str) -> bool:
    """A word that may be capitalised only because it begins the sentence."""
    return not any(c.isupper() or c.isdigit() for c in word[1:])


def _names_little(question: str) -> bool:
    """A question that may go on about what was said: "Wofür ist das Geld gedacht?" """
    return len(topics(question)) < 2 and not names(question)


def _refers_back(question: str) -> bool:
    if len(words(question)) < _ELLIPTIC and not names(question):
        return True
    if any(w.text.casefold() in _POINTS_BACK for w in words(question)):
        return True
    return _GOES_ON.match(question) is not None or not topics(question)
