"""A batch of games as frames: what anybody could see of them, and what is kept for judges."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from antepost.simulation import names, props, ticks
from antepost.simulation.books import Book, books_of, quotes, two_way
from antepost.simulation.descriptions import DESCRIPTIONS
from antepost.simulation.laws import NOT_PLAYED, Flags, Floats, Played, Scoring, Whole
from antepost.simulation.lines import Lines, lines_of
from antepost.simulation.races import Duel, Race
from antepost.simulation.season import (
    FORESEEN,
    ISSUED,
    MINUTE,
    REPORTED,
    Games,
    League,
    Season,
    Truth,
    belief,
    over,
)  # fmt: skip

LABELS = ("open", "close")
OUTCOMES = ("home", "draw", "away")
_WIND, _TEMPERATURE = (9.0, 4.0), (58.0, 22.0, 6.0)
_HOTTEST_DAY, _YEAR = 200, 365.25

type Frames = dict[str, pl.DataFrame]


def tables_of(sport: str) -> tuple[str, ...]:
    """Return what tables the invented ``sport`` has, in the order in which they are written."""
    told = DESCRIPTIONS[sport]
    in_periods = isinstance(told.law, Scoring) or (isinstance(told.law, Race) and told.law.points > 0)
    there = {
        "games": True, "prices": True, "injuries": True, "periods": in_periods, "stats": told.stats,
        "weather": told.wind, "props": told.props, "players": told.props, "minutes": isinstance(told.law, Duel),
        "rounds": sport == "cs2",
    }  # fmt: skip
    return tuple(name for name, has in there.items() if has)


class Batch:
    """Games that were played at one time of a season, as frames."""

    def __init__(
        self, league: League, season: Season, games: Games, truth: Truth, played: Played, fixtures: pl.Series
    ) -> None:
        self.sport, self.told, self.season = league.sport, league.description, season
        self.games, self.truth, self.played, self.fixtures = games, truth, played, fixtures
        self.dice = season.dice
        self.books = books_of(self.sport.name, self.told.league)
        self.sides = pl.Series(season.sides)
        self.founded = np.array(season.founded)

    def frames(self) -> Frames:
        """Return every table of the batch, and of the truth what comes with them: ``live`` and ``prop_truth``.

        Moments are seconds of Unix time, and what a book does not offer is NaN.
        """
        found: Frames = {"games": self._games(), "prices": self._prices(), "injuries": self._injuries()}
        makers: Mapping[str, Callable[[], Frames]] = {
            "periods": lambda: {"periods": self._periods()},
            "stats": lambda: {"stats": self._stats()},
            "weather": lambda: {"weather": self._weather()},
            "props": self._props,
            "minutes": self._minutes,
            "rounds": self._rounds,
        }
        for name in tables_of(self.sport.name):
            if name in makers:
                found |= makers[name]()
        return found

    def chances(self) -> pl.DataFrame:
        """Return the true chances of the batch, for judges only: fixture, home, draw, away."""
        told = self.truth.law.outcomes(self.truth.edge, self.truth.level)
        return pl.DataFrame({"fixture": self.fixtures, **{name: told[:, at] for at, name in enumerate(OUTCOMES)}})

    def _minutes(self) -> Frames:
        told = ticks.minutes(self.dice, self.fixtures, self.games, self.truth, self.played)
        return {"minutes": told.rows, "live": told.truth}

    def _rounds(self) -> Frames:
        told = ticks.map_rounds(self.dice, self.fixtures, self.games, self.truth, self.played)
        return {"rounds": told.rows, "live": told.truth}

    def _games(self) -> pl.DataFrame:
        games, played = self.games, self.played
        home = self._named(games.home)
        return pl.DataFrame(
            {
                "fixture": self.fixtures,
                "league": _all(self.told.league, len(games)),
                "season": [self.season.year] * len(games),
                "stage": _all(games.stage, len(games)),
                "week": games.round + 1,
                "home": home,
                "away": self._named(games.away),
                "neutral": [games.neutral] * len(games),
                "venue": [None] * len(games) if games.neutral else home + " Ground",
                "start": games.start,
                "listed_at": games.listed,
                "ended_at": over(games.start, self.sport),
                "home_score": played.home,
                "away_score": played.away,
                "outcome": np.array(OUTCOMES)[played.outcome],
                "overtime": played.overtime,
            },
            schema_overrides={"venue": pl.String},
        )

    def _prices(self) -> pl.DataFrame:
        lines = lines_of(self.truth.law, self.told.level, self.told.doubt)
        return pl.concat([self._priced(lines, book, label) for book in self.books for label in LABELS])

    def _priced(self, lines: Lines, book: Book, label: str) -> pl.DataFrame:
        held = belief(self.told, self.truth, book.sees(label), label)
        offered = quotes(self.told, lines, held, book.margin, draws="1x2" in self.sport.markets)
        return pl.DataFrame(
            {
                "fixture": self.fixtures,
                "book": _all(book.name, len(self.games)),
                "label": _all(label, len(self.games)),
                "quoted_at": self.games.opened if label == "open" else self.games.start - 1,
                **offered,
            }
        )

    def _injuries(self) -> pl.DataFrame:
        game, side = np.nonzero(self.truth.hurt)
        old = self.truth.old[game, side]
        number = np.column_stack([self.games.home, self.games.away])[game, side]
        # Who was out before is on the list before the opening.
        reported = np.where(old, self.games.opened[game] - MINUTE // 2, self.games.start[game] - REPORTED)
        player, name = self._players(self.founded[number], 0)
        own = self.sport.sides == "player"
        return pl.DataFrame(
            {
                "fixture": self.fixtures.gather(game),
                "team": self._named(number),
                "player": self._named(number) if own else player,
                "name": self._named(number) if own else name,
                "status": _all("questionable" if own else "out", len(game)),
                "reported_at": reported,
            }
        )

    def _periods(self) -> pl.DataFrame:
        played = self.played.periods
        scores = {f"period_{at + 1}": played[:, :, at].T.ravel() for at in range(played.shape[2])}
        both = pl.concat([self.fixtures, self.fixtures])
        sides = pl.concat([_all(side, len(self.games)) for side in ("home", "away")])
        frame = pl.DataFrame({"fixture": both, "side": sides, **scores})
        return frame.with_columns(pl.when(pl.col(name) != NOT_PLAYED).then(name).alias(name) for name in scores)

    def _stats(self) -> pl.DataFrame:
        both: list[pl.DataFrame] = []
        for side, score in (("home", self.played.home), ("away", self.played.away)):
            told = {
                name: score + (self.dice.poisson(mean, len(score)) if mean else 0)
                for name, mean in self.told.stats.items()
            }
            both.append(pl.DataFrame({"fixture": self.fixtures, "side": _all(side, len(score)), **told}))
        return pl.concat(both)

    def _weather(self) -> pl.DataFrame:
        start, n = self.games.start, len(self.games)
        middle, swing, spread = _TEMPERATURE
        usual = middle + swing * np.cos(2.0 * np.pi * (start / 86_400.0 - _HOTTEST_DAY) / _YEAR)
        warm = self.dice.normal(usual, spread)
        wind, gusts = _WIND
        kinds = (
            ("forecast", warm + self.dice.normal(0.0, 2.0, n), FORESEEN * self.truth.forecast, start - ISSUED),
            ("observed", warm, self.truth.wind, over(start, self.sport)),
        )
        frames = [
            pl.DataFrame(
                {
                    "fixture": self.fixtures,
                    "kind": _all(kind, n),
                    "temp": np.round(temp, 1),
                    "wind": np.round(np.maximum(wind + gusts * blows, 0.0), 1),
                    "known_at": known,
                }
            )
            for kind, temp, blows, known in kinds
        ]
        return pl.concat(frames)

    def _props(self) -> Frames:
        told: dict[str, list[pl.DataFrame]] = {"props": [], "players": [], "prop_truth": []}
        sides = (("home", self.games.home), ("away", self.games.away))
        for at, (side, number) in enumerate(sides):
            for place in range(self.told.props):
                # A side's best that is out plays in no game and in no market.
                plays = ~self.truth.hurt[:, at] if place == 0 else np.ones(len(number), dtype=np.bool_)
                for name, frame in self._prop(side, number, place, plays).items():
                    told[name].append(frame)
        return {name: pl.concat(frames) for name, frames in told.items()}

    def _prop(self, side: str, number: Whole, place: int, plays: Flags) -> Frames:
        founded = self.founded[number]
        mean, news = props.usual(founded, place), props.news(self.dice, len(number))
        line = np.floor(mean) + 0.5
        true = props.means(mean, news)
        fixture = self.fixtures.filter(pl.Series(plays))
        player, name = self._players(founded[plays], place)
        quoted = [
            self._quoted_prop(fixture, player, plays, book, label, line, props.over(mean, news, book.sees(label), line))
            for book in self.books
            for label in LABELS
        ]
        who = {"fixture": fixture, "side": _all(side, len(fixture)), "player": player, "name": name}
        truth = {"fixture": fixture, "player": player, "line": line[plays], "over": props.more_than(true, line)[plays]}
        points = self.dice.poisson(true)[plays]
        return {
            "props": pl.concat(quoted),
            "players": pl.DataFrame({**who, "points": points}),
            "prop_truth": pl.DataFrame(truth),
        }

    def _quoted_prop(
        self, fixture: pl.Series, player: pl.Series, plays: Flags, book: Book, label: str, line: Floats,
        over_line: Floats,
    ) -> pl.DataFrame:  # fmt: skip
        at = self.games.opened if label == "open" else self.games.start - 1
        offered = two_way(line, over_line, book.margin, ("line", "over", "under"))
        return pl.DataFrame(
            {
                "fixture": fixture,
                "player": player,
                "market": _all(props.MARKET, len(fixture)),
                "book": _all(book.name, len(fixture)),
                "label": _all(label, len(fixture)),
                "quoted_at": at[plays],
                **{name: told[plays] for name, told in offered.items()},
            }
        )

    def _players(self, founded: Whole, place: int) -> tuple[pl.Series, pl.Series]:
        """Return ids and names of each side's best (``place`` 0) or second."""
        numbers = (10 * founded + place).tolist()
        ids = [f"{self.sport.name}-player-{number}" for number in numbers]
        called = [names.player(number) for number in numbers]
        return pl.Series(ids, dtype=pl.String), pl.Series(called, dtype=pl.String)

    def _named(self, number: Whole) -> pl.Series:
        return self.sides.gather(number)


def _all(value: str, n: int) -> pl.Series:
    return pl.Series([value], dtype=pl.String).new_from_index(0, n)
