"""What the platform has to know of a sport before any data arrive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from antepost.errors import DataError
from antepost.sports.esports import Draft, Maps
from antepost.sports.periods import Phases, Sets
from antepost.sports.ranking import Ranking
from antepost.sports.ratings import DixonColes, Glicko, Massey, Pi, Strengths, SurfaceElo


@dataclass(frozen=True, slots=True, kw_only=True)
class Elo:
    """Constants of a sport's Elo rating, in rating points."""

    k: float
    home_advantage: float
    season_keep: float
    mean: float
    scale: float = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate of the box score: the sum of ``of`` over the sum of ``per``, both integers in SQL.

    They name the columns of ``team_stats`` (``player_stats`` where players meet), ``points_for`` and
    ``points_against``; the other side's begin with ``opponent_``. A decimal column counts in millionths.
    It is asked over the last games that the sport counts as ``lately``. ``allowed`` says whether the other side's rate
    is one of this side's too: what a defence allows. It is none where both sides of a game have the same, or a side has
    no part in it. ``level`` says that each side's rate counts by itself, not only what one has over the other.
    """

    name: str
    unit: str
    of: str
    per: str = "1"
    allowed: bool = True
    level: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sport:
    """One sport: its calendar, outcomes, prices and rating constants.

    ``leagues`` maps a league's id to its name. ``sides`` says whether teams or players meet, ``interchangeable``
    whether home and away are names only. ``duration`` is the usual time from scheduled start to the end; results
    are taken as known half an hour after it. ``starts_month`` is the month in which a season's year begins.
    ``reference_close`` lists for each league the books whose closing price counts, the best first. ``team_stats``
    and ``player_stats`` are the columns of a box score with their units.

    ``glicko``, ``pi``, ``strengths``, ``dixon_coles``, ``massey`` and ``surface_elo`` are the constants of further
    ratings where the sport has them.
    ``phases`` say how the periods of a game are counted, ``sets`` that they are those of a match, and ``ranking`` how a
    list of the sides is read, where periods and lists are at hand.
    ``lines`` are the markets of which the books of ``reference_close`` tell the line, ``openings`` those of which a
    source tells opening prices, known before the game by its declared rule. Prices without the word are none, however
    early. With the market on who wins among them the sport has the moment and the information set ``open``.

    ``featured`` says that the catalogue of features covers the sport, ``archived`` that real seasons of it are at hand;
    without them features are proven over invented ones only. ``rates`` are what it makes of box scores, over
    as many games as ``lately`` says; ``surfaces`` the kinds of ground it tells apart, ``score`` what a score counts,
    empty where it only says who won. ``starter`` is the role whose holder is announced before the start and matters by
    himself (``rosters`` has it as ``home_<starter>``, ``away_<starter>``). ``rest_horizon`` is how far back rest and
    congestion look. ``dated`` says what a schedule tells of a start: the ``clock``, in some seasons at least, the
    ``day``, or the ``tournament`` from which the day is reckoned; ``staged`` whether it tells the ``stages`` apart.
    ``touring`` says that sides play on nights close to each other, several in a row away; ``placed`` that fixtures name
    their ground and ``places`` tells where it is, ``observed`` that the weather is told of games
    that are over. ``standings`` says how the sides of a league are ranked in a season:
    by ``points`` (three for a win) or by the ``share`` of their games won. ``whistled`` are the columns of the box
    score that the announced official decides on whose role among a game's officials is ``referee``.

    ``starter_rates`` are what a starter himself does a game: rates of his rows in ``player_stats``, whose roles are
    ``starter_rows``, the first of them the one that each of his games has; without such rows they are rates of his
    side's box scores in the games that he started. ``designations`` are the words of the report on who may miss a
    game, each with whether he is expected to; ``absences`` is what a side lacks with those who are: ``of`` over their
    rows in ``player_stats`` of the roles ``absence_rows``, as above. ``listed`` says that men are put on a list of the
    inactive and taken off it, as that happens. ``lineups`` weigh who played by his row in ``player_stats``;
    ``batting`` is the order in which ``rosters`` announces who starts (``home_<batting>_1`` and so on).

    ``draft`` says what rosters tell of sides and picks, ``maps`` how maps and series are told apart. ``checkpoint`` is
    the minute at which the leads of matches are compared, 0 where nobody tells them. ``patched`` says that the game
    changes by patches that are told, ``hosted`` that the ``venue`` of a fixture is the event that it belongs to.

    ``score_from`` says how the periods of a game make up its score: by their ``sum``, by how many a side has ``won``,
    or not at all; ``least_periods`` is how many a game that is played out has at least. ``played`` are the first and
    the last day (month, day) of a year's season, in any year at hand; ``pause`` is the longest in which nothing is
    played between them.

    ``teams`` are today's codes where they are a closed list, else empty. A side that the sport's primary source names
    for the first time is a new one, whether it stands there or not. ``relocated`` maps a team's former code to today's.
    """

    name: str
    title: str
    leagues: Mapping[str, str]
    outcomes: tuple[str, ...]
    markets: tuple[str, ...]
    periods: str
    ties: str
    settlement: str
    interchangeable: bool
    timezone: str
    duration: timedelta
    starts_month: int
    stages: tuple[str, ...]
    reference_close: Mapping[str, tuple[str, ...]]
    elo: Elo
    glicko: Glicko | None = None
    pi: Pi | None = None
    strengths: Strengths | None = None
    dixon_coles: DixonColes | None = None
    massey: Massey | None = None
    surface_elo: SurfaceElo | None = None
    phases: Phases | None = None
    sets: Sets | None = None
    ranking: Ranking | None = None
    lines: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    sides: Literal["team", "player"] = "team"
    dated: Literal["clock", "day", "tournament"] = "clock"
    staged: bool = True
    touring: bool = False
    placed: bool = False
    whistled: tuple[str, ...] = ()
    referee: str = "referee"
    standings: Literal["points", "share"] | None = None
    draft: Draft | None = None
    maps: Maps | None = None
    checkpoint: int = 0
    patched: bool = False
    hosted: bool = False
    featured: bool = False
    archived: bool = True
    rates: tuple[Rate, ...] = ()
    lately: int = 10
    surfaces: tuple[str, ...] = ()
    score: str = "points"
    starter: str = ""
    starter_rates: tuple[Rate, ...] = ()
    starter_rows: tuple[str, ...] = ()
    designations: Mapping[str, bool] = field(default_factory=dict[str, bool])
    absences: tuple[Rate, ...] = ()
    absence_rows: tuple[str, ...] = ()
    listed: bool = False
    observed: bool = False
    lineups: tuple[Rate, ...] = ()
    batting: str = ""
    rest_horizon: timedelta = timedelta(days=28)
    score_from: Literal["sum", "won"] | None = None
    least_periods: int = 1
    played: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (12, 31))
    pause: timedelta = timedelta(days=7)
    teams: tuple[str, ...] = ()
    relocated: Mapping[str, str] = field(default_factory=dict[str, str])
    team_stats: Mapping[str, str] = field(default_factory=dict[str, str])
    player_stats: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def box(self) -> str:
        """The table that holds the box scores of the two sides."""
        return "player_stats" if self.sides == "player" else "team_stats"

    @property
    def winner(self) -> str:
        """What the market on who wins is called: 1x2 where a draw can be bet on.

        >>> from antepost.sports import NFL, SOCCER
        >>> NFL.winner, SOCCER.winner
        ('moneyline', '1x2')
        """
        return "1x2" if "1x2" in self.markets else "moneyline"

    @property
    def targets(self) -> tuple[str, ...]:
        """What can be forecast of a game: who wins, and where a draw can be bet on, whether it is drawn and all three.

        >>> from antepost.sports import NFL, SOCCER
        >>> NFL.targets, SOCCER.targets
        (('winner',), ('winner', 'draw', '1x2'))
        """
        return ("winner", "draw", "1x2") if self.winner == "1x2" else ("winner",)

    @property
    def headline(self) -> str:
        """The target that is asked of a game where none is named: what the market on who wins is about.

        >>> from antepost.sports import NFL, SOCCER
        >>> NFL.headline, SOCCER.headline
        ('winner', '1x2')
        """
        return self.targets[-1]

    def check_target(self, target: str) -> str:
        """Return ``target``.

        Raises:
            DataError: this sport's games have no such outcome to forecast.
        """
        if target not in self.targets:
            raise DataError(
                f"{self.name} has no target {target!r}: its market on who wins is {self.winner}; "
                f"choose from {', '.join(self.targets)}",
                sport=self.name,
                target=target,
            )
        return target

    @property
    def opens(self) -> bool:
        """Whether a source tells opening prices on who wins."""
        return self.winner in self.openings

    def box_columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns of the box score that ``rates`` name: those in whole units, and decimals."""
        return _named(self.rates, self.player_stats if self.sides == "player" else self.team_stats)

    def starter_columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns that ``starter_rates`` name: those in whole units, and decimals."""
        return _named(self.starter_rates, self.player_stats if self.starter_rows else self.team_stats)

    def absence_columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns that ``absences`` name: those in whole units, and decimals."""
        return _named(self.absences, self.player_stats)

    def season(self, day: date) -> int:
        """Return the year in which the season of ``day`` begins.

        >>> from antepost.sports.nfl import NFL
        >>> NFL.season(date(2024, 2, 11))
        2023
        """
        return day.year if day.month >= self.starts_month else day.year - 1


def _named(rates: tuple[Rate, ...], units: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns of ``units`` that ``rates`` name: those in whole units, and decimals."""
    named = {name for rate in rates for name in re.findall(r"[a-z_]\w*", f"{rate.of} {rate.per}")}
    used = [name for name in units if name in named or f"opponent_{name}" in named]
    decimal = tuple(name for name in used if units[name] in ("share", "value"))
    return tuple(name for name in used if name not in decimal), decimal
