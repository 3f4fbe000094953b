"""Leaks planted into what esports tell, found in the tiny world as an esport."""

from __future__ import annotations

from tests.leakage.mutant import CUT, MIRROR, Mutant

WORLD = "tests.esports"
_EARLY = '.with_columns(known_at=pl.col("event_at"))'


def _early(name: str, group: str, old: str, at: str) -> Mutant:
    """Return the mutant in which ``group`` knows its matches when they start: after ``at`` in its text ``old``."""
    new = old.replace(at, f"{at}{_EARLY}")
    return Mutant(
        name=name, file=f"groups/{group}.py", old=old, new=new, caught_by=CUT, column=f"{group}.", world=WORLD
    )


ESPORTS = (
    _early("a lead is known before it was held", "early", 'return sides(games, "home"', "sides(games"),
    _early("radiant's record knows its matches early", "sides", "seen(games.with_columns(flags)", "(flags)"),
    _early("a map is known when it starts", "maps", "sides(games.with_columns(*named, *flags)", "*flags)"),
    _early("a hero has won before the match is over", "draft", "made = picks(tables, sport.draft)", "draft)"),
    _early("a pool holds the picks of matches still on", "pool", "made = picks(tables, sport.draft)", "draft)"),
    _early("a patch counts matches still on", "patch", 'games = sides(tables["results"]', '["results"]'),
    _early("an event counts matches still on", "event", "return pl.concat([own, played", "([own"),
    Mutant(
        name="series forget that sides change places", file="groups/series.py", caught_by=MIRROR, column="series.",
        old='suffix="fixture", parity="odd"', new='suffix="fixture", parity="even"', moves=False, world=WORLD,
    ),
    Mutant(
        name="the sides of the map are known two days before", file="groups/toss.py", caught_by=CUT, column="toss.",
        old='.rename({"team": "first_side"})',
        new='.rename({"team": "first_side"}).with_columns(known_at=pl.col("event_at").dt.offset_by("-2d"))',
        world=WORLD,
    ),
    Mutant(
        name="the heroes are those that were told last", file="spine.py", caught_by=CUT, column="draft.",
        old='made = visible(rosters.filter(pl.col("role").is_in(draft.picks)), ("fixture", "role"), asked)',
        new='made = rosters.filter(pl.col("role").is_in(draft.picks)).unique(["fixture", "role"], keep="last")',
        world=WORLD, alone="draft",
    ),
)  # fmt: skip
