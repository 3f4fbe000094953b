"""A feature's value in a sentence: what was counted, over which games, of whom, in its unit.

All follows from the declaration: name, unit, parity. A group or statistic without words of its own is told by its name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from antepost.features.catalogue import Feature
from antepost.sports import get_sport


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What the two sides of a fixture are called."""

    home: str
    away: str


_GROUPS: Mapping[str, str] = {
    "elo": "Elo", "form": "", "box": "", "periods": "", "schedule": "", "venue": "ground:", "calendar": "",
    "splits": "where it plays today:", "head_to_head": "their own meetings:", "starter": "games of the {starter}:",
    "starter_rates": "{starter}:", "starter_rest": "{starter}:", "market": "price:", "books": "bookmakers:",
    "ewm": "of late:", "closing": "against the closing line:", "travel": "travel:", "table": "table:",
    "officials": "games of the {referee}:", "glicko": "Glicko-2", "pi": "pi-rating", "strengths": "strength:",
    "opponents": "opponents met:", "surface": "Elo on this surface", "injuries": "injury report:",
    "inactive": "inactive list:", "lineup": "line-up:", "maps": "maps to be played:", "toss": "sides and picks:",
    "early": "early lead:", "pool": "hero pool:", "event": "this event:", "patch": "newest patch:",
    "ranking": "ranking:", "series": "series:", "sets": "sets:", "sides": "by side of the map:", "draft": "draft:",
}  # fmt: skip
_STATISTICS: Mapping[str, str] = {
    "logit": "chance", "epa": "expected points added a play", "deviation": "uncertainty of the rating",
    "passing_epa": "expected points added a pass play", "rushing_epa": "expected points added a run",
    "games": "games", "points_for": "{score} scored", "points_against": "{score} conceded",
    "rest": "days since the last game", "back_to_back": "second game in two days",
    "cover": "games won against the spread",
    "over": "games over the total", "hour_sin": "time of day", "hour_cos": "time of day", "weekday_sin": "weekday",
    "weekday_cos": "weekday", "season_day_sin": "time of the season", "season_day_cos": "time of the season",
    "elo": "Elo", "indoors": "indoors", "zones": "hours of time shift", "log_rank": "log rank",
    "log_points": "log points", "overround": "bookmaker's margin",
}  # fmt: skip
_STARTERS = {"qb": "quarterback", "starter": "starting pitcher", "goalie": "goaltender"}
_REFEREES = {"home_plate": "umpire"}
_CHANCES = frozenset({"logit", "opening", "consensus", "draw", "over"})
# Units that are none, or that the statistic's own name says already.
_SILENT = frozenset({
    "elo", "pi", "ratio", "rank", "count", "log", "log rank", "log points", "log-odds", "sign",
})  # fmt: skip
_WINDOWS = (
    (r"now", ""), (r"all", "over all games"), (r"season", "this season"), (r"1", "in the last game"),
    (r"(\d+)", "over the last {} games"), (r"h(\d+)", "half as much weight each {} games back"),
    (r"(\d+)d", "within {} days"), (r"(\d+)n", "within {} nights"), (r"(\d+)w", "within {} weeks"),
)  # fmt: skip


def sentence(feature: Feature, value: float, sides: Sides) -> str:
    """Return the value of ``feature`` in words; ``value`` is NaN where it is not known.

    >>> from antepost.features import features_of
    >>> [rating] = [f for f in features_of("nfl") if f.name == "elo.rating.now.home"]
    >>> sentence(rating, 1623.4, Sides(home="Kansas City Chiefs", away="Denver Broncos"))
    'Elo rating 1,623, for Kansas City Chiefs'
    """
    _, statistic, window, _ = feature.name.split(".")
    subject = " ".join(word for word in (_what(feature), _window(window)) if word)
    if math.isnan(value):
        return f"{subject} not known{_of_whom(feature, sides)}"
    if feature.unit == "log-odds" and statistic in _CHANCES:
        return f"{subject} {_chance(value)}{_favoured(feature, value, sides)}"
    if feature.parity == "odd":
        return f"{subject} {_lead(feature, value, sides)}"
    return f"{subject} {_quantity(value, feature.unit)}{_of_whom(feature, sides)}"


def _what(feature: Feature) -> str:
    about = get_sport(feature.sport)
    group, statistic, _, _ = feature.name.split(".")
    told = _STATISTICS.get(statistic, statistic.replace("_", " "))
    if statistic.endswith("_allowed") and statistic not in _STATISTICS:
        whole = statistic.removesuffix("_allowed")
        told = f"{_STATISTICS.get(whole, whole.replace('_', ' '))} allowed"
    starter = _STARTERS.get(about.starter, about.starter.replace("_", " ") or "starter")
    referee = _REFEREES.get(about.referee, about.referee.replace("_", " "))
    prefix = _GROUPS.get(group, f"{group.replace('_', ' ')}:")
    if prefix == told:
        prefix = ""
    return f"{prefix} {told}".strip().format(starter=starter, referee=referee, score=about.score or "points")


def _window(window: str) -> str:
    for pattern, text in _WINDOWS:
        found = re.fullmatch(pattern, window)
        if found:
            return text.format(*found.groups())
    return window


def _of_whom(feature: Feature, sides: Sides) -> str:
    side = feature.name.rpartition(".")[2]
    return {"home": f", for {sides.home}", "away": f", for {sides.away}"}.get(side, "")


def _chance(value: float) -> str:
    return f"{1.0 / (1.0 + math.exp(-abs(value))):.0%}"


def _favoured(feature: Feature, value: float, sides: Sides) -> str:
    if feature.parity != "odd":
        return "" if value >= 0.0 else " against it"
    return f", for {sides.home if value >= 0.0 else sides.away}"


def _lead(feature: Feature, value: float, sides: Sides) -> str:
    """Return by how much one side has more than the other."""
    if value == 0.0:
        return f"the same for {sides.home} and {sides.away}"
    more, less = (sides.home, sides.away) if value > 0.0 else (sides.away, sides.home)
    unit = "percentage points" if feature.unit == "share" else feature.unit
    size = abs(value) * 100.0 if feature.unit == "share" else abs(value)
    return f"{_number(size)}{_spelt(unit)} more for {more} than for {less}"


def _quantity(value: float, unit: str) -> str:
    if unit == "flag":
        return "yes" if value > 0.5 else "no"
    if unit == "share":
        return f"{value:.0%}"
    return f"{_number(value)}{_spelt(unit)}"


def _spelt(unit: str) -> str:
    return "" if unit in _SILENT else f" {unit}"


def _number(value: float) -> str:
    """Return a number with three digits that tell, or all before the point."""
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 1.0 else f"{value:.2g}"
