"""Names that nobody bears, one for each number, always the same."""

from __future__ import annotations

_FIRST = ("Al", "Bar", "Cor", "Dun", "El", "Fen", "Gar", "Hol", "Ister", "Jas", "Kel", "Lor", "Mar")
_MIDDLE = ("ba", "cre", "do", "fi", "gra", "lu", "mi", "no", "pra", "sta", "vo")
_PLACE = ("burg", "ford", "haven", "mouth", "stead", "ton", "wick")
_PERSON = ("ec", "ino", "kov", "man", "ner", "quist", "son")


def side(number: int) -> str:
    """Return the name of a club.

    >>> side(0), side(1), side(1001)
    ('Albaburg', 'Barcreford', 'Albaburg 2')
    """
    return _word(number, _PLACE)


def player(number: int) -> str:
    """Return the name of a player.

    >>> player(0), player(1)
    ('A. Albaec', 'B. Barcreino')
    """
    return f"{chr(65 + number % 26)}. {_word(number, _PERSON)}"


def _word(number: int, endings: tuple[str, ...]) -> str:
    # Thirteen, eleven and seven have no common factor, so that a thousand numbers give a thousand words.
    word = _FIRST[number % 13] + _MIDDLE[number % 11] + endings[number % 7]
    again = number // (13 * 11 * 7)
    return word if not again else f"{word} {again + 1}"
