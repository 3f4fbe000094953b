"""What the catalogue declares, read from the names and formulas of its columns: the rivals follow every change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from antepost.features.catalogue import groups_of
from antepost.sports import Sport

RATINGS = ("elo", "opponents", "pi", "strengths", "surface")
MEANS = ("form", "splits", "box", "ewm", "head_to_head")
GROUPS = (*RATINGS, *MEANS, "schedule")
SIDES = ("home", "away")
MET = 10
"""Over how many games back the opponents' ratings are averaged."""

_MEAN = re.compile(r"(?:mean of (?P<mean>.+?)|sum of (?P<of>.+?)(?: / sum of (?P<per>.+?))?), over ")
# Formulas are in words, and the rivals count in SQL.
_CHOICE = re.compile(r"(\w+) if (.+?) else (\w+)")
# What the rivals know beside means: what is folded game by game, and what the schedule says.
_RATED = {
    "elo": {"rating", "logit"},
    "opponents": {"elo"},
    "pi": {"rating", "margin"},
    "strengths": {"attack", "defence", "total", "margin"},
    "surface": {"rating", "logit"},
}
_SCHEDULED = {"rest", "rest_difference", "games", "from_away", "back_to_back", "away_streak"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One column: its name in parts, and the two expressions whose sums it divides; without ``per`` it is a sum."""

    name: str
    group: str
    stat: str
    window: str
    side: str
    odd: bool
    of: str = ""
    per: str | None = None

    @property
    def top(self) -> tuple[str, str]:
        """The sum on top: its expression, and the one without which a game does not count."""
        return (self.of, self.per or self.of)

    @property
    def under(self) -> tuple[str, str]:
        """The sum below."""
        return (self.per or "", self.of)


def declared(sport: Sport) -> tuple[list[Wanted], list[str]]:
    """Return the columns of ``GROUPS`` that the rivals can compute, and the names of those they do not know."""
    wanted: list[Wanted] = []
    left_out: list[str] = []
    for group in groups_of(sport):
        if group.name not in GROUPS:
            continue
        for column in group.columns:
            _, stat, window, side = column.name.split(".")
            about = {"name": column.name, "group": group.name, "stat": stat, "window": window, "side": side}
            counted = _CHOICE.sub(r"CASE WHEN \2 THEN \1 ELSE \3 END", column.formula)
            read = _MEAN.search(counted) if group.name in MEANS else None
            known = stat in (_SCHEDULED if group.name == "schedule" else _RATED.get(group.name, ()))
            if read:
                of, per = (read["mean"], "1") if read["mean"] else (read["of"], read["per"])
                wanted.append(Wanted(**about, odd=column.parity == "odd", of=of, per=per))
            elif known:
                wanted.append(Wanted(**about, odd=column.parity == "odd"))
            else:
                left_out.append(column.name)
    return wanted, left_out


def windows_of(wanted: Iterable[Wanted]) -> dict[str, list[tuple[str, str]]]:
    """Return by window the sums that it is asked for, each once."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for one in wanted:
        sums = found.setdefault(one.window, {})
        sums[one.top] = None
        if one.per is not None:
            sums[one.under] = None
    return {window: list(sums) for window, sums in found.items()}


def text(total: tuple[str, str]) -> str:
    """Return how a sum is called in a frame."""
    return f"{total[0]} unless {total[1]} is null"
