"""The prices on ESPN's scoreboards in the three shapes it has had: a text, numbers a side, and objects a market.

The text is a spread (`TEN -5.5`), or where the number is a hundred or more a moneyline (`CHW -148`). Nothing says when
a price was taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict, FiniteFloat
from pydantic.alias_generators import to_camel

type Offer = tuple[str, str, str, float | None, float | None]
"""Market, outcome, label, the line by which an outcome is favoured (or the total), and American odds."""

_EVEN = frozenset({"EVEN", "EV", "PK", "PICK"})
_TEXT = re.compile(r"(\S+) ([+-]?\d+(?:\.\d+)?)", re.ASCII)
_STATES: Mapping[str, str] = {"open": "open", "current": "quote", "close": "quote"}


class Answer(BaseModel):
    """A part of an answer; its names are written as ESPN writes them: `moneyLine` for `money_line`."""

    model_config = ConfigDict(alias_generator=to_camel, coerce_numbers_to_str=True)


class _Quote(Answer):
    american: str | None = None
    odds: str | None = None
    line: str | None = None


class _State(Answer):
    point_spread: _Quote | None = None
    spread: _Quote | None = None
    money_line: _Quote | None = None
    over: _Quote | None = None
    under: _Quote | None = None
    total: _Quote | None = None


class _Side(Answer):
    money_line: FiniteFloat | None = None
    spread_odds: FiniteFloat | None = None
    open: _State | None = None
    current: _State | None = None


class _States(Answer):
    open: _Quote | None = None
    close: _Quote | None = None


class _Outcomes(Answer):
    home: _States | None = None
    away: _States | None = None
    draw: _States | None = None
    over: _States | None = None
    under: _States | None = None


class _Provider(Answer):
    name: str | None = None


class Odds(Answer):
    """One bookmaker's prices of one game; what a shape has not is None."""

    provider: _Provider | None = None
    details: str | None = None
    over_under: FiniteFloat | None = None
    over_odds: FiniteFloat | None = None
    under_odds: FiniteFloat | None = None
    spread: FiniteFloat | None = None
    home_team_odds: _Side | None = None
    away_team_odds: _Side | None = None
    draw_odds: _Side | None = None
    open: _State | None = None
    current: _State | None = None
    moneyline: _Outcomes | None = None
    point_spread: _Outcomes | None = None
    total: _Outcomes | None = None


def offers(odds: Odds, home: str, away: str, winner: str) -> list[Offer]:
    """Return what a bookmaker offers on a game, each market and label once, in its newest shape.

    Args:
        odds: as the scoreboard has them.
        home: the home side's abbreviation, as the text names it.
        away: the away side's.
        winner: what the market on the winner is called: moneyline or 1x2.
    """
    shapes = (_objects(odds, winner), _states(odds, winner), _numbers(odds, home, away, winner))
    told: dict[tuple[str, str], list[Offer]] = {}
    for shape in shapes:
        found: dict[tuple[str, str], list[Offer]] = {}
        for offer in shape:
            found.setdefault((offer[0], offer[2]), []).append(offer)
        told = {**found, **told}
    return [offer for several in told.values() for offer in several]


def _objects(odds: Odds, winner: str) -> Iterator[Offer]:
    for market, outcomes in ((winner, odds.moneyline), ("spread", odds.point_spread), ("total", odds.total)):
        for outcome in ("home", "away", "draw", "over", "under"):
            states: _States | None = getattr(outcomes, outcome) if outcomes else None
            for state in ("open", "close"):
                quote: _Quote | None = getattr(states, state) if states else None
                if quote is None:
                    continue
                line = _number(quote.line)
                if quote.odds or line is not None:
                    given = line if market == "total" or line is None else 0.0 - line
                    yield market, outcome, _STATES[state], given, _american(quote.odds)


def _states(odds: Odds, winner: str) -> Iterator[Offer]:
    for outcome, side in (("home", odds.home_team_odds), ("away", odds.away_team_odds), ("draw", odds.draw_odds)):
        for state in ("open", "current"):
            told: _State | None = getattr(side, state) if side else None
            if told is None:
                continue
            if told.money_line:
                yield winner, outcome, _STATES[state], None, _american(told.money_line.american)
            line = _number(told.point_spread.american) if told.point_spread else None
            if line is not None:
                price = _american(told.spread.american) if told.spread else None
                yield "spread", outcome, _STATES[state], 0.0 - line, price
    for state, told in (("open", odds.open), ("current", odds.current)):
        total = _number(told.total.american) if told and told.total else None
        if told and total is not None:
            for outcome, quote in (("over", told.over), ("under", told.under)):
                yield "total", outcome, _STATES[state], total, _american(quote.american) if quote else None


def _numbers(odds: Odds, home: str, away: str, winner: str) -> Iterator[Offer]:
    sides = (("home", odds.home_team_odds), ("away", odds.away_team_odds), ("draw", odds.draw_odds))
    for outcome, side in sides:
        if side and side.money_line is not None:
            yield winner, outcome, "quote", None, side.money_line
    favoured = _favoured(odds, home, away)
    if favoured is not None:
        for (outcome, side), line in zip(sides[:2], (favoured, 0.0 - favoured), strict=True):
            yield "spread", outcome, "quote", line, side.spread_odds if side else None
    if odds.over_under is not None:
        yield "total", "over", "quote", odds.over_under, odds.over_odds
        yield "total", "under", "quote", odds.over_under, odds.under_odds


def _favoured(odds: Odds, home: str, away: str) -> float | None:
    """Return by how many points the home side is favoured, None where nobody says so."""
    if odds.spread is not None:
        return 0.0 - odds.spread
    text = (odds.details or "").strip()
    if text.upper() in _EVEN:
        return 0.0
    found = _TEXT.fullmatch(text)
    if not found or abs(float(found[2])) >= 100.0 or found[1] not in {home, away}:
        return None
    return 0.0 - float(found[2]) if found[1] == home else float(found[2])


def _american(text: str | None) -> float | None:
    return 100.0 if text and text.strip().upper() in _EVEN else _number(text)


def _number(text: str | None) -> float | None:
    """Return the number in ``+125``, ``-0.5``, ``o45.5`` or ``PK``, None where there is none (``OFF``)."""
    bare = (text or "").strip()
    if bare.upper() in _EVEN:
        return 0.0
    found = re.fullmatch(r"[ou]?([+-]?\d{1,6}(?:\.\d+)?)", bare, re.ASCII)
    return float(found[1]) if found else None
