"""From probability and price to a decision: value, tier and stake under a stated policy.

Never fetches a price, fits a model or keeps a book; everything here is a function of its arguments.
Below it lie evaluation, sports and domain.
"""

from __future__ import annotations

from antepost.betting.policy import BettingPolicy, Tiers
from antepost.betting.value import Decision, decide, kelly

__all__ = ["BettingPolicy", "Decision", "Tiers", "decide", "kelly"]
