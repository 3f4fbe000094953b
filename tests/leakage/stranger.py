"""Leaks written by somebody who had seen the groups and the lake, and neither the prover nor the tests of it.

Each is a fault that real teams make, as a patch to the code as it stands: ``old`` occurs once in ``file``, which is
relative to ``src/antepost``, and ``new`` takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One fault: the text it replaces, what stands there instead, and what a reader of the features would see wrong."""

    name: str
    file: str
    old: str
    new: str
    why: str


PATCHES = (
    Patch(
        name="a closing line that was corrected after the game counts as corrected from the start",
        file="features/groups/closing.py",
        old='moments.join(quotes, on="fixture").filter(pl.col("known_at") <= pl.col("moment"))',
        new='moments.join(quotes, on="fixture")',
        why="Games of last month are judged by a line nobody had then: cover and spread use the correction early.",
    ),
    Patch(
        name="every quote of a fixture is stamped with the moment of its first",
        file="features/groups/books.py",
        old='        "known_at",\n        "batch",\n        number("book"),',
        new='        pl.col("known_at").min().over("fixture"),\n        "batch",\n        number("book"),',
        why="Asked a day before the start, the consensus already holds the closing prices: future odds.",
    ),
    Patch(
        name="the table is drawn up with all results of the season from its first result on",
        file="features/groups/table.py",
        old='"event_at", "known_at", "batch",',
        new='"event_at", pl.col("known_at").min().over("league", "season"), "batch",',
        why="In the second round everybody stands where he will stand when the season ends.",
    ),
    Patch(
        name="a game belongs to the referee whom the finished row names",
        file="features/groups/officials.py",
        old='revisions(tables["results"], named, (REFEREE,))',
        new=(
            'tables["results"].join(named.sort("batch").unique("fixture", keep="last").select("fixture", REFEREE), '
            'on="fixture", how="left")'
        ),
        why="A referee corrected weeks later has led the game from the day it was played.",
    ),
    Patch(
        name="a ground lies where a later list puts it",
        file="features/groups/travel.py",
        old='(pl.col("since") <= pl.col("start")) & (pl.col("told_at") <= pl.col("known_at"))',
        new='pl.col("since") <= pl.col("start")',
        why="Kilometres to a ground are there before its position was, and are those of its last correction.",
    ),
    Patch(
        name="a result is known when the game starts",
        file="features/groups/glicko.py",
        old="    frame = games(tables, sport)\n",
        new='    frame = games(tables, sport).with_columns(pl.col("event_at").alias("known_at"))\n',
        why="The first game of a double-header moves the ratings while it is being played.",
    ),
    Patch(
        name="on neutral ground the side that is named first counts as the home side",
        file="features/groups/pi.py",
        old="return 0.5 * (side[0] + side[1]) if neutral == 1.0 else side[which]",
        new="return side[which]",
        why="A final looks otherwise when its two sides are written the other way round.",
    ),
    Patch(
        name="scores are centred by the mean of the whole season",
        file="features/groups/strengths.py",
        old="    frame = games(tables, sport)\n",
        new=(
            "    frame = games(tables, sport).with_columns(\n"
            '        pl.col("home_score", "away_score") - pl.col("home_score", "away_score").mean().over("season")\n'
            "    )\n"
        ),
        why="Strengths in autumn move by what will be scored in spring.",
    ),
    Patch(
        name="the matches of a week are known from its Monday on, as a tournament's date says",
        file="features/groups/surface.py",
        old='frame = games({**tables, "results": results.with_columns(kind)}, sport)',
        new=(
            'frame = games({**tables, "results": results.with_columns(kind)}, sport)'
            '.with_columns(pl.col("known_at").dt.truncate("1w"))'
        ),
        why="In the first round a player's rating knows whether he will win the final.",
    ),
    Patch(
        name="the away side is looked up with its newest state, not with that of the moment",
        file="features/engine.py",
        old="codes(key, state.names), as_of)",
        new=(
            'codes(key, state.names), np.full_like(as_of, state.known.max(initial=0) + 1) if role == "away" else as_of)'
        ),
        why="An opponent of ten years ago is rated as he is today.",
    ),
    Patch(
        name="a game on neutral ground counts as a home game of the side that is named first",
        file="features/groups/splits.py",
        old='pl.when("neutral").then(pl.lit("@neutral")).otherwise(pl.lit(f"@{side}"))',
        new='pl.lit(f"@{side}")',
        why="Home records hold a game abroad, and whose they are follows from the order of two names.",
    ),
    Patch(
        name="the starter is he whom the finished row names",
        file="features/spine.py",
        old='return visible(rows, ("fixture",), asked).select(',
        new='return rows.sort("batch").unique("fixture", keep="last").select(',
        why="A day before, and where he fell ill in the warm-up, the features know who will start.",
    ),
    Patch(
        name="a meeting is known from the midnight before it was played",
        file="features/groups/head_to_head.py",
        old='        "event_at",\n        "known_at",\n',
        new='        "event_at",\n        pl.col("known_at").dt.truncate("1d"),\n',
        why="The window holds the present game: the target is in the feature.",
    ),
    Patch(
        name="the hour and the day are those at which the game was played at last",
        file="features/groups/calendar.py",
        old='local = pl.col("start").dt.convert_time_zone(sport.timezone)\n    clock',
        new=(
            'last = pl.col("start").sort_by("batch").last().over("fixture")\n'
            "    local = last.dt.convert_time_zone(sport.timezone)\n    clock"
        ),
        why="A match that will be put off for television or rain is dated right before anybody put it off.",
    ),
    Patch(
        name="a score corrected later stands corrected in the first report",
        file="features/groups/form.py",
        old='sides(tables["results"], "home", "away")',
        new=(
            'sides(tables["results"].with_columns('
            'pl.col("home_score", "away_score").sort_by("batch").last().over("fixture")), "home", "away")'
        ),
        why="Form and its weighted mean (ewm) use revised values from before the revision.",
    ),
    Patch(
        name="a missing statistic is filled with the mean of all games there are",
        file="features/means.py",
        old="pl.when(known).then(here).otherwise(0)",
        new="pl.when(known).then(here).otherwise(here.mean())",
        why="Every gap in a box score is filled with what was measured in years to come.",
    ),
    Patch(
        name="what becomes known at the moment itself counts as known before it",
        file="features/kernels.py",
        old="if row_known[middle] < as_of[i]:",
        new="if row_known[middle] <= as_of[i]:",
        why="Off by one at known_at: a result that comes at the very moment is in the answer given then.",
    ),
    Patch(
        name="the stored carry is kept where newer facts were folded",
        file="features/increment.py",
        old="for part, held in enumerate(parts) for i, name",
        new="for part, held in reversed([*enumerate(parts)]) for i, name",
        why="The day after, the fold goes on from the day before yesterday: yesterday's games are missing for ever.",
    ),
    Patch(
        name="a late game takes back the home sides' ratings and leaves the away sides'",
        file="features/ratings.py",
        old="                    if played[last, which] >= 0:\n",
        new="                    if which == 0 and played[last, which] >= 0:\n",
        why="After a late or corrected result away sides have had some of their games twice.",
    ),
    Patch(
        name="a rebuild reads every load there is, whichever it was sealed at",
        file="lake/asof.py",
        old="limit = newest if batch is None else min(batch, newest)",
        new="limit = newest",
        why="What was sealed last month is rebuilt with last week's corrections: the batch mark is ignored.",
    ),
    Patch(
        name="the newest revision is the one that happens to stand last",
        file="lake/asof.py",
        old='left.sort("batch", "known_at", maintain_order=True).unique(',
        new="left.unique(",
        why="A match brought forward keeps its old date, since rows lie by date: arrival decides, not the load.",
    ),
    Patch(
        name="a pair is keyed by who is at home, so that the return leg is another pair",
        file="features/facts.py",
        old='pl.when(home_first()).then(home + "|" + away).otherwise(away + "|" + home)',
        new='home + "|" + away',
        why="Wrong join key: half of the meetings are lost, which half follows from the order of two names.",
    ),
    Patch(
        name="rest is counted from the starts at which games were played at last",
        file="features/groups/schedule.py",
        old='    fixtures = tables["fixtures"]\n',
        new='    fixtures = tables["fixtures"].with_columns(pl.col("start").sort_by("batch").last().over("fixture"))\n',
        why="A postponement of next week gives a side its rest before anybody has postponed anything.",
    ),
    Patch(
        name="the close is that of the start as it was corrected afterwards",
        file="lake/asof.py",
        old='listed = fixtures.filter(pl.col("known_at") < pl.col("start") - span)',
        new="listed = fixtures",
        why="A start set later once the game had begun lets the features see an hour of what came after.",
    ),
)
