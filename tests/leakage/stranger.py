"""Faults written by somebody who had seen the groups and the lake, and neither the prover nor its tests.

Each is one that real teams make; the comment says what a reader of the features would see wrong.
"""

from __future__ import annotations

from tests.leakage.mutant import CUT, INCREMENT, MIRROR, MOMENTS, PAST, PLANT, SEALED, SHUFFLE, TRACE, Mutant

STRANGERS = (
    # Games of last month are judged by a line nobody had then: cover and spread use the correction early.
    Mutant(
        name="a closing line that was corrected after the game counts as corrected from the start",
        file="groups/closing.py", caught_by=CUT, column="closing.",
        old='moments.join(quotes, on="fixture").filter(pl.col("known_at") <= pl.col("moment"))',
        new='moments.join(quotes, on="fixture")',
    ),
    # Asked a day before the start, the consensus already holds the closing prices: future odds.
    Mutant(
        name="every quote of a fixture is stamped with the moment of its first",
        file="groups/books.py", caught_by=PLANT, column="books.",
        old='        "known_at",\n        "batch",\n        number("book"),',
        new='        pl.col("known_at").min().over("fixture"),\n        "batch",\n        number("book"),',
    ),
    # In the second round everybody stands where he will stand when the season ends.
    Mutant(
        name="the table is drawn up with all results of the season from its first result on",
        file="groups/table.py", caught_by=PLANT, column="table.",
        old='"event_at", "known_at", "batch",',
        new='"event_at", pl.col("known_at").min().over("league", "season"), "batch",',
    ),
    # A referee corrected weeks later has led the game from the day it was played.
    Mutant(
        name="a game belongs to the referee whom the finished row names",
        file="groups/officials.py", caught_by=PLANT, column="officials.",
        old='revisions(tables["results"], named, (REFEREE,))',
        new='tables["results"].join(named.sort("batch").unique("fixture", keep="last").select("fixture",'
        ' REFEREE), on="fixture", how="left")',
    ),
    # Kilometres to a ground are there before its position was, and are those of its last correction.
    Mutant(
        name="a ground lies where a later list puts it", file="groups/travel.py", caught_by=PLANT, column="travel.",
        old='(pl.col("since") <= pl.col("start")) & (pl.col("told_at") <= pl.col("known_at"))',
        new='pl.col("since") <= pl.col("start")',
    ),
    # The first game of a double-header moves the ratings while it is being played.
    Mutant(
        name="a result is known when the game starts", file="groups/glicko.py", caught_by=PLANT, column="glicko.",
        old='    frame = games(tables, sport)\n',
        new='    frame = games(tables, sport).with_columns(pl.col("event_at").alias("known_at"))\n',
    ),
    # A final looks otherwise when its two sides are written the other way round.
    Mutant(
        name="on neutral ground the side that is named first counts as the home side",
        file="groups/pi.py", caught_by=MIRROR, column="pi.",
        old='return 0.5 * (side[0] + side[1]) if neutral == 1.0 else side[which]',
        new='return side[which]',
    ),
    # Strengths in autumn move by what will be scored in spring.
    Mutant(
        name="scores are centred by the mean of the whole season",
        file="groups/strengths.py", caught_by=PLANT, column="strengths.",
        old='    frame = games(tables, sport)\n',
        new='    frame = games(tables, sport).with_columns(\n'
        '        pl.col("home_score", "away_score") - pl.col("home_score", "away_score").mean()'
        '.over("season")\n'
        '    )\n',
    ),
    # In the first round a player's rating knows whether he will win the final.
    Mutant(
        name="the matches of a week are known from its Monday on, as a tournament's date says",
        file="groups/surface.py", caught_by=PLANT, column="surface.",
        old='frame = games({**tables, "results": results.with_columns(kind)}, sport)',
        new='frame = games({**tables, "results": results.with_columns(kind)}, sport).with_columns(pl'
        '.col("known_at").dt.truncate("1w"))',
    ),
    # An opponent of ten years ago is rated as he is today.
    Mutant(
        name="the away side is looked up with its newest state, not with that of the moment",
        file="engine.py", caught_by=PLANT, column="opponents.",
        old='known[role, state.names], as_of)',
        new='known[role, state.names], np.full_like(as_of, state.known.max(initial=0) + 1) if role == "away"'
        ' else as_of)',
    ),
    # Home records hold a game abroad, and whose they are follows from the order of two names.
    Mutant(
        name="a game on neutral ground counts as a home game of the side that is named first",
        file="groups/splits.py", caught_by=PAST, column="splits.",
        old='pl.when("neutral").then(pl.lit("@neutral")).otherwise(pl.lit(f"@{side}"))',
        new='pl.lit(f"@{side}")',
    ),
    # A day before, and where he fell ill in the warm-up, the features know who will start.
    Mutant(
        name="the starter is he whom the finished row names",
        file="spine.py", caught_by=PLANT, column="spine", alone="starter",
        old='return visible(rows, ("fixture",), asked).select(',
        new='return rows.sort("batch").unique("fixture", keep="last").select(',
    ),
    # The window holds the present game: the target is in the feature.
    Mutant(
        name="a meeting is known from the midnight before it was played",
        file="groups/head_to_head.py", caught_by=PLANT, column="head_to_head.",
        old='        "event_at",\n        "known_at",\n',
        new='        "event_at",\n        pl.col("known_at").dt.truncate("1d"),\n',
    ),
    # A match that will be put off for television or rain is dated right before anybody put it off.
    Mutant(
        name="the hour and the day are those at which the game was played at last",
        file="groups/calendar.py", caught_by=PLANT, column="calendar.",
        old='local = pl.col("start").dt.convert_time_zone(sport.timezone)\n    clock',
        new='last = pl.col("start").sort_by("batch").last().over("fixture")\n'
        '    local = last.dt.convert_time_zone(sport.timezone)\n'
        '    clock',
    ),
    # Form and its weighted mean (ewm) use revised values from before the revision.
    Mutant(
        name="a score corrected later stands corrected in the first report",
        file="groups/form.py", caught_by=CUT, column="ewm.",
        old='sides(tables["results"], "home", "away")',
        new='sides(tables["results"].with_columns(pl.col("home_score", "away_score").sort_by("batch").last()'
        '.over("fixture")), "home", "away")',
    ),
    # Every gap in a box score is filled with what was measured in years to come.
    Mutant(
        name="a missing statistic is filled with the mean of all games there are",
        file="means.py", caught_by=PLANT, column="box.",
        old='pl.when(known).then(here).otherwise(0)',
        new='pl.when(known).then(here).otherwise(here.mean())',
    ),
    # Off by one at known_at: a result that comes at the very moment is in the answer given then.
    Mutant(
        name="what becomes known at the moment itself counts as known before it",
        file="kernels.py", caught_by=CUT, column="elo.",
        old='if row_known[middle] < as_of[i]:',
        new='if row_known[middle] <= as_of[i]:',
    ),
    # The day after, the fold goes on from the day before yesterday: yesterday's games are missing for ever.
    Mutant(
        name="the stored carry is kept where newer facts were folded",
        file="increment.py", caught_by=INCREMENT, column="starter.", moves=False,
        old='for part, held in enumerate(parts) for i, name',
        new='for part, held in reversed([*enumerate(parts)]) for i, name',
    ),
    # After a late or corrected result away sides have had some of their games twice.
    Mutant(
        name="a late game takes back the home sides' ratings and leaves the away sides'",
        file="ratings.py", caught_by=TRACE, column="opponents.",
        old='                    if played[last, which] >= 0:\n',
        new='                    if which == 0 and played[last, which] >= 0:\n',
    ),
    # What was sealed last month is rebuilt with last week's corrections: the batch mark is ignored.
    Mutant(
        name="a rebuild reads every load there is, whichever it was sealed at",
        file="../lake/asof.py", caught_by=SEALED, column="lake.", moves=False, alone="calendar",
        old='limit = newest if batch is None else min(batch, newest)',
        new='limit = newest',
    ),
    # A match brought forward keeps its old date, since rows lie by date: arrival decides, not the load.
    Mutant(
        name="the newest revision is the one that happens to stand last",
        file="../lake/asof.py", caught_by=SHUFFLE, column="spine", alone="starter",
        old='left.sort("batch", "known_at", maintain_order=True).unique(',
        new='left.unique(',
    ),
    # Wrong join key: half of the meetings are lost, which half follows from the order of two names.
    Mutant(
        name="a pair is keyed by who is at home, so that the return leg is another pair",
        file="facts.py", caught_by=MIRROR, column="head_to_head.",
        old='pl.when(home_first()).then(home + "|" + away).otherwise(away + "|" + home)',
        new='home + "|" + away',
    ),
    # A postponement of next week gives a side its rest before anybody has postponed anything.
    Mutant(
        name="rest is counted from the starts at which games were played at last",
        file="groups/schedule.py", caught_by=PLANT, column="schedule.",
        old='    fixtures = tables["fixtures"]\n',
        new='    fixtures = tables["fixtures"].with_columns(pl.col("start").sort_by("batch").last()'
        '.over("fixture"))\n',
    ),
    # A start set later once the game had begun lets the features see an hour of what came after.
    Mutant(
        name="the close is that of the start as it was corrected afterwards",
        file="../lake/asof.py", caught_by=MOMENTS, column="spine", moves=False, alone="calendar",
        old='listed = fixtures.filter(pl.col("known_at") < pl.col("start") - span)',
        new='listed = fixtures',
    ),
)  # fmt: skip
