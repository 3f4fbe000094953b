"""Why a prediction is what it is: what each feature adds to the served log-odds, in words, the largest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from antepost import features
from antepost.desk.frames import ask, compute, to_matrix
from antepost.desk.html import page
from antepost.desk.predict import Loaded, facts_digest, loaded, refuse_hindsight, richest_set
from antepost.desk.tables import is_simulated, settled
from antepost.desk.tables import load as load_tables
from antepost.errors import DataError
from antepost.features.words import Sides, sentence
from antepost.ingestion.identity import read_map
from antepost.models import load_bundle
from antepost.models.bundle import OUTCOMES
from antepost.models.explain import Attribution, attribute
from antepost.models.store import AnyBundle
from antepost.models.three_way import TARGET as THREE_WAY
from antepost.models.three_way import compose
from antepost.settings import Settings
from antepost.sports import get_sport

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from antepost.desk.desk import Desk

TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """What one feature adds to the log-odds: above 0 it speaks for the first outcome; ``value`` None: unknown."""

    feature: str
    group: str
    words: str
    value: float | None
    unit: str
    log_odds: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Explanation:
    """The parts of one prediction: ``base`` and ``factors`` sum to the log-odds of ``probability``.

    It is the home side's or, of target ``draw``, that of a draw. ``factors`` holds every column of the bundle, the
    largest first, ``families`` what each family adds. ``seal`` is the hash of the sealed record that is explained, None
    where nothing was sealed. How the parts are reckoned, and what they are not, stands in ``models.explain``.
    """

    sport: str
    fixture: str
    sides: Sides
    start: datetime
    as_of: datetime
    target: str
    set: str
    bundle: str
    seal: str | None
    simulated: bool
    probability: float
    base: float
    factors: tuple[Factor, ...]
    families: Mapping[str, float]

    @property
    def log_odds(self) -> float:
        """The log-odds of the first outcome as they were served."""
        return float(np.log(self.probability) - np.log1p(-self.probability))

    def top(self, n: int = TOP) -> tuple[Factor, ...]:
        """Return the ``n`` factors that say most, for either side."""
        return self.factors[:n]

    def for_whom(self, factor: Factor) -> str:
        """Return the outcome that a factor speaks for."""
        return self.outcomes[0] if factor.log_odds >= 0.0 else self.outcomes[1]

    @property
    def outcomes(self) -> tuple[str, str]:
        """What the two outcomes are called: the sides, or a draw and none."""
        return (self.sides.home, self.sides.away) if self.target == "winner" else ("a draw", "a winner")

    def lines(self, n: int = TOP) -> list[str]:
        """Return it in a few lines of text."""
        (one, _), home, away = self.outcomes, self.sides.home, self.sides.away
        flagged = " · SIMULATED" if self.simulated else ""
        rest = sum(factor.log_odds for factor in self.factors[n:])
        chance, other, moment = self.probability, 1.0 - self.probability, f"{self.as_of:%Y-%m-%d %H:%M}Z"
        said = f"{home} {chance:.1%} against {away} {other:.1%}"
        if self.target != "winner":
            said = f"{home} against {away}, {one} {chance:.1%}"
        return [
            f"{said}, as of {moment}, set {self.set}{flagged}",
            f"log-odds of {one} {self.log_odds:+.3f} = base {self.base:+.3f} + {len(self.factors)} features",
            *(f"{factor.log_odds:+.3f} for {self.for_whom(factor)}: {factor.words}" for factor in self.top(n)),
            f"{rest:+.3f} all {len(self.factors) - len(self.top(n))} others together",
        ]

    def as_json(self, n: int | None = None) -> dict[str, object]:
        """Return everything, or the ``n`` largest factors and the sum of the rest."""
        shown = self.factors if n is None else self.top(n)
        return {
            "sport": self.sport, "fixture": self.fixture, "home": self.sides.home, "away": self.sides.away,
            "start": self.start, "as_of": self.as_of, "set": self.set, "bundle": self.bundle, "seal": self.seal,
            "simulated": self.simulated, "target": self.target,
            "probability": dict(
                zip(OUTCOMES[self.target], (self.probability, 1.0 - self.probability), strict=True)
            ),
            "log_odds": self.log_odds, "base": self.base, "families": dict(self.families),
            "factors": [
                {
                    "feature": one.feature, "group": one.group, "words": one.words, "value": one.value,
                    "unit": one.unit, "log_odds": one.log_odds, "for": self.for_whom(one),
                }
                for one in shown
            ],
            "rest": float(sum(one.log_odds for one in self.factors[len(shown) :])),
        }  # fmt: skip

    def plot(self, n: int = TOP) -> Figure:
        """Return the picture: from the base to the served chance, a bar a factor."""
        from antepost.desk.plots import explanation_figure

        return explanation_figure(self, n)

    def save_plot(self, path: Path, n: int = TOP) -> Path:
        """Write the picture as a PNG and return its path."""
        from antepost.desk.plots import save

        return save(self.plot(n), path)

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        head, *rest = self.lines()
        return page(head, rest, ())


@dataclass(frozen=True, kw_only=True, eq=False)
class ThreeWayExplanation:
    """The parts of a forecast of home, draw and away: why it is or is not drawn, and who wins if it is not."""

    draw: Explanation
    winner: Explanation

    @property
    def probability(self) -> dict[str, float]:
        """The three chances as they were served."""
        home, draw, away = compose(np.array(self.draw.probability), np.array(self.winner.probability)).tolist()
        return {"home": home, "draw": draw, "away": away}

    def lines(self, n: int = TOP) -> list[str]:
        """Return it in a few lines of text."""
        of, chance = self.winner, self.probability
        flagged = " · SIMULATED" if of.simulated else ""
        said = f"{of.sides.home} {chance['home']:.1%}, draw {chance['draw']:.1%}, {of.sides.away} {chance['away']:.1%}"
        return [
            f"{said}, as of {of.as_of:%Y-%m-%d %H:%M}Z, set {of.set}{flagged}",
            *(line for part in (self.draw, self.winner) for line in part.lines(n)[1:]),
        ]

    def as_json(self, n: int | None = None) -> dict[str, object]:
        """Return everything, or the ``n`` largest factors of each question and the sum of the rest."""
        told = {"draw": self.draw.as_json(n), "winner": self.winner.as_json(n)}
        own = ("probability", "log_odds", "base", "families", "factors", "rest")
        return {
            **{name: value for name, value in told["winner"].items() if name not in own},
            "target": THREE_WAY, "probability": self.probability,
            "questions": {part: {name: one[name] for name in own} for part, one in told.items()},
        }  # fmt: skip

    def plot(self, n: int = TOP) -> Figure:
        """Return the picture of both questions, one below the other."""
        from antepost.desk.plots import three_way_explanation

        return three_way_explanation(self, n)

    def save_plot(self, path: Path, n: int = TOP) -> Path:
        """Write the picture as a PNG and return its path."""
        from antepost.desk.plots import save

        return save(self.plot(n), path)

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        head, *rest = self.lines()
        return page(head, rest, ())


type Explained = Explanation | ThreeWayExplanation


def explain(
    settings: Settings,
    facts: Loaded,
    bundle: AnyBundle,
    asked: pl.DataFrame,
    sealed: Mapping[str, object] | None = None,
) -> Explained:
    """Return why ``bundle`` says what it says of the one fixture of ``asked`` (fixture, as_of).

    Raises:
        DataError: the fixture was not on the schedule, or the facts are not those of the ``sealed`` record.
        LeakageError: the bundle has learnt from what was not known at the ``as_of``.
        ModelError: a family cannot be explained, see ``models.explain``.
    """
    manifest = bundle.manifest
    frame = compute(facts.sport, facts.tables, ask(facts.sport, manifest.set, asked, manifest.columns))
    if frame.is_empty():
        name, as_of = asked.row(0)
        raise DataError(f"{name} is not on the schedule of {facts.sport} as of {as_of}", fixture=name)
    refuse_hindsight(bundle, frame)
    X = to_matrix(frame, manifest.columns)
    if sealed is not None and facts_digest(manifest.columns, X[0]) != sealed["facts"]:
        raise DataError(
            f"the facts of {sealed['fixture']} are not those it was sealed on; antepost rebuild {sealed['hash']} "
            "says where they differ",
            hash=sealed["hash"],
        )
    row = frame.row(0, named=True)
    entities = settled(settings, facts.sport, ("entities",), facts.batch)["entities"]
    called = names_of(facts.sport, entities, (row["home"], row["away"]))
    sides = Sides(home=called[row["home"]], away=called[row["away"]])
    parts: dict[str, Explanation] = {}
    for target, part in bundle.parts.items():
        found = attribute(part, X)
        parts[target] = Explanation(
            sport=facts.sport, fixture=str(row["fixture"]), sides=sides, start=cast("datetime", row["start"]),
            as_of=cast("datetime", row["as_of"]), target=target, set=manifest.set, bundle=bundle.digest,
            seal=None if sealed is None else str(sealed["hash"]), simulated=facts.simulated,
            probability=float(part.predict(X)[0]), base=found.base,
            factors=told(facts.sport, manifest.columns, X[0], found, sides),
            families=dict(zip(part.manifest.families, found.families[0].tolist(), strict=True)),
        )  # fmt: skip
    return ThreeWayExplanation(**parts) if len(parts) > 1 else next(iter(parts.values()))


def explain_fixture(
    desk: Desk, sport: str, fixture: str, set: str | None, target: str | None = None  # noqa: A002
) -> Explained:  # fmt: skip
    """Return why a prediction is what it is; ``fixture`` is a fixture, or the hash of a seal or its beginning.

    The newest seal of the fixture is explained, in ``set`` and of ``target`` where they are named. Where none was set,
    it is what the champion of ``set``, by default of the prices that are there, and of ``target``, by default the
    sport's headline, says as of kick-off or now; nothing is sealed.

    Raises:
        DataError: there is no such fixture, target or seal, or its facts have changed.
        ModelError: no champion stands, or its bundle was made before explanations.
        LeakageError: the champion has learnt from what was not known at kick-off.
    """
    from antepost.desk.champion import champion

    if re.fullmatch("[0-9a-f]{4,64}", fixture):
        return explain_sealed(desk.settings, desk.prediction(fixture))
    about = get_sport(sport)
    wanted = about.check_target(about.headline if target is None else target)
    sealed = desk.predictions(sport, set, fixture, limit=1, target=target)
    if sealed:
        return explain_sealed(desk.settings, sealed[0])
    now = pl.lit(desk.clock.now()).cast(pl.Datetime("us", "UTC"))
    asked = desk.fixtures(sport).filter(pl.col("fixture") == fixture)
    asked = asked.select("fixture", pl.min_horizontal("event_at", now).alias("as_of"))
    if asked.is_empty():
        raise DataError(f"{sport} has no fixture {fixture!r}; list them with desk.fixtures({sport!r})")
    facts = loaded(desk.settings, sport)
    name = set or next(iter(richest_set(facts, asked, wanted)))
    return explain(desk.settings, facts, champion(desk.settings, f"{sport}.{wanted}.{name}"), asked)


def explain_sealed(settings: Settings, record: Mapping[str, object]) -> Explained:
    """Return why a sealed prediction is what it is, from the facts and the bundle that it names.

    Raises:
        DataError: the facts are not those it was sealed on.
        ModelError: its bundle is missing or was changed, or cannot be explained.
    """
    sport, batch = str(record["sport"]), int(str(record["batch"]))
    bundle = load_bundle(settings.bundles, str(record["bundle"]), lock=features.lock_of(sport))
    facts = Loaded(
        sport=sport, tables=load_tables(settings, sport, batch), batch=batch, simulated=is_simulated(settings, sport)
    )
    asked = pl.DataFrame(
        {"fixture": [record["fixture"]], "as_of": [datetime.fromisoformat(str(record["as_of"]))]},
        schema={"fixture": pl.String, "as_of": pl.Datetime("us", "UTC")},
    )
    return explain(settings, facts, bundle, asked, record)


def told(
    sport: str, columns: tuple[str, ...], row: np.ndarray, found: Attribution, sides: Sides, at: int = 0
) -> tuple[Factor, ...]:
    """Return the factors of row ``at`` of an attribution, whose values ``row`` (columns,) holds, the largest first."""
    known = {feature.name: feature for feature in features.features_of(sport)}
    parts = found.columns[at]
    return tuple(
        Factor(
            feature=columns[i],
            group=known[columns[i]].group,
            words=sentence(known[columns[i]], float(row[i]), sides),
            value=None if np.isnan(row[i]) else float(row[i]),
            unit=known[columns[i]].unit,
            log_odds=float(parts[i]),
        )
        for i in map(int, np.argsort(-np.abs(parts), kind="stable"))
    )


def names_of(sport: str, entities: pl.DataFrame, sides: Iterable[str]) -> dict[str, str]:
    """Return what a person calls each side: the longest name that any source has for it, else its code.

    Where the sport's own source gives a name in ``entities`` (entity, name), as of tennis players, it is that.
    """
    own = _longest(entities.select("entity", "name").drop_nulls())
    shipped = files("antepost.ingestion") / "names" / f"{sport}.csv"
    others = _longest(read_map(shipped.read_bytes(), str(shipped))) if shipped.is_file() else {}
    return {side: own.get(side, others.get(side, side)) for side in sides}


def _longest(names: pl.DataFrame) -> dict[str, str]:
    """Return the longest name of each entity that is no code."""
    real = names.filter(pl.col("name").str.len_chars() > _CODE).sort(pl.col("name").str.len_chars(), "name")
    return dict(real.select("entity", "name").iter_rows())


# As long as the codes of teams are.
_CODE = 4
