"""One season of an invented sport as arrays: who meets whom and when, what is true of each game, and how it ended."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from antepost.simulation import names, rounds
from antepost.simulation.books import SHARES
from antepost.simulation.descriptions import DESCRIPTIONS, Description
from antepost.simulation.laws import HOME, Flags, Floats, Law, Played, Scoring, Whole
from antepost.simulation.lines import Belief
from antepost.sports import Sport, get_sport

DAY, HOUR, MINUTE = 86_400, 3_600, 60
LISTED, DRAWN = 30 * DAY, 2 * DAY
ISSUED = 8 * HOUR
"""How long before the start the weather is forecast."""
REPORTED = 6 * HOUR
"""How long before the start of the first game that he misses a player is said to be hurt."""
FORESEEN = 0.8
"""The correlation of a forecast with what comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Games:
    """n games of one round or many; sides are numbers of the season, moments are seconds of Unix time."""

    round: Whole
    home: Whole
    away: Whole
    start: Whole
    listed: Whole
    opened: Whole
    stage: str
    neutral: bool
    first: bool

    def __len__(self) -> int:
        return len(self.home)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of n games and nobody is told: edge and level, and the shares of them that are new (n, SHARES).

    ``known`` is the edge as strengths and places have it. ``hurt`` and ``old`` (n, 2) say of each side's best whether
    he is out, and whether that was known at the opening. ``forecast`` and ``wind`` are in usual differences.
    """

    law: Law
    known: Floats
    edge: Floats
    level: Floats
    tempo: Floats
    news: Floats
    pace: Floats
    hurt: Flags
    old: Flags
    forecast: Floats
    wind: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A season: its sides by name and number of foundation, and batches of games that were played one after another."""

    year: int
    sides: tuple[str, ...]
    founded: tuple[int, ...]
    batches: tuple[tuple[Games, Truth, Played], ...]
    dice: np.random.Generator


class League:
    """A league between seasons: who is in it and how strong; ``season`` plays the next one."""

    def __init__(self, sport: str, seed: int) -> None:
        self.sport: Sport = get_sport(sport)
        self.description: Description = DESCRIPTIONS[sport]
        self.seed = seed
        size = self.description.sides
        self._founded = np.arange(size)
        dice = self._dice(0)
        self._strength = dice.normal(0.0, self.description.strength, size)
        self._tempo = dice.normal(0.0, self.description.pace, size)
        self._played = False

    def season(self, year: int) -> Season:
        """Return the season that begins in ``year``, and move on to the next."""
        dice = self._dice(year)
        self._turn_over(dice)
        told = self.description
        turns = told.rounds + (0 if told.draw else len(told.stages))
        path = self._strength + np.cumsum(dice.normal(0.0, told.drift, (turns, told.sides)), axis=0)
        play = _Play(self.sport, told, dice, path, self._tempo, *_injuries(dice, told, turns))
        first_day = int(datetime(year, *told.opens, tzinfo=UTC).timestamp())
        batches = play.tournaments(first_day) if told.draw else play.league(first_day)
        self._strength = path[-1]
        return Season(
            year=year, sides=tuple(self._name(number) for number in self._founded.tolist()),
            founded=tuple(self._founded.tolist()), batches=tuple(batches), dice=dice,
        )  # fmt: skip

    def _dice(self, year: int) -> np.random.Generator:
        # A season's dice are its own, so that a season more does not change those before.
        return np.random.default_rng((self.seed, zlib.crc32(self.sport.name.encode()), year))

    def _name(self, number: int) -> str:
        if self.sport.teams:
            return self.sport.teams[number]
        return names.player(number) if self.sport.sides == "player" else names.side(number)

    def _turn_over(self, dice: np.random.Generator) -> None:
        told = self.description
        fresh = dice.normal(0.0, told.strength * (1.0 - told.keep**2) ** 0.5, told.sides)
        self._strength = told.keep * self._strength + fresh
        if told.new and self._played:
            weakest = np.argsort(self._strength)[: told.new]
            self._founded[weakest] = self._founded.max() + 1 + np.arange(told.new)
            self._strength[weakest] = dice.normal(-told.strength / 2.0, told.strength / 2.0, told.new)
        self._played = True


class _Play:
    """A season that is being played."""

    def __init__(
        self,
        sport: Sport,
        description: Description,
        dice: np.random.Generator,
        path: Floats,
        tempo: Floats,
        hurt: Flags,
        fresh: Flags,
    ) -> None:
        self.sport, self.description, self.dice = sport, description, dice
        self.path, self.tempo, self.hurt, self.fresh = path, tempo, hurt, fresh

    def league(self, first_day: int) -> list[tuple[Games, Truth, Played]]:
        """Return the table's games, then each knock-out round."""
        told = self.description
        pairs = rounds.table(self.dice, told.sides, told.rounds)
        turn = np.repeat(np.arange(told.rounds), told.sides // 2)
        board = np.tile(np.arange(told.sides // 2), told.rounds)
        start = first_day + DAY * (turn * told.days).astype(np.int64) + self._clock(board)
        listed = np.full(len(turn), start.min() - LISTED)
        stage = self.sport.stages[0]
        done = [self._batch(turn, pairs.reshape(-1, 2), start, listed, stage, first=True)]
        if told.through:
            _, _, played = done[0]
            through = self._standing(pairs.reshape(-1, 2), played)[: told.through]
            for number, stage in enumerate(told.stages):
                meeting = rounds.best_against_worst(through[None, :])[0]
                turn = np.full(len(meeting), told.rounds + number)
                day = first_day + DAY * int((told.rounds + number) * told.days)
                start = day + self._clock(np.arange(len(meeting)))
                listed = np.full(len(meeting), self._over(done[-1][0]).max())
                done.append(self._batch(turn, meeting, start, listed, stage, first=True))
                through = rounds.winners(meeting, done[-1][2].outcome == HOME)
        return done

    def tournaments(self, first_day: int) -> list[tuple[Games, Truth, Played]]:
        """Return the rounds of all tournaments of the season: their first rounds, their second and so on."""
        told = self.description
        field = rounds.draws(self.dice, told.sides, told.rounds, told.draw)
        monday = first_day + DAY * (np.arange(told.rounds) * told.days).astype(np.int64)
        listed = np.repeat(monday - DRAWN, told.draw // 2)
        done: list[tuple[Games, Truth, Played]] = []
        for number, stage in enumerate(told.stages):
            pairs = field.reshape(told.rounds, -1, 2)
            count = pairs.shape[1]
            turn, board = np.repeat(np.arange(told.rounds), count), np.tile(np.arange(count), told.rounds)
            start = np.repeat(monday, count) + number * DAY + self._clock(board)
            done.append(self._batch(turn, pairs.reshape(-1, 2), start, listed, stage, first=number == 0))
            over = self._over(done[-1][0]).reshape(told.rounds, -1).max(axis=1)
            listed = np.repeat(over, max(count // 2, 1))
            field = rounds.winners(pairs, (done[-1][2].outcome == HOME).reshape(told.rounds, -1))
        return done

    def _clock(self, board: Whole) -> Whole:
        clocks = np.array(self.description.clocks)
        return HOUR * clocks[board % len(clocks)]

    def _over(self, games: Games) -> Whole:
        return over(games.start, self.sport)

    def _standing(self, pairs: Whole, played: Played) -> Whole:
        points = np.zeros(self.description.sides)
        np.add.at(points, pairs[:, 0], 1.0 - played.outcome / 2.0)
        np.add.at(points, pairs[:, 1], played.outcome / 2.0)
        return np.argsort(-points, kind="stable")

    def _batch(
        self, turn: Whole, pairs: Whole, start: Whole, listed: Whole, stage: str, *, first: bool
    ) -> tuple[Games, Truth, Played]:
        told = self.description
        opening = int(told.opening.total_seconds())
        knocked_out = bool(told.draw) or turn[0] >= told.rounds
        games = Games(
            round=turn, home=pairs[:, 0], away=pairs[:, 1], start=start, listed=listed,
            opened=np.maximum(start - opening, listed + MINUTE), stage=stage, first=first,
            neutral=self.sport.interchangeable or stage == "POST",
        )  # fmt: skip
        law = told.law
        if knocked_out and isinstance(law, Scoring):
            law = replace(law, ties=0.0)
        truth = self._truth(games, law)
        return games, truth, law.play(self.dice, truth.edge, truth.level)

    def _truth(self, games: Games, law: Law) -> Truth:
        told, n = self.description, len(games)
        sides = np.column_stack([games.home, games.away])
        hurt = self.hurt[games.round[:, None], sides]
        old = hurt & ~(self.fresh[games.round[:, None], sides] & games.first)
        strengths = self.path[games.round[:, None], sides]
        known = strengths[:, 0] - strengths[:, 1] + (0.0 if games.neutral else told.home)
        news = self.dice.normal(0.0, told.form / SHARES**0.5, (n, SHARES))
        pace = self.dice.normal(0.0, told.pace / SHARES**0.5, (n, SHARES))
        forecast = self.dice.standard_normal(n)
        wind = FORESEEN * forecast + (1.0 - FORESEEN**2) ** 0.5 * self.dice.standard_normal(n)
        tempo = told.level + (self.tempo[games.home] + self.tempo[games.away])
        level = tempo + pace.sum(axis=1) - told.wind * wind
        edge = known + news.sum(axis=1) - told.worth * (hurt[:, 0] * 1.0 - hurt[:, 1])
        # Nobody scores less than nothing.
        most = np.minimum(law.reach, 0.95 * level) if isinstance(law, Scoring) else law.reach
        return Truth(
            law=law, known=known, edge=np.clip(edge, -most, most), level=level, tempo=tempo, news=news, pace=pace,
            hurt=hurt, old=old, forecast=forecast, wind=wind,
        )  # fmt: skip


def belief(description: Description, truth: Truth, seen: list[int], label: str) -> Belief:
    """Return what a book holds of the games that has seen the shares ``seen`` of what is new, at ``label``.

    At the opening it knows who was hurt before, and of the others how often that happens; at the close it knows who is
    out and has the forecast.
    """
    told, n = description, len(truth.edge)
    left = (SHARES - len(seen)) / SHARES
    edge, level = truth.known + truth.news[:, seen].sum(axis=1), truth.tempo + truth.pace[:, seen].sum(axis=1)
    if label == "open":
        out = np.where(truth.old, 1.0, told.hurt)
        hurt_doubt = told.worth**2 * (out * (1.0 - out)).sum(axis=1)
        wind_doubt = told.wind**2
    else:
        out, hurt_doubt = truth.hurt * 1.0, np.zeros(n)
        level = level - told.wind * FORESEEN * truth.forecast
        wind_doubt = told.wind**2 * (1.0 - FORESEEN**2)
    return Belief(
        edge=edge - told.worth * (out[:, 0] - out[:, 1]),
        edge_doubt=np.sqrt(told.form**2 * left + hurt_doubt),
        level=level,
        level_doubt=np.full(n, (told.pace**2 * left + wind_doubt) ** 0.5),
    )


def over(start: Whole, sport: Sport) -> Whole:
    """Return when a game's result is known."""
    return start + int((sport.duration + timedelta(minutes=30)).total_seconds())


def _injuries(dice: np.random.Generator, told: Description, turns: int) -> tuple[Flags, Flags]:
    """Return of each round and side (turns, sides) whether its best is out, and whether that is new."""
    left = np.zeros(told.sides, dtype=np.int64)
    hurt = np.zeros((turns, told.sides), dtype=np.bool_)
    fresh = np.zeros_like(hurt)
    for turn in range(turns):
        left = np.maximum(left - 1, 0)
        fresh[turn] = (left == 0) & (dice.random(told.sides) < told.hurt)
        left = np.where(fresh[turn], dice.integers(1, told.out + 1, told.sides), left)
        hurt[turn] = left > 0
    return hurt, fresh
