"""What a declaration counts, in words: declarations count in SQL, and a reader of the catalogue need not read it."""

from __future__ import annotations

import re

_WORDS = (
    (r"CAST\(\((.+?)\) AS BIGINT\)", r"(1 if \1 else 0)"),
    (r"CASE WHEN (.+?) THEN (\S+) WHEN (.+?) THEN (\S+) END", r"\2 if \1, \4 if \3"),
    (r"CASE WHEN (.+?) THEN (\S+) ELSE (\S+) END", r"\2 if \1 else \3"),
    (r"\bAND\b", "and"),
    (r"\bABS\(", "abs("),
    (r"<>", "!="),
)


def in_words(sql: str) -> str:
    """Return ``sql`` as one writes a formula.

    >>> in_words("CAST((half_wins = 2 AND sets <> 1) AS BIGINT)")
    '(1 if half_wins = 2 and sets != 1 else 0)'
    >>> in_words("points_for * (CASE WHEN seconds < 1500 THEN 1 WHEN seconds >= 1500 THEN 0 END)")
    'points_for * (1 if seconds < 1500, 0 if seconds >= 1500)'
    """
    for pattern, words in _WORDS:
        sql = re.sub(pattern, words, sql)
    return sql


def operand(sql: str) -> str:
    """Return ``sql`` in words, in parentheses unless it is one name, one number or in parentheses already.

    >>> operand("carries"), operand("carries + sacks"), operand("(a + b)"), operand("(a) + (b)")
    ('carries', '(carries + sacks)', '(a + b)', '((a) + (b))')
    """
    words = in_words(sql)
    return words if " " not in words or _enclosed(words) else f"({words})"


def _enclosed(words: str) -> bool:
    """Return whether the first parenthesis is closed by the last character, and no sooner."""
    depth = 0
    for place, letter in enumerate(words):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place == len(words) - 1
    return False
