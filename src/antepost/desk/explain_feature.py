"""One feature from all sides: what it means, how it was distributed, what it rests on, who makes use of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from antepost.desk import frames, tables
from antepost.desk.catalogue import HOWS
from antepost.desk.champion import champion
from antepost.desk.examples import examples
from antepost.desk.html import page
from antepost.errors import DataError, ModelError
from antepost.features import Feature, features_of, groups_of, sets_of
from antepost.features.declaration import Column, Group
from antepost.features.drift import by_season, seasons_told
from antepost.features.page import sources
from antepost.lake.batches import loaded_sports
from antepost.models import Bundle
from antepost.models.frame import UNDECIDED
from antepost.models.importance import permutation_importance
from antepost.settings import Settings
from antepost.sports import get_sport

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS = 2_000
"""On how many of the newest finished games a champion is asked what it relies on."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FeatureExplanation:
    """What is to be said of one feature over this home's facts, each fixture as of its close.

    ``seasons`` is ``features.drift.by_season``. ``rests_on`` has the tables that the group takes its facts from, the
    rows that this home holds of each, and the shares of their ``known_how``: of the tables, since a fact does not tell
    which of their rows it was made of. ``importance`` has a row for each champion that learns from the feature: set,
    bundle, games (the newest it is asked about, which it has learnt from), rise (of the log-loss in nats a game once
    the feature's values are shuffled among them), spread (sd over the shuffles), rank among its columns.
    ``unimportant`` says by set why there is none.
    """

    feature: Feature
    group: Group
    column: Column
    simulated: bool
    seasons: pl.DataFrame
    rests_on: pl.DataFrame
    importance: pl.DataFrame
    unimportant: dict[str, str]

    @property
    def name(self) -> str:
        """The feature's name."""
        return self.feature.name

    @property
    def drifted(self) -> list[int]:
        """The seasons that differ from those before by more than chance would have it in one of twenty."""
        return self.seasons.filter(pl.col("drift") > pl.col("by_chance"))["season"].to_list()

    @property
    def told(self) -> str:
        """In which seasons at hand it has values, in words."""
        return seasons_told(self.seasons)

    def definition(self) -> dict[str, str]:
        """Return what the catalogue says of it."""
        told = self.feature
        return {
            "name": told.name, "sport": told.sport, "group": f"{told.group}, version {self.group.version}",
            "of": ", ".join(role.replace("_", " ") for role in self.group.roles), "unit": told.unit,
            "formula": self.column.formula, "null": self.column.null.removeprefix("null "),
            "from": told.moment + (" (holds a price)" if self.column.price else ""), "parity": told.parity,
            "fed by": "real seasons" if told.real and not self.simulated else "invented seasons", "hash": told.hash,
        }  # fmt: skip

    def lines(self) -> list[str]:
        """Return it in a few lines of text, the tables left out."""
        flagged = ["SIMULATED facts"] if self.simulated else []
        told = [f"{what}: {text}" for what, text in self.definition().items() if what not in ("name", "sport")]
        told.append(f"values: {self.told}")
        drifted = ", ".join(map(str, self.drifted)) or "none"
        told.append(f"drift: {drifted} of {self.seasons.height} seasons differ from those before (Kolmogorov-Smirnov)")
        told += [f"importance in set {set_}: {why}" for set_, why in self.unimportant.items()]
        return [f"{self.name} of {self.feature.sport}", *flagged, *told]

    def plot(self) -> Figure:
        """Return the picture: quantiles, coverage and drift by season."""
        from antepost.desk.plots import feature_figure

        return feature_figure(self)

    def save_plot(self, path: Path) -> Path:
        """Write the picture as a PNG and return its path."""
        from antepost.desk.plots import save

        return save(self.plot(), path)

    def as_json(self) -> dict[str, object]:
        """Return everything but the picture, as ``features explain --json`` prints it."""
        return {
            **self.definition(), "simulated": self.simulated, "values": self.told, "drifted": self.drifted,
            "seasons": self.seasons.to_dicts(), "known_how_of": "all rows of the group's source tables",
            "rests_on": self.rests_on.to_dicts(), "importance": self.importance.to_dicts() or None,
            "unimportant": self.unimportant,
        }  # fmt: skip

    def _frames(self) -> Iterator[pl.DataFrame]:
        yield self.seasons
        yield self.rests_on
        if self.importance.height:
            yield self.importance

    def __repr__(self) -> str:
        with pl.Config(tbl_rows=60, tbl_cols=20, tbl_width_chars=160, tbl_hide_dataframe_shape=True, float_precision=3):
            return "\n".join([*self.lines(), *(str(frame) for frame in self._frames())])

    def _repr_html_(self) -> str:
        head, *rest = self.lines()
        return page(head, rest, self._frames())


def explain_feature(
    settings: Settings, name: str, sport: str | None = None, *, importance: bool = True
) -> FeatureExplanation:
    """Return what is to be said of the feature ``name``; ``sport`` may be left out where one sport at hand has it.

    ``importance`` asks the registered champions, which starts MLflow.

    Raises:
        DataError: no such feature or sport, several sports at hand have it, or nothing was loaded.
    """
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # a notebook has no checker
        raise DataError(f"the name of a feature is a text, as 'form.margin.10.home', and {name!r} is none")
    sport = _sport(settings, name) if sport is None else sport
    about = get_sport(sport)
    told = {feature.name: feature for feature in features_of(sport)}
    if name not in told:
        raise DataError(f"{sport} has no feature {name!r}; {_near(name, list(told), sport)}", name=name)
    group = next(group for group in groups_of(about) if group.name == told[name].group)
    column = next(column for column in group.columns if column.name == name)
    batch, facts = tables.newest(settings, sport)
    asked = frames.ask(sport, "close", columns=(name,))
    frame = frames.matrix(settings, sport, facts, asked, batch)
    ranked, silent = _importance(settings, sport, name) if importance else ([], {"any": "not asked for"})
    return FeatureExplanation(
        feature=told[name], group=group, column=column, simulated=tables.is_simulated(settings, sport),
        seasons=by_season(frame, name), rests_on=_rests_on(facts, sources(group, about)),
        importance=pl.DataFrame(ranked, schema=_IMPORTANCE, orient="row"), unimportant=silent,
    )  # fmt: skip


_IMPORTANCE = {
    "set": pl.String, "bundle": pl.String, "games": pl.Int64, "rise": pl.Float64, "spread": pl.Float64,
    "rank": pl.Int64, "of": pl.Int64,
}  # fmt: skip


def _sport(settings: Settings, name: str) -> str:
    held = loaded_sports(settings)
    having = [sport for sport in held if name in {feature.name for feature in features_of(sport)}]
    if len(having) == 1:
        return having[0]
    if having:
        raise DataError(f"{name} is a feature of {', '.join(having)}; say of which by sport=", name=name)
    known = [feature.name for sport in held for feature in features_of(sport)]
    raise DataError(
        f"no sport at hand ({', '.join(held) or 'nothing was loaded'}) has a feature {name!r}; "
        f"{_near(name, known, held[0] if held else 'nfl')}",
        name=name,
    )


def _near(name: str, known: list[str], sport: str) -> str:
    near = list(dict.fromkeys(get_close_matches(name, known, n=3, cutoff=0.7)))
    listed = f"antepost features list --sport {sport} names them all"
    return f"did you mean {' or '.join(near)}? {listed}" if near else listed


def _rests_on(facts: tables.Tables, read: tuple[str, ...]) -> pl.DataFrame:
    rows = [
        (table, facts[table].height, *((facts[table]["known_how"] == how).mean() for how in HOWS)) for table in read
    ]
    schema = {"table": pl.String, "rows": pl.Int64, **dict.fromkeys(HOWS, pl.Float64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _importance(settings: Settings, sport: str, name: str) -> tuple[list[tuple[object, ...]], dict[str, str]]:
    """Return what each champion relies on the feature for, and by set why nothing can be said."""
    if not settings.bundles.is_dir():
        return [], {"any": f"no model was trained in this home; antepost train {sport} --register does"}
    ranked: list[tuple[object, ...]] = []
    silent: dict[str, str] = {}
    for set_ in sets_of(sport):
        try:
            bundle = champion(settings, f"{sport}.{get_sport(sport).headline}.{set_}").parts["winner"]
        except ModelError as error:
            silent[set_] = str(error)
            continue
        if name in bundle.manifest.columns:
            ranked.append((set_, *_rank(settings, bundle, sport, set_, name)))
        else:
            silent[set_] = "it may not be seen there, so nobody learns from it"
    return ranked, silent


def _rank(settings: Settings, bundle: Bundle, sport: str, set_: str, name: str) -> tuple[object, ...]:
    rows = examples(settings, sport, set_).frame
    said = np.column_stack([family.score(rows.X) for family in bundle.families.values()])
    # Where a family has no opinion, as Elo on a side's first game, the bundle has none.
    whole = (rows.y != UNDECIDED) & ~np.isnan(said).any(axis=1)
    X, y = rows.X[whole][-ROWS:], rows.y[whole][-ROWS:]
    rise = permutation_importance(bundle, X, y)
    mean, place = rise.mean(axis=0), bundle.manifest.columns.index(name)
    rank = int((mean > mean[place]).sum()) + 1
    return (bundle.digest[:12], len(X), float(mean[place]), float(np.std(rise[:, place])), rank, mean.size)
