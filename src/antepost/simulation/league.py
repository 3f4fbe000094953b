"""An invented NFL whose true chances are known: a world to run the whole path in.

Teams have a strength in points that drifts by the week and falls back towards the middle between seasons;
quarterbacks differ and get hurt. A bookmaker sees each true chance through some noise and asks a margin. The
bytes have the layout of nflverse's games file. One seed always gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import NamedTuple

from antepost.simulation.calendar import Meeting, play_off_slot, regular_season, seeds
from antepost.simulation.market import Chance, closing_prices, opening_prices, view
from antepost.sports.nfl import NFL

SEED = 20060907
SEASONS: Sequence[int] = range(2006, 2024)

HOME_ADVANTAGE = 2.2
MARGIN_SPREAD = 12.5
TOTAL_MEAN, TOTAL_SPREAD = 44.0, 10.0
STILL_TIED = 0.08
HURT_A_WEEK, WEEKS_OUT = 0.025, 5

COLUMNS = (
    "game_id", "season", "game_type", "week", "gameday", "gametime", "away_team", "away_score",
    "home_team", "home_score", "location", "overtime", "away_moneyline", "home_moneyline",
    "spread_line", "away_spread_odds", "home_spread_odds", "total_line", "under_odds", "over_odds",
    "roof", "surface", "temp", "wind", "away_qb_id", "home_qb_id", "away_qb_name", "home_qb_name",
    "referee", "stadium_id", "stadium",
)  # fmt: skip

OPENINGS = ("game_id", "season", "home_moneyline", "away_moneyline")

type Row = dict[str, object]


class _Known(NamedTuple):
    """What nobody is told of a game: the home side's true chance, and the edge as the bookmaker sees it."""

    chance: float
    seen: float
    usual: float


@dataclass(slots=True, kw_only=True)
class _Passer:
    """A quarterback and what he is worth in points a game."""

    player: str
    name: str
    worth: float


@dataclass(slots=True, kw_only=True)
class _Team:
    """What is true of a team now; its ground and conference never change."""

    code: str
    strength: float
    roof: str
    surface: str
    starter: _Passer
    backup: _Passer
    weeks_out: int = 0

    @property
    def passer(self) -> _Passer:
        return self.backup if self.weeks_out else self.starter

    @property
    def rating(self) -> float:
        return self.strength + self.passer.worth


@dataclass(slots=True, kw_only=True)
class _World:
    """The league at a moment, and the dice that move it on."""

    dice: Random
    teams: dict[str, _Team] = field(default_factory=dict[str, _Team])
    passers: int = 0

    def recruit(self, worth: float) -> _Passer:
        """Return a new quarterback; ids count up and never come back."""
        self.passers += 1
        return _Passer(player=f"99-{self.passers:07d}", name=f"Passer {self.passers}", worth=worth)

    def found(self) -> None:
        """Found every team."""
        for code in NFL.teams:
            roof = self.dice.choices(("outdoors", "dome", "closed", "open"), (23, 5, 3, 1))[0]
            self.teams[code] = _Team(
                code=code,
                strength=self.dice.gauss(0.0, 3.4),
                roof=roof,
                surface="grass" if roof == "outdoors" and self.dice.random() < 0.7 else "fieldturf",
                starter=self.recruit(self.dice.gauss(0.0, 2.0)),
                backup=self.recruit(self.dice.gauss(-4.0, 1.0)),
            )

    def new_season(self) -> None:
        """Let every team fall back towards the middle; one in six changes its quarterback."""
        for team in self.teams.values():
            team.strength = 0.6 * team.strength + self.dice.gauss(0.0, 2.7)
            team.weeks_out = 0
            if self.dice.random() < 1 / 6:
                team.starter = self.recruit(self.dice.gauss(0.0, 2.0))

    def new_week(self) -> None:
        """Let strength drift, the hurt heal and others get hurt."""
        for team in self.teams.values():
            team.strength += self.dice.gauss(0.0, 0.55)
            team.weeks_out = max(0, team.weeks_out - 1)
            if not team.weeks_out and self.dice.random() < HURT_A_WEEK:
                team.weeks_out = self.dice.randint(1, WEEKS_OUT)


def simulate(seed: int, seasons: Sequence[int]) -> bytes:
    """Return the games of the invented league as CSV bytes in the layout of nflverse's file."""
    text = io.StringIO()
    writer: csv.DictWriter[str] = csv.DictWriter(text, fieldnames=COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row, _ in _games(seed, seasons))
    return text.getvalue().encode()


def openings(seed: int, seasons: Sequence[int]) -> bytes:
    """Return what the bookmaker offered on the same games at first, as CSV bytes; nflverse's file has the close."""
    text = io.StringIO()
    writer: csv.DictWriter[str] = csv.DictWriter(text, fieldnames=OPENINGS, lineterminator="\n")
    writer.writeheader()
    for row, known in _games(seed, seasons):
        # Dice of their own, so that the games stay as they are without openings.
        dice = Random(f"{seed} {row['game_id']}")  # noqa: S311  # an invented league guards no secret
        game = {name: row[name] for name in ("game_id", "season")}
        writer.writerow({**game, **opening_prices(dice, known.seen, known.usual, _law(row))})
    return text.getvalue().encode()


def truth(seed: int, seasons: Sequence[int]) -> dict[str, float]:
    """Return, by game_id, the true chance that the home side wins, given that somebody does."""
    return {str(row["game_id"]): known.chance for row, known in _games(seed, seasons)}


def true_chance(edge: float, *, tie_allowed: bool) -> float:
    """Return the home side's chance to win, given that somebody does, when it is ``edge`` points better.

    The margin is a rounded normal draw; at zero there is overtime, won by the sign of a second draw unless
    the game stays tied.
    """
    win = 1.0 - normal((0.5 - edge) / MARGIN_SPREAD)
    level = normal((0.5 - edge) / MARGIN_SPREAD) - normal((-0.5 - edge) / MARGIN_SPREAD)
    tie = STILL_TIED if tie_allowed else 0.0
    return (win + level * (1.0 - tie) * normal(edge / MARGIN_SPREAD)) / (1.0 - level * tie)


def normal(z: float) -> float:
    """Return the standard normal distribution function at ``z``."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def _games(seed: int, seasons: Sequence[int]) -> Iterator[tuple[Row, _Known]]:
    world = _World(dice=Random(seed))  # noqa: S311  # an invented league guards no secret
    world.found()
    for season in seasons:
        world.new_season()
        wins: dict[str, float] = dict.fromkeys(world.teams, 0.0)
        week = 0
        for meeting in regular_season(world.dice, season):
            if meeting.week != week:
                week = meeting.week
                world.new_week()
            row, known = _play(world, season, meeting)
            wins[meeting.home] += _points(row)
            wins[meeting.away] += 1.0 - _points(row)
            yield row, known
        yield from _play_offs(world, season, week, wins)


def _play_offs(world: _World, season: int, week: int, wins: dict[str, float]) -> Iterator[tuple[Row, _Known]]:
    left = seeds(wins)
    for stage in NFL.stages[1:]:
        world.new_week()
        week += 1
        through: list[list[str]] = []
        for conference, (resting, pairs) in enumerate(_rounds(left)):
            winners = list(resting)
            for number, (home, away) in enumerate(pairs):
                slot = play_off_slot(season, week, stage, home, away, number + 2 * conference)
                row, known = _play(world, season, slot)
                winners.append(home if _points(row) > 0.5 else away)
                yield row, known
            order = left[conference] if stage != "SB" else winners
            through.append(sorted(winners, key=order.index))
        left = through if stage != "CON" else [[through[0][0], through[1][0]]]


def _rounds(left: list[list[str]]) -> Iterator[tuple[list[str], list[tuple[str, str]]]]:
    """Yield, by conference, who rests and who meets whom: of six the best two rest, best against worst."""
    for teams in left:
        resting = teams[:2] if len(teams) == 6 else []
        playing = teams[len(resting) :]
        half = len(playing) // 2
        yield resting, list(zip(playing[:half], reversed(playing[half:]), strict=True))


def _points(row: Row) -> float:
    home, away = int(str(row["home_score"])), int(str(row["away_score"]))
    return 1.0 if home > away else 0.5 if home == away else 0.0


def _play(world: _World, season: int, meeting: Meeting) -> tuple[Row, _Known]:
    """Return the game's row, and what nobody is told of it."""
    dice = world.dice
    home, away = world.teams[meeting.home], world.teams[meeting.away]
    usual = 0.0 if meeting.neutral else HOME_ADVANTAGE
    edge = home.rating - away.rating + usual
    home_score, away_score, overtime = _score(dice, edge, tie_allowed=meeting.stage == "REG")
    outdoors = home.roof in {"outdoors", "open"}
    row: Row = {
        "game_id": f"{season}_{meeting.week:02d}_{meeting.away}_{meeting.home}",
        "season": season,
        "game_type": meeting.stage,
        "week": meeting.week,
        "gameday": meeting.day.isoformat(),
        "gametime": meeting.clock,
        "away_team": meeting.away,
        "away_score": away_score,
        "home_team": meeting.home,
        "home_score": home_score,
        "location": "Neutral" if meeting.neutral else "Home",
        "overtime": int(overtime),
        "roof": home.roof,
        "surface": home.surface,
        "temp": round(dice.gauss(58.0, 16.0)) if outdoors else "",
        "wind": round(abs(dice.gauss(8.0, 5.0))) if outdoors else "",
        "away_qb_id": away.passer.player,
        "home_qb_id": home.passer.player,
        "away_qb_name": away.passer.name,
        "home_qb_name": home.passer.name,
        "referee": f"Referee {dice.randint(1, 17)}",
        "stadium_id": "NEU00" if meeting.neutral else f"{home.code}00",
        "stadium": "Neutral Ground" if meeting.neutral else f"{home.code} Ground",
    }
    seen, chance = view(dice, edge), _law(row)
    row.update(closing_prices(dice, seen, usual, chance, TOTAL_MEAN))
    return row, _Known(chance=chance(edge), seen=seen, usual=usual)


def _law(row: Row) -> Chance:
    return partial(true_chance, tie_allowed=row["game_type"] == "REG")


def _score(dice: Random, edge: float, *, tie_allowed: bool) -> tuple[int, int, bool]:
    margin = math.floor(dice.gauss(edge, MARGIN_SPREAD) + 0.5)
    overtime = margin == 0
    if overtime and not (tie_allowed and dice.random() < STILL_TIED):
        margin = 3 if dice.gauss(edge, MARGIN_SPREAD) > 0.0 else -3
    total = max(abs(margin), round(dice.gauss(TOTAL_MEAN, TOTAL_SPREAD)))
    loser = (total - abs(margin)) // 2
    winner = loser + abs(margin)
    return (winner, loser, overtime) if margin >= 0 else (loser, winner, overtime)
