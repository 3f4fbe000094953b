"""The margin filter as a rival: what final margins alone say of who wins, where no prices are at hand to compare with.

Its constants are those under which the margins of the seasons before the first judged one are likeliest.
"""

from __future__ import annotations

import numpy as np

from antepost.desk.examples import Examples
from antepost.desk.judging import Plan
from antepost.evaluation.margin_filter import Margins, fit_margin_filter
from antepost.models.frame import Dichotomy
from antepost.sports import get_sport

FITTED_TO = 10_000
"""The newest seasons that hold as many games are enough to fit three constants to."""


def margin_filter_p(plan: Plan, rows: Examples, target: Dichotomy) -> np.ndarray | None:
    """Return P(home wins) of each row, (n,), None where there are prices, or margins that are no measure of strength.

    Raises:
        DataError: fewer than a hundred games were told before the first judged season.
    """
    about = get_sport(plan.sport)
    if not plan.unpriced or about.interchangeable or about.score_from != "sum" or target != "winner":
        return None
    frame = rows.frame
    numbers = np.unique(rows.sides.astype(str), return_inverse=True)[1].reshape(rows.sides.shape)
    games = Margins(
        home=numbers[:, 0], away=numbers[:, 1], neutral=rows.neutral, season=frame.season.astype(np.int64),
        as_of=frame.as_of, known_at=frame.label_known_at, margin=frame.scores[:, 0] - frame.scores[:, 1],
    )  # fmt: skip
    early = (frame.season < plan.seasons[0]) & (frame.label_known_at < rows.cut(plan.seasons[0]))
    for first in np.unique(frame.season[early])[::-1]:
        chosen = early & (frame.season >= first)
        if chosen.sum() >= FITTED_TO:
            early = chosen
            break
    return fit_margin_filter(games.where(early)).chances(games)
