"""Words as people type them, and whether they stand in a text. Pure."""

import re
import unicodedata

APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")
WORD = re.compile(r"[^\W_]+")

WHOLE = 2
BEGINS = 1
ABSENT = 0


def fold(text: str) -> str:
    """The text without case, accents and apostrophes: "Zoë's" and "ZOES" are the same."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return text.lower().translate(APOSTROPHES)


def typed(text: str, *, most: int) -> list[str]:
    """The different words somebody typed, folded, in their order; at most so many."""
    return list(dict.fromkeys(WORD.findall(fold(text))))[:most]


def standing(word: str, text: str) -> int:
    """How a folded word stands in a folded text: WHOLE, as one that BEGINS with it, or ABSENT."""
    best = ABSENT
    at = text.find(word)
    while at >= 0:
        if at == 0 or not text[at - 1].isalnum():
            end = at + len(word)
            if end == len(text) or not text[end].isalnum():
                return WHOLE
            best = BEGINS
        at = text.find(word, at + 1)
    return best
