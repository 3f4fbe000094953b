"""Value: which side a price favours, by how much, and what to stake on it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from antepost.betting.policy import NO_BET, BettingPolicy
from antepost.errors import DataError

type BySide = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What we would do about a fixture, and why.

    ``edge`` is the expected profit a unit staked, reckoned with the cautious ``p_low``; ``stake`` is a
    fraction of the bankroll. Without a price there is no edge, the tier is D and nothing is staked.
    """

    side: str
    probability: float
    p_low: float
    fair_odds: float
    market_odds: float | None
    edge: float | None
    tier: str
    stake: float


def decide(probabilities: BySide, p_low: BySide, odds: BySide | None, policy: BettingPolicy) -> Decision:
    """Return the decision for one fixture; each mapping holds one number a side.

    The side with the larger edge is chosen, among equals the likelier; without odds the likelier side.

    Raises:
        DataError: sides that differ between the mappings, or a number that is no probability or no price.
    """
    _check(probabilities, p_low, odds)
    if odds is None:
        side = max(probabilities, key=probabilities.__getitem__)
        return _decision(side, probabilities, p_low, price=None, edge=None, tier=NO_BET, stake=0.0)
    edges = {side: p_low[side] * odds[side] - 1.0 for side in probabilities}
    side = max(edges, key=lambda name: (edges[name], probabilities[name]))
    tier = policy.tier(edges[side])
    stake = 0.0 if tier == NO_BET else _stake(p_low[side], odds[side], policy)
    return _decision(side, probabilities, p_low, price=odds[side], edge=edges[side], tier=tier, stake=stake)


def kelly(probability: float, odds: float) -> float:
    """Return the fraction of the bankroll that makes it grow fastest, 0 where the price holds no value.

    >>> kelly(0.6, 2.0)
    0.19999999999999996

    Source: Kelly, "A new interpretation of information rate", Bell System Technical Journal 35 (1956).
    """
    return max(0.0, (probability * odds - 1.0) / (odds - 1.0))


def _stake(p_low: float, odds: float, policy: BettingPolicy) -> float:
    return min(policy.stake_cap, policy.kelly_fraction * kelly(p_low, odds))


def _decision(
    side: str,
    probabilities: BySide,
    p_low: BySide,
    *,
    price: float | None,
    edge: float | None,
    tier: str,
    stake: float,
) -> Decision:
    return Decision(
        side=side,
        probability=probabilities[side],
        p_low=p_low[side],
        fair_odds=1.0 / probabilities[side],
        market_odds=price,
        edge=edge,
        tier=tier,
        stake=stake,
    )


def _check(probabilities: BySide, p_low: BySide, odds: BySide | None) -> None:
    for name, given in (("p_low", p_low), ("odds", odds)):
        if given is not None and set(given) != set(probabilities):
            raise DataError(f"{name} names {sorted(given)}, probabilities name {sorted(probabilities)}", given=name)
    if not math.isclose(sum(probabilities.values()), 1.0, abs_tol=1e-9):
        raise DataError(f"probabilities {dict(probabilities)} do not sum to 1", probabilities=dict(probabilities))
    _require("probability", probabilities, above=0.0, below=1.0)
    _require("probability", p_low, above=0.0, below=1.0)
    _require("price", odds or {}, above=1.0, below=math.inf)


def _require(what: str, given: BySide, *, above: float, below: float) -> None:
    for side, value in given.items():
        if not above < value < below:
            raise DataError(f"{value} is no {what} for {side}", side=side, value=value)
