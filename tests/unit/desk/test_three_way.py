"""Home, draw and away in an invented soccer world, judged on the same games by two questions."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import cast

import httpx
import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from antepost.betting import BettingPolicy
from antepost.cli import app
from antepost.desk import Desk, open_desk
from antepost.desk.examples import all_examples, examples
from antepost.desk.explain import Explanation, ThreeWayExplanation, explain
from antepost.desk.judging import plan_of
from antepost.desk.predict import Loaded, loaded, records
from antepost.desk.three_way import ThreeWay, judge_three_way
from antepost.desk.three_way_report import three_way_put_together
from antepost.desk.train import Trained
from antepost.errors import DataError, LeakageError, ModelError, PolicyError
from antepost.evaluation import log_loss, losses, outcomes
from antepost.features import lock_of
from antepost.ingestion import ingest
from antepost.models import Recipe, load_bundle, read_recipe
from antepost.models.bundle import PARTS
from antepost.models.frame import DICHOTOMIES, UNDECIDED
from antepost.models.store import AnyBundle
from antepost.models.three_way import ThreeWayBundle, compose
from antepost.serving import serve_for_a_moment
from antepost.serving.answers import ThreeWayExplanationAnswer
from antepost.settings import Settings, get_settings
from antepost.sports import get_sport

FAMILIES = ("elo", "goals", "logistic")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk over a home with an invented world."""
    home: Path = tmp_path_factory.mktemp("soccer") / "home"
    desk = open_desk(settings=get_settings(home=home, mirror=None, database_url=None, mlflow_url=None))
    ingest(desk.settings, "soccer", desk.clock, source="simulated_soccer")
    return desk


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    """Soccer's recipe, for a world of five seasons."""
    real = read_recipe("soccer")
    return real.model_copy(update={"walk_forward": real.walk_forward.model_copy(update={"first_train_seasons": 2})})


@pytest.fixture(scope="module")
def judged(desk: Desk, recipe: Recipe) -> ThreeWay:
    """The newest season of set none."""
    plan = plan_of("soccer", "1x2", "none", desk.seasons("soccer")[-1:], None, "season", FAMILIES)
    return judge_three_way(desk.settings, replace(plan, recipe=recipe))


def test_the_figures_are_those_of_the_three_chances(judged: ThreeWay) -> None:
    shown, P, came = judged.figures(), judged.chances(), judged.came
    assert (shown["target"], shown["n"], judged.simulated) == ("1x2", came.size, True)
    np.testing.assert_allclose(P.sum(axis=1), 1.0, rtol=1e-12)
    assert set(np.unique(came)) == {0, 1, 2}
    assert shown["log_loss"] == pytest.approx(outcomes.losses(P, came).mean())
    assert shown["market_log_loss"] < shown["base_log_loss"]
    assert shown["elo_log_loss"] < shown["base_log_loss"]
    assert set(shown["families"]) == set(FAMILIES)  # pyright: ignore[reportArgumentType]  # a table of them


def test_the_three_way_loss_is_the_sum_of_the_two_questions(judged: ThreeWay) -> None:
    drawn, decided = judged.draw.y, judged.winner.y != UNDECIDED
    assert ((drawn == 1) == ~decided).all()
    total = losses(judged.draw.p, drawn).sum() + losses(judged.winner.p[decided], judged.winner.y[decided]).sum()
    assert outcomes.losses(judged.chances(), judged.came).sum() == pytest.approx(total, rel=1e-12)
    assert judged.draw.fixtures == judged.winner.fixtures


def test_the_market_is_the_prices_without_their_margin(desk: Desk, judged: ThreeWay) -> None:
    prices = desk.prices("soccer", market="1x2")
    closing = prices.filter(prices["label"] == "close")
    offered = {(row["fixture"], row["book"], row["outcome"]): row["odds"] for row in closing.iter_rows(named=True)}
    book = get_sport("soccer").reference_close["E0"][0]
    market = judged.chances("market_p")
    for i in range(0, judged.n, 23):
        odds = [offered[judged.draw.fixtures[i], book, outcome] for outcome in ("home", "draw", "away")]
        implied = np.array([1 / price for price in odds])
        np.testing.assert_allclose(market[i], implied / implied.sum(), rtol=1e-9)


def test_rivals_of_a_season_know_nothing_of_it(desk: Desk) -> None:
    found = all_examples(desk.settings, "soccer", "none", DICHOTOMIES["1x2"])
    draws, winners = found["draw"], found["winner"]
    frame, newest = draws.frame, draws.frame.season == draws.frame.season.max()
    earlier = frame.y[~newest]
    assert np.unique(draws.base_p[newest]) == pytest.approx([earlier.mean()])
    known = ~np.isnan(draws.elo_p)
    assert log_loss(draws.elo_p[known], frame.y[known]) < 0.7
    assert (winners.frame.y == UNDECIDED).sum() == (frame.y == 1).sum()
    np.testing.assert_array_equal(frame.scores[:, 0] == frame.scores[:, 1], frame.y == 1)
    # With as much known of both sides nothing is likelier to be drawn than the game of equals.
    evenness = np.abs(winners.elo_p - 0.5)[newest & known]
    assert np.corrcoef(evenness, draws.elo_p[newest & known])[0, 1] < -0.9


@pytest.fixture(scope="module")
def trained(desk: Desk) -> Trained:
    """Home, draw and away, learnt from all seasons but the newest."""
    return desk.train("soccer", "none", before=desk.newest_season("soccer"), families=FAMILIES)


@pytest.fixture(scope="module")
def bundle(desk: Desk, trained: Trained) -> AnyBundle:
    """What was trained, as it is loaded to predict."""
    return load_bundle(desk.settings.bundles, trained.digest, lock=lock_of("soccer"), name="soccer.1x2.none")


@pytest.fixture(scope="module")
def facts(desk: Desk) -> Loaded:
    """What a prediction is made from."""
    return loaded(desk.settings, "soccer")


@pytest.fixture(scope="module")
def asked(desk: Desk, judged: ThreeWay) -> pl.DataFrame:
    """Thirty games of the newest season, each as of its kick-off."""
    every = desk.at_kickoff("soccer", season=desk.newest_season("soccer"))
    return every.filter(pl.col("fixture").is_in(judged.draw.fixtures[::5])).sort("fixture").head(30)


def test_what_is_served_of_a_game_is_what_was_judged(
    desk: Desk, judged: ThreeWay, bundle: AnyBundle, facts: Loaded, asked: pl.DataFrame
) -> None:
    """Each row by itself: training, compiling and serving add nothing to what evaluation had said."""
    place = {name: i for i, name in enumerate(judged.draw.fixtures)}
    together = records(facts, bundle, asked, BettingPolicy(), desk.clock)
    assert len(together) == 30
    for record in together:
        said = cast("dict[str, float]", record["probability"])
        assert sum(said.values()) == pytest.approx(1.0, abs=1e-12)
        assert list(said.values()) == judged.chances()[place[str(record["fixture"])]].tolist()
    for row in asked.head(3).iter_slices(1):
        [alone] = records(facts, bundle, row, BettingPolicy(), desk.clock)
        [among] = [record for record in together if record["fixture"] == alone["fixture"]]
        assert (alone["probability"], alone["p_low"]) == (among["probability"], among["p_low"])


def test_the_decision_is_on_three_outcomes_at_prices_of_one_book(
    desk: Desk, bundle: AnyBundle, facts: Loaded, asked: pl.DataFrame
) -> None:
    made = records(facts, bundle, asked, BettingPolicy(), desk.clock)
    for record in made:
        low, said = (cast("dict[str, float]", record[name]) for name in ("p_low", "probability"))
        odds = cast("dict[str, float] | None", record["market_odds"])
        assert record["target"] == "1x2"
        assert low.keys() == said.keys() == {"home", "draw", "away"}
        assert all(0.0 < low[name] < said[name] for name in said)
        assert odds is not None
        edges = {name: low[name] * odds[name] - 1.0 for name in said}
        assert record["edge"] == pytest.approx(max(edges.values()))
        assert record["side"] == max(edges, key=edges.__getitem__)
    assert len({record["side"] for record in made}) > 1


def test_the_low_chances_are_quantiles_over_the_refits_of_both(bundle: AnyBundle, desk: Desk) -> None:
    assert isinstance(bundle, ThreeWayBundle)
    X = examples(desk.settings, "soccer", "none").frame.X[-5:]
    low = bundle.chances_low(X, 0.05)
    d, q = bundle.draw.refitted(X, 0.05), bundle.winner.refitted(X, 0.05)
    for name, drawn in (("home", q * (1.0 - d)), ("draw", d), ("away", (1.0 - q) * (1.0 - d))):
        np.testing.assert_allclose(low[name], np.quantile(drawn, 0.05, axis=1), rtol=1e-12)
    np.testing.assert_allclose(low["draw"], bundle.draw.p_low(X, 0.05)[0], rtol=1e-9)


def test_stored_and_read_again_it_is_the_same_and_a_changed_byte_is_refused(
    desk: Desk, trained: Trained, bundle: AnyBundle, tmp_path: Path
) -> None:
    assert (trained.name, bundle.digest) == ("soccer.1x2.none", trained.digest)
    assert trained.manifest.families == tuple(f"{part}/{name}" for part in ("draw", "winner") for name in FAMILIES)
    folder = tmp_path / trained.digest
    shutil.copytree(desk.settings.bundles / trained.digest, folder)
    spoilt = (folder / PARTS).read_bytes().replace(b'"sequence":1', b'"sequence":2', 1)
    (folder / PARTS).write_bytes(spoilt)
    with pytest.raises(ModelError, match=r"parts\.json is missing or was changed"):
        load_bundle(tmp_path, trained.digest, lock=None)


def test_two_halves_that_were_not_trained_together_are_no_model(bundle: AnyBundle) -> None:
    assert isinstance(bundle, ThreeWayBundle)
    other = replace(bundle.winner, manifest=bundle.winner.manifest.model_copy(update={"batch": 99}))
    with pytest.raises(ModelError, match="differ in batch; train them together"):
        ThreeWayBundle(draw=bundle.draw, winner=other)


def test_both_questions_are_explained_and_sum_to_what_is_served(
    desk: Desk, bundle: AnyBundle, facts: Loaded, asked: pl.DataFrame
) -> None:
    asked = asked.head(1)
    [record] = records(facts, bundle, asked, BettingPolicy(), desk.clock)
    told = explain(desk.settings, facts, bundle, asked)
    assert isinstance(told, ThreeWayExplanation)
    assert told.probability == record["probability"]
    for part in (told.draw, told.winner):
        assert part.base + sum(one.log_odds for one in part.factors) == pytest.approx(part.log_odds, abs=1e-9)
        assert {part.for_whom(one) for one in part.factors} <= set(part.outcomes)
    assert told.draw.outcomes == ("a draw", "a winner")
    head, *rest = told.lines(3)
    assert "draw " in head
    assert [line.split(" ")[2] for line in rest if line.startswith("log-odds")] == ["a", told.winner.sides.home]
    as_json = told.as_json(3)
    shown = ThreeWayExplanationAnswer.model_validate({**as_json, "seal": "0" * 64})
    assert shown.questions["draw"].probability.keys() == {"draw", "decided"}
    assert len(told.plot(3).axes) == 2


def test_each_question_can_be_trained_and_predicted_alone(
    desk: Desk, bundle: AnyBundle, facts: Loaded, asked: pl.DataFrame
) -> None:
    before = desk.newest_season("soccer")
    alone = desk.train("soccer", "none", target="draw", before=before, families=FAMILIES)
    drawn = load_bundle(desk.settings.bundles, alone.digest, lock=lock_of("soccer"), name="soccer.draw.none")
    asked = asked.head(3)
    whole = records(facts, bundle, asked, BettingPolicy(), desk.clock)
    for record, of in zip(records(facts, drawn, asked, BettingPolicy(), desk.clock), whole, strict=True):
        said = cast("dict[str, float]", record["probability"])
        assert said["draw"] == cast("dict[str, float]", of["probability"])["draw"]
        assert (said.keys(), record["market_odds"], record["stake"]) == ({"draw", "decided"}, None, 0.0)
    told = explain(desk.settings, facts, drawn, asked.head(1))
    assert isinstance(told, Explanation)
    assert "a draw" in told.lines(2)[0]


def test_from_the_shell_to_the_api(
    desk: Desk, trained: Trained, asked: pl.DataFrame, judged: ThreeWay, settings: Settings, mlflow_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Registered, predicted and explained by their commands, read over HTTP, and equal when rebuilt from raw bytes."""
    own = get_settings(home=desk.settings.home, mirror=None, database_url=settings.database_url, mlflow_url=mlflow_url)
    over = open_desk(settings=own)
    with pytest.raises(ModelError, match=r"antepost train soccer --target 1x2 --odds none --register"):
        over.predict("soccer", asked.head(1), "none")
    over.register("soccer", trained.digest, judged)
    for name, value in (("HOME", own.home), ("DATABASE_URL", own.database_url), ("MLFLOW_URL", mlflow_url)):
        monkeypatch.setenv(f"ANTEPOST_{name}", str(value))

    def shell(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    day = ("--date", str(asked["as_of"].max().date()), "--odds", "none")  # pyright: ignore[reportOptionalMemberAccess]
    made = json.loads(shell("predict", "soccer", *day, "--json"))["predictions"]
    assert {record["target"] for record in made} == {"1x2"}
    assert "1x2, set none" in shell("predict", "soccer", *day)
    [first, *_] = made
    assert "a draw" in shell("explain", "soccer", first["fixture"])
    assert over.rebuild(over.prediction(first["hash"])).to_the_bit
    with serve_for_a_moment(over) as url, httpx.Client(base_url=url, timeout=20) as api:
        listed = api.get("/api/v1/predictions", params={"sport": "soccer", "target": "1x2"}).json()
        assert {record["hash"] for record in listed["predictions"]} == {record["hash"] for record in made}
        assert api.get("/api/v1/predictions", params={"target": "draw"}).json()["predictions"] == []
        assert api.get("/api/v1/predictions", params={"target": "spread"}).status_code == 422
        why = api.get(f"/api/v1/explanations/{first['fixture']}").json()
    assert why["probability"] == first["probability"]
    assert set(why["questions"]) == {"draw", "winner"}


def test_a_side_that_has_not_played_is_named_with_its_game(desk: Desk, bundle: AnyBundle, facts: Loaded) -> None:
    """It was row 0 of a matrix that nobody sees."""
    rows = examples(desk.settings, "soccer", "none")
    unrated = np.isnan(rows.elo_p) & (rows.frame.season == desk.newest_season("soccer"))
    name = rows.frame.fixture[int(np.flatnonzero(unrated)[0])]
    alone = desk.at_kickoff("soccer", season=desk.newest_season("soccer")).filter(pl.col("fixture") == name)
    with pytest.raises(ModelError, match=f"{name} is not predicted: family 'elo' .* has not played"):
        records(facts, bundle, alone, BettingPolicy(), desk.clock)


def test_the_report_is_one_page_on_all_three_outcomes_and_on_both_questions(
    desk: Desk, judged: ThreeWay, tmp_path: Path
) -> None:
    found = three_way_put_together(desk.settings, judged, learning=False)
    page = found.save(tmp_path).read_text()
    assert page.startswith("<!doctype html>")
    assert page.count("<html") == 1
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert "nan" not in re.sub(r"data:image[^\"]+", "", page).casefold().replace("finance", "")
    shown = judged.figures()
    for said in (f"{shown['log_loss']:.4f}", f"{shown['rps']:.4f}", found.command, "First question", "Second question"):
        assert said in page
    assert found.winner.evaluation.n == (judged.came != 1).sum()
    told = found.as_json()
    assert told["G"] == shown["G"]
    card = found.save_card(tmp_path).read_text()
    assert (tmp_path / "soccer-1x2-none.md").exists()
    assert all(name in card for name in ("# soccer.1x2.none", "# soccer.draw.none", "# soccer.winner.none"))


def test_a_sport_without_prices_has_no_report(desk: Desk) -> None:
    with pytest.raises(DataError, match="no prices of wnba are at hand; antepost evaluate wnba"):
        desk.report("wnba", 2020)


def test_a_bundle_knows_nothing_of_the_games_it_is_asked_of(desk: Desk, bundle: AnyBundle, facts: Loaded) -> None:
    early = desk.at_kickoff("soccer", season=desk.newest_season("soccer") - 1).head(1)
    with pytest.raises(LeakageError, match=r"soccer\.1x2\.none is trained through"):
        records(facts, bundle, early, BettingPolicy(), desk.clock)


def test_a_sport_without_draws_has_no_such_target(desk: Desk) -> None:
    with pytest.raises(DataError, match=r"nba has no target '1x2'.*moneyline.*winner"):
        desk.evaluate_three_way("nba", 2023)
    with pytest.raises(DataError, match="nba has no target 'draw'"):
        desk.train("nba", "none", target="draw")
    with pytest.raises(PolicyError, match="tuned through 2013"):
        desk.evaluate_three_way("soccer", 2013)


def test_chances_are_put_together_by_hand() -> None:
    np.testing.assert_allclose(compose(np.array([0.2]), np.array([0.75])), [[0.6, 0.2, 0.2]])
