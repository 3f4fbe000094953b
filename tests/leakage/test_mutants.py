"""Leaks and breaches of parity, planted in a copy of the real code: the prover has to find every one.

Each mutant replaces text in a scratch copy of the package and lets the prover run there, on the tiny world and in
plain Python. It is given one group there, and all of them where the fault is no group's. The sound code is proven with
every proof and group as it is installed, compiled. A mutant whose text is no longer in the code fails, so that the list
keeps up with the code.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import antepost
from antepost.features.prove import PROOFS
from tests.esports import GROUPS
from tests.leakage.esports import ESPORTS, WORLD
from tests.leakage.mutant import CUT, INCREMENT, LATE, MIRROR, ONLINE, PLANT, SEALED, SHUFFLE, TRACE, Mutant
from tests.leakage.stranger import STRANGERS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(antepost.__file__).parent

SCRIPT = """
import hashlib, json, sys, warnings
from datetime import timedelta
from importlib import import_module
from pathlib import Path
import polars as pl
import antepost
from antepost.errors import AntepostError
from antepost.features import build_states, catalogue, read_states, spine
from antepost.features.prove import PROOFS, prove
from tests.leakage.mutant import SEALED
from tests.leakage.sealed import beyond

warnings.simplefilter("ignore")
_, code, home, draw, seed, world, chosen, *wanted = sys.argv
assert Path(antepost.__file__).is_relative_to(code), antepost.__file__
TINY, tables = import_module(world).TINY, import_module(world).tiny_tables()
if chosen:
    catalogue.GROUPS = tuple(one for one in catalogue.GROUPS if getattr(one(TINY), "name", None) in chosen.split(","))
answer = {"values": {}, "broken": {}, "error": None}
try:
    states = build_states(TINY, tables)
    for group in catalogue.groups_of(TINY):
        values = hashlib.sha256()
        columns = tuple(column.name for column in group.columns)
        for hours in (0, 1, 24, 95, 167):
            asked = spine(tables, TINY).select("fixture", pl.col("as_of") - timedelta(hours=hours))
            values.update(read_states(TINY, states, spine(tables, TINY, asked), columns).tobytes())
        answer["values"][group.name] = values.hexdigest()
    for name in set(PROOFS) - set(wanted):
        del PROOFS[name]
    for proof in prove(TINY, tables, draw=int(draw), seed=int(seed)):
        if not proof.holds:
            answer["broken"][proof.name] = proof.differing
    if SEALED in wanted and (later := beyond(Path(home), tables)):
        answer["broken"][SEALED] = later
except AntepostError as error:
    answer["error"] = f"{type(error).__name__}: {error}"
print(json.dumps(answer))
"""


def known(expression: str) -> str:
    """Return the text by which a group stamps its facts with another ``known_at``."""
    return f"finish(frame.with_columns(known_at={expression}), VALUES)"


MUTANTS = (
    # One or more a group.
    Mutant(
        name="elo knows a result a second before the game", file="groups/elo.py", caught_by=CUT, column="elo.",
        old="    frame = games(tables, sport)\n",
        new="    frame = games(tables, sport).with_columns(known_at=pl.col('event_at').dt.offset_by('-1s'))\n",
    ),
    Mutant(
        name="glicko knows a result when its game starts", file="groups/glicko.py", caught_by=CUT,
        column="glicko.", old="    frame = games(tables, sport)\n",
        new="    frame = games(tables, sport).with_columns(known_at=pl.col('event_at'))\n",
    ),
    Mutant(
        name="the home side's rating at home is told on neutral ground", file="groups/pi.py", caught_by=MIRROR,
        column="pi.rating", old="return 0.5 * (side[0] + side[1]) if neutral == 1.0 else side[which]",
        new="return side[which]",
    ),
    Mutant(
        name="a league knows its level before the games end", file="groups/strengths.py", caught_by=CUT,
        column="strengths.", old="finish(frame.drop_nulls(\"neutral\"), VALUES, MEMBERS)",
        new="finish(frame.drop_nulls('neutral').with_columns(known_at=pl.col('event_at')), VALUES, MEMBERS)",
    ),
    Mutant(
        name="a surface is the one that was played on", file="groups/surface.py", caught_by=CUT, column="surface.",
        old='revisions(tables["results"], grounds, ("surface",))',
        new='revisions(tables["results"], grounds, ("surface",)).with_columns(known_at=pl.col("event_at"))',
    ),
    Mutant(
        name="an opponent is rated by the row after the game", file="groups/opponents.py", caught_by=CUT,
        column="opponents.", old="            row = rows[found[i, side]]\n",
        new="            row = rows[min(found[i, side] + 1, rows.shape[0] - 1)]\n",
    ),
    Mutant(
        name="what is taken back is taken back from all but one", file="ratings.py", caught_by=TRACE,
        column="strengths.", old="if played[last, which] >= 0:\n",
        new="if played[last, which] >= 0 and which < members - 1:\n",
    ),
    Mutant(
        name="the surface is that of the newest announcement", file="spine.py", caught_by=CUT, column="surface.",
        old='announced = visible(tables["venues"], ("fixture",), asked)',
        new='announced = tables["venues"].sort("batch").unique("fixture", keep="last")',
    ),
    Mutant(
        name="form knows a result when its game starts", file="groups/form.py", caught_by=CUT, column="form.",
        old='sides(tables["results"], "home", "away")',
        new='sides(tables["results"], "home", "away").with_columns(known_at=pl.col("event_at"))',
    ),
    Mutant(
        name="season means are read from the row after the game", file="means.py", caught_by=CUT, column="form.",
        old="    known = row >= 0 and rows[row, 1] > 0.0\n",
        new="    row = min(row + 1, rows.shape[0] - 1)\n    known = row >= 0 and rows[row, 1] > 0.0\n",
    ),
    Mutant(
        name="a meeting is known the day before it is played", file="groups/head_to_head.py", caught_by=CUT,
        column="head_to_head.", old='        "known_at",\n',
        new='        pl.col("event_at").dt.offset_by("-1d").alias("known_at"),\n',
    ),
    Mutant(
        name="the sign of a pair is lost", file="means.py", caught_by=MIRROR,
        column="head_to_head.margin", old="                value = -value\n",
        new="                value = value + 0.0\n",
    ),
    Mutant(
        name="what one side has over the other is the sum of both", file="means.py", caught_by=MIRROR,
        column="ewm.margin", old="                value -= held_of(", new="                value += held_of(",
    ),
    Mutant(
        name="weighted form knows a result when its game starts", file="groups/ewm.py", caught_by=CUT, column="ewm.",
        old="        facts,\n        version",
        new="        lambda tables, sport: facts(tables, sport).drop('known_at').with_columns(known_at='event_at'),\n"
        "        version",
    ),
    Mutant(
        name="a record against the line knows a result when its game starts", file="groups/closing.py", caught_by=CUT,
        column="closing.", old='sides(revisions(tables["results"], lines(',
        new='sides(revisions(tables["results"].with_columns(known_at="event_at"), lines(',
    ),
    Mutant(
        name="a closing line is the one that was corrected later", file="groups/closing.py", caught_by=CUT,
        column="closing.", old='.filter(pl.col("known_at") <= pl.col("moment"))', new="",
    ),
    Mutant(
        name="a ground counts the games to come", file="groups/splits.py", caught_by=CUT, column="splits.",
        old='sides(games, "home_ground", "away_ground")',
        new='sides(games, "home_ground", "away_ground").with_columns(known_at=pl.col("event_at"))',
    ),
    Mutant(
        name="a box score is the one that was corrected later", file="groups/box.py", caught_by=CUT, column="box.",
        old="    games = tables[\"results\"]\n",
        new="    games = tables[\"results\"].with_columns(known_at=pl.col(\"event_at\"))\n",
    ),
    Mutant(
        name="the schedule is the one that was played", file="groups/schedule.py", caught_by=CUT, column="schedule.",
        old='    fixtures = tables["fixtures"]\n',
        new='    fixtures = tables["fixtures"].sort("known_at").with_columns(pl.col("start").last().over("fixture"))\n',
    ),
    Mutant(
        name="a quarterback's history is taken from the newest roster", file="groups/starter.py", caught_by=CUT,
        column="starter.", old='.rename({"player": column})',
        new='.rename({"player": column}).sort("known_at").with_columns(pl.col(column).last().over("fixture"))',
    ),
    Mutant(
        name="the ground is known a day before it is announced", file="groups/venue.py", caught_by=CUT,
        column="venue.", old='        "known_at",\n',
        new='        pl.col("known_at").dt.offset_by("-1d").alias("known_at"),\n',
    ),
    Mutant(
        name="the closing price is known two days early", file="groups/market.py", caught_by=CUT, column="market.",
        old="finish(frame, VALUES)", new=known("pl.col('known_at').dt.offset_by('-2d')"),
    ),
    Mutant(
        name="the market forgets who is the favourite", file="groups/market.py", caught_by=MIRROR,
        column="market.logit", old="row[0] = np.log(away) - np.log(home)",
        new="row[0] = abs(np.log(away) - np.log(home))",
    ),
    Mutant(
        name="the hour is that of the newest schedule", file="groups/calendar.py", caught_by=CUT, column="calendar.",
        old='    frame = tables["fixtures"].select(\n',
        new='    last = pl.col("start").last().over("fixture")\n'
        '    frame = tables["fixtures"].sort("known_at").with_columns(last).select(\n',
    ),
    Mutant(
        name="a ground is known before it is told", file="groups/travel.py", caught_by=CUT, column="travel.",
        old='pl.col("known_at").alias("told_at")',
        new='pl.col("known_at").dt.offset_by("-60d").alias("told_at")',
    ),
    Mutant(
        name="both sides have travelled as the home side did", file="groups/travel.py", caught_by=MIRROR,
        column="travel.", old="team = own[HOME + side]", new="team = own[HOME]",
    ),
    Mutant(
        name="the table is that of the evening", file="groups/table.py", caught_by=CUT, column="table.",
        old="games = revisions(ranked,", new="games = revisions(ranked.with_columns(known_at=pl.col('event_at')),",
    ),
    Mutant(
        name="a referee's games are known before they are played", file="groups/officials.py", caught_by=CUT,
        column="officials.", old='        "event_at", "known_at", "batch", "season",\n',
        new='        "event_at", pl.col("event_at").alias("known_at"), "batch", "season",\n',
    ),
    Mutant(
        name="a starter's passes are known before they are thrown", file="groups/starter_rates.py", caught_by=CUT,
        column="starter_rates.", old='        "event_at", "known_at", "batch", "season", *names,\n',
        new='        "event_at", pl.col("known_at").dt.offset_by("-1d"), "batch", "season", *names,\n',
    ),
    Mutant(
        name="a starter has started before he starts", file="groups/starter_rest.py", caught_by=CUT,
        column="starter_rest.", old="finish(starts(tables, sport), VALUES)",
        new="finish(starts(tables, sport).with_columns(known_at=pl.col('event_at')), VALUES)",
    ),
    Mutant(
        name="who is out is known before it is reported", file="groups/injuries.py", caught_by=CUT, column="injuries.",
        old='tables["injuries"].drop_nulls("fixture")',
        new='tables["injuries"].drop_nulls("fixture").with_columns(pl.col("known_at").dt.offset_by("-3d"))',
    ),
    Mutant(
        name="who played is known before the game", file="groups/lineup.py", caught_by=CUT, column="lineup.",
        old='"event_at", "known_at", "batch", number("fixture")',
        new='"event_at", pl.col("event_at").alias("known_at"), "batch", number("fixture")',
    ),
    Mutant(
        name="a move is known before it is told", file="groups/inactive.py", caught_by=CUT, column="inactive.",
        old='"event_at", "known_at", "batch", number("player")',
        new='"event_at", pl.col("event_at").alias("known_at"), "batch", number("player")',
    ),
    Mutant(
        name="both sides' new absences are counted to the home side", file="groups/inactive.py", caught_by=MIRROR,
        column="inactive.newly_out", old="said[0, c] - said[1, c]", new="said[0, c] + said[1, c]",
    ),
    Mutant(
        name="every closing price is known two days early", file="groups/books.py", caught_by=CUT, column="books.",
        old="finish(frame, VALUES)", new=known("pl.col('known_at').dt.offset_by('-2d')"),
    ),
    Mutant(
        name="an opening is already what it moved to", file="groups/books.py", caught_by=CUT, column="books.",
        old='.then("line").otherwise("odds").alias("value")',
        new='.then("line").otherwise(pl.col("odds").last().over("fixture", "book", "name")).alias("value")',
    ),
    Mutant(
        name="the books forget who is the favourite", file="groups/books.py", caught_by=MIRROR,
        column="books.consensus", old="row[0] = sides / count", new="row[0] = abs(sides) / count",
    ),
    Mutant(
        name="a corrected quarter is known when its game starts", file="groups/periods.py", caught_by=CUT,
        column="periods.", old='tallied(tables["periods"], tallies',
        new='tallied(tables["periods"].with_columns(known_at=pl.col("event_at")), tallies',
    ),
    Mutant(
        name="sets and matches are known when they begin", file="groups/sets.py", caught_by=CUT, column="sets.",
        old='revisions(tables["results"], told, names)',
        new='revisions(tables["results"], told, names).with_columns(known_at=pl.col("event_at"))',
    ),
    Mutant(
        name="a period is the one that was corrected later", file="facts.py", caught_by=CUT, column="sets.",
        old='seen = moments.join(periods, on="fixture").filter(pl.col("known_at") <= pl.col("moment"))',
        new='seen = moments.join(periods, on="fixture")',
    ),
    Mutant(
        name="a list is known two weeks before it is dated", file="groups/ranking.py", caught_by=CUT,
        column="ranking.", old='"known_at", "batch", "rank"',
        new='pl.col("known_at").dt.offset_by("-15d"), "batch", "rank"',
    ),
    Mutant(
        name="both sides are ranked as the home side is", file="groups/ranking.py", caught_by=MIRROR,
        column="ranking.log_rank", old="figure(rows, found[i, 1],", new="figure(rows, found[i, 0],",
    ),
    Mutant(
        name="the weather is known before the game", file="groups/climate.py", caught_by=CUT, column="climate.",
        old='("venue", "start"))', new='("venue", "start")).with_columns(pl.col("known_at").dt.offset_by("-20d"))',
    ),
    Mutant(
        name="a game is in the fit of the week before", file="fits.py", caught_by=CUT, column="massey.",
        old="(known - refit + week - 1) // week * week", new="(known - refit) // week * week",
    ),
    Mutant(
        name="the home side is at home on neutral ground", file="groups/massey.py", caught_by=MIRROR,
        column="massey.margin", old=" + row[1] * (1.0 - spine[i, ON_NEUTRAL])", new=" + row[1]",
    ),
    Mutant(
        name="the home side scores as at home on neutral ground", file="groups/dixon_coles.py", caught_by=MIRROR,
        column="dixon_coles.logit", old="row[2] * (1.0 - spine[i, ON_NEUTRAL])", new="row[2]",
    ),
    # The spine.
    Mutant(
        name="starters are those of the newest roster", file="spine.py", caught_by=CUT, column="spine",
        alone="starter",
        old='return visible(rows, ("fixture",), asked).select(',
        new='return rows.sort("batch").unique("fixture", keep="last").select(',
    ),
    Mutant(
        name="the kick-off is that of the newest schedule", file="spine.py", caught_by=CUT, column="spine",
        alone="schedule",
        old='seen = visible(fixtures, ("fixture",), asked)',
        new='seen = fixtures.sort("batch").unique("fixture", keep="last")',
    ),
    Mutant(
        name="which revision is the newest is left to the order of arrival", file="../lake/asof.py",
        caught_by=SHUFFLE, column="spine", old='return left.sort("batch", "known_at", maintain_order=True).unique(',
        new="return left.unique(",
    ),
    # The engine and its kernels.
    Mutant(
        name="as_of sees what becomes known at that instant", file="kernels.py", caught_by=CUT, column="form.",
        old="if row_known[middle] < as_of[i]:", new="if row_known[middle] <= as_of[i]:",
    ),
    Mutant(
        name="a row is stamped two hours early", file="kernels.py", caught_by=CUT, column="elo.",
        old="args[t] = moment", new="args[t] = moment - 7_200_000_000",
    ),
    Mutant(
        name="facts are folded as they came, with times in order", file="state.py", caught_by=SHUFFLE, column="form.",
        old="    put_in_order(order, bounds, known, events, sequences, keys, batches)\n",
        new="    known = known.copy()\n    entity = np.repeat(np.arange(bounds.size - 1), np.diff(bounds))\n"
        "    known[order] = known[order][np.lexsort((known[order], entity))]\n",
    ),
    Mutant(
        name="a revision joins its fact twice", file="kernels.py", caught_by=TRACE, column="form.",
        old="                if old >= 0:\n", new="                if old >= 0 and not live[fact]:\n",
    ),
    Mutant(
        name="columns are centred over whoever is asked for", file="engine.py", caught_by=ONLINE, column="market.",
        old="    return block\n", new="    return block - np.nanmean(block, axis=0)\n",
    ),
    # Corrections.
    Mutant(
        name="what a correction takes away stays", file="facts.py", caught_by=TRACE, column="starter.",
        old="kept = retract(frame) if revised else frame", new="kept = frame",
    ),
    Mutant(
        name="a joined table shows its newest revision", file="facts.py", caught_by=CUT, column="starter.",
        old='seen = moments.join(table, on="fixture").filter(pl.col("known_at") <= pl.col("moment"))',
        new='seen = moments.join(table, on="fixture")',
    ),
    Mutant(
        name="a day's update ignores corrections", file="increment.py", caught_by=INCREMENT, column="form.",
        moves=False, old='*late_rows["entity"], *revised["entity"], *repeated["entity"]', new="*late_rows['key'][:0]",
    ),
    Mutant(
        name="a day's update ignores late facts", file="increment.py", caught_by=LATE, column="form.",
        moves=False, old='*late_rows["entity"], *revised', new="*revised",
    ),
    Mutant(
        name="a day's update ignores what is gone", file="increment.py", caught_by=LATE, column="starter.",
        moves=False, old='    afresh = set(removed["entity"].unique())\n', new="    afresh: set[str] = set()\n",
    ),
    Mutant(
        name="a day's update ignores facts that overtake each other", file="increment.py", caught_by=INCREMENT,
        column="form.", moves=False, old=", *_overtaken(added)", new="",
    ),
    Mutant(
        name="a day's update starts from nothing", file="state.py", caught_by=INCREMENT, column="form.",
        moves=False, old="carry[here >= 0] = known[here[here >= 0]]", new="carry[here >= 0] = 0.0",
    ),
)  # fmt: skip


def run(folder: Path, mutant: Mutant, *proofs: str) -> dict[str, object]:
    """Return what ``proofs`` say of a copy of the package in ``folder`` that carries ``mutant``."""
    copied(folder)
    path = folder / "antepost" / "features" / mutant.file
    text = path.read_text()
    assert text.count(mutant.old) >= 1, f"{mutant.file} no longer says {mutant.old!r}"
    path.write_text(text.replace(mutant.old, mutant.new))
    # Proofs that build afresh for every fixture are given half of them.
    draw = 24 if {PLANT, CUT, TRACE, MIRROR} & {*proofs} else 48
    return said(folder, folder, mutant.world, mutant.group, *proofs, draw=draw, compiled=False)


def copied(folder: Path) -> None:
    shutil.copytree(PACKAGE, folder / "antepost")


def said(
    code: Path, folder: Path, world: str, groups: str, *proofs: str, draw: int, compiled: bool, seed: int = 1
) -> dict[str, object]:
    """Return what ``proofs`` say of the package that lies in ``code``, of ``groups`` (with commas) or of all."""
    place = {"PYTHONPATH": f"{code}{os.pathsep}{ROOT}", "POLARS_MAX_THREADS": "1"}
    if not compiled:
        place |= {"XDG_CACHE_HOME": str(folder / "cache"), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(code), str(folder / "home"), str(draw), str(seed), world, groups, *proofs],
        env={**os.environ, **place}, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


ESPORT = ",".join(GROUPS)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], object]:
    """The values of every group in a world, built by a copy of the code as it is."""

    @cache
    def built(world: str) -> object:
        folder = tmp_path_factory.mktemp("sound")
        copied(folder)
        return said(folder, folder, world, ESPORT if world == WORLD else "", draw=1, compiled=False)["values"]

    return built


@pytest.mark.parametrize("seed", [1, 2] if os.environ.get("ANTEPOST_PROVE") == "full" else [1])
@pytest.mark.parametrize(("world", "groups"), [("tests.worlds", ""), (WORLD, ESPORT)])
def test_the_code_as_it_is_holds(world: str, groups: str, seed: int, tmp_path: Path) -> None:
    found = said(PACKAGE.parent, tmp_path, world, groups, *PROOFS, SEALED, draw=48, compiled=True, seed=seed)
    assert found["error"] is None
    assert found["broken"] == {}


EVERY = (*MUTANTS, *STRANGERS, *ESPORTS)


def test_every_mutant_is_of_the_code_as_it_is() -> None:
    assert [one.name for one in EVERY if one.old not in (PACKAGE / "features" / one.file).read_text()] == []


@pytest.mark.parametrize("mutant", EVERY, ids=lambda mutant: mutant.name)
def test_the_prover_finds(mutant: Mutant, sound: Callable[[str], object], tmp_path: Path) -> None:
    found = run(tmp_path, mutant, mutant.caught_by)
    assert found["error"] is None
    values, before = found["values"], sound(mutant.world)
    assert isinstance(values, dict)
    assert isinstance(before, dict)
    assert (values != {group: before[group] for group in values}) == mutant.moves
    broken = found["broken"]
    assert isinstance(broken, dict)
    assert mutant.caught_by in broken
    assert [column for column in broken[mutant.caught_by] if column.startswith(mutant.column)]


def test_every_group_has_a_mutant() -> None:
    groups = {path.name for path in (PACKAGE / "features" / "groups").glob("*.py")} - {"__init__.py"}
    assert {mutant.file.removeprefix("groups/") for mutant in (*MUTANTS, *ESPORTS)} >= groups
