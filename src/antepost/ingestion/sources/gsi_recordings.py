"""Dota matches as our own listener received them: every body a tick, and the whole minutes among them.

A recording is laid out as ``domain.recording`` says; a file may also be one body alone, as somebody saved it, which
tells no receipt. Bodies of one match are ordered by (the client's clock, the sequence of receipt), since game seconds
are whole and several bodies share one: the newest in a second stands for it. A body that came twice counts once. What
was not received is not made up: a minute whose second was missed has no row.

Only matches that are fixtures already are taken; the bytes of another are read again once it is one. Who is Radiant is
looked up among the rosters, so that sides are as in every other source.

Source: our own; of the bodies, https://github.com/antonpup/Dota2GSI
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from antepost.domain import recording
from antepost.domain.recording import Received
from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Folder, Parsed, Part, Source, claim
from antepost.ingestion.sources.gsi_bodies import SIDES, TOLD, Body, Row, read_body, roshans_of, state_of
from antepost.ingestion.unpack import zstd_lines
from antepost.sports.dota2 import DOTA2

FOLDER = Folder(path="dota2/gsi", ending=".jsonl.zst")

_ALONE = ("spectator_hero_selection_8216547976", "spectator_in_progress_6081890096")
_RECEIVED = "the receipt; of a body alone, the second after its provider.timestamp (recorded)"
_MAGIC = b"\x28\xb5\x2f\xfd"
# A body is a megabyte at most, and as text within JSON no more than six times that.
_LONGEST_LINE = 6 * 1024 * 1024 + 1024
_LOCAL = "0"
_LEADS = ("gold", "experience")
_BY_MINUTE = (*_LEADS, "last_hits", "denies", "kills", "towers", "barracks", "roshans")
_MOMENT, _COUNT = pl.Datetime("us", "UTC"), pl.Int64()
_TICK: dict[str, pl.DataType] = {
    "fixture": pl.String(), "stream": pl.String(), "sequence": _COUNT, "reported_at": _MOMENT, "received_at": _MOMENT,
    "state": pl.String(), "clock": pl.Int32(), "paused": pl.Boolean(), "winner": pl.String(),
    **dict.fromkeys(TOLD, _COUNT),
}  # fmt: skip
_REFUSED = {"stream": pl.String(), "sequence": _COUNT, "sha256": pl.String(), "reason": pl.String()}


@dataclass(slots=True)
class _Match:
    """A match as far as a recording tells it."""

    hashes: set[str] = field(default_factory=set[str])
    roshans: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    whole: bool = False


@dataclass(slots=True)
class _Read:
    """The ticks of a file in the order of receipt, and what was refused of it."""

    where: str
    stream: str
    ticks: list[Row] = field(default_factory=list[Row])
    refused: list[Row] = field(default_factory=list[Row])
    matches: dict[str, _Match] = field(default_factory=dict[str, _Match])
    count: int = 0

    def take(self, received: Received) -> None:
        """Read one body more."""
        self.count += 1
        sha = hashlib.sha256(received.body.encode()).hexdigest()
        try:
            body = read_body(received.body, f"body {received.sequence} of {self.where}")
            reason = self._fault(body, sha)
            tick = {} if reason else self._tick(body, received)
        except (DataError, OverflowError) as error:
            reason, tick = str(error), {}
        if reason:
            self.refused.append({"stream": self.stream, "sequence": received.sequence, "sha256": sha, "reason": reason})
        else:
            self.ticks.append(tick)

    def _fault(self, body: Body, sha: str) -> str | None:
        if "auth" in body:
            return "a body that holds its auth block, which the listener has to take out"
        if body["map"]["matchid"] == _LOCAL or not body["map"]["matchid"].isdecimal():
            return "a local game, which has no match id"
        match = self.matches.setdefault(body["map"]["matchid"], _Match())
        if sha in match.hashes:
            return "the same body again"
        match.hashes.add(sha)
        return None

    def _tick(self, body: Body, received: Received) -> Row:
        match = self.matches[body["map"]["matchid"]]
        row = state_of(body)
        fallen = roshans_of(body)
        if fallen is not None:
            match.roshans |= fallen
            # Who comes late cannot know of the Roshans before.
            match.whole = match.whole or row["state"] not in {"GAME_IN_PROGRESS", "POST_GAME"}
        counted = {f"{side}_roshans": sum(killer == side for _, killer in match.roshans) for side in SIDES}
        told = counted if match.whole and fallen is not None else dict.fromkeys(counted)
        return {
            "fixture": f"{DOTA2.name}-{body['map']['matchid']}", "stream": self.stream, "sequence": received.sequence,
            "reported_at": _moment(body), "received_at": received.received_at, **row, **told,
        }  # fmt: skip


def parse(data: bytes, part: Part) -> Parsed:
    """Return the ticks of one file, its whole minutes, and who won.

    Raises:
        DataError: the file is cut off, or neither a recording nor a body.
    """
    read = _recorded(data, part) if data.startswith(_MAGIC) else _alone(data, part)
    ticks = pl.DataFrame(read.ticks, schema=_TICK).with_columns(
        pl.lit("pro").alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.min_horizontal("reported_at", "received_at").alias("event_at"),
        pl.lit("second").alias("event_precision"),
    )
    # What belongs to the fixture happens with it; nobody has told yet when that was.
    undated = ticks.with_columns(pl.lit(stamps.UNDATED).alias("event_at"), pl.lit("none").alias("event_precision"))
    tables = {
        "ticks": _claimed(ticks, "ticks"),
        "minute_states": _claimed(_minutes(undated), "minute_states"),
        "results": _claimed(_results(undated), "results"),
    }
    return Parsed(tables=tables, refused=refuse(pl.DataFrame(read.refused, schema=_REFUSED)), games=read.count)


def _recorded(data: bytes, part: Part) -> _Read:
    where = f"the recording {part.name}"
    stream, bodies = recording.opened(zstd_lines(data, where, _LONGEST_LINE), where)
    read = _Read(where=where, stream=stream)
    for received in bodies:
        read.take(received)
    return read


def _alone(data: bytes, part: Part) -> _Read:
    where = f"the body {part.name}"
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise DataError(f"{where} is neither a recording nor UTF-8; fetch it again", at=error.start) from error
    seen = _moment(read_body(text, where)) + timedelta(seconds=1)
    read = _Read(where=where, stream=part.name)
    read.take(Received(sequence=0, received_at=seen, body=text))
    return read


def _moment(body: Body) -> datetime:
    try:
        return datetime.fromtimestamp(body["provider"]["timestamp"], UTC)
    except (ValueError, OSError) as error:
        raise DataError(f"provider.timestamp is no moment ({error})") from error


def _ordered(ticks: pl.DataFrame) -> pl.DataFrame:
    return ticks.sort("fixture", "reported_at", "sequence")


def _minutes(ticks: pl.DataFrame) -> pl.DataFrame:
    """Return both sides at every whole minute that was received; Radiant is called home until the rosters are asked."""
    whole = (pl.col("state") == "GAME_IN_PROGRESS") & (pl.col("clock") >= 0) & (pl.col("clock") % 60 == 0)
    told = pl.any_horizontal(pl.col(TOLD).is_not_null())
    last = _ordered(ticks.filter(whole & told)).unique(["fixture", "clock"], keep="last", maintain_order=True)
    sides = [
        last.with_columns(
            pl.lit(called).alias("side"),
            (pl.col("clock") // 60).alias("minute"),
            *(pl.col(f"{own}_{name}").alias(name) for name in _BY_MINUTE),
            *((pl.col(f"{own}_{name}") - pl.col(f"{other}_{name}")).alias(f"{name}_lead") for name in _LEADS),
        )
        for called, own, other in (("home", *SIDES), ("away", *reversed(SIDES)))
    ]
    return pl.concat(sides).sort("fixture", "minute", "side")


def _results(ticks: pl.DataFrame) -> pl.DataFrame:
    """Return who won, as soon as a body told it."""
    first = _ordered(ticks.filter(pl.col("winner").is_not_null())).unique("fixture", keep="first", maintain_order=True)
    radiant = pl.col("winner") == SIDES[0]
    return first.with_columns(
        pl.lit(SIDES[0]).alias("home"),
        pl.lit(SIDES[1]).alias("away"),
        radiant.cast(pl.Int64).alias("home_score"),
        (~radiant).cast(pl.Int64).alias("away_score"),
        pl.when(radiant).then(pl.lit("home")).otherwise(pl.lit("away")).alias("outcome"),
        pl.lit("regulation").alias("ending"),
        pl.lit(value=False).alias("overtime"),
    )


def _claimed(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    return claim(rows, table, DOTA2.name, pl.col("received_at"), "recorded")


def _parts(_: int) -> tuple[Part, ...]:
    return tuple(Part(name=name, path=f"{FOLDER.path}/{name}.json") for name in _ALONE)


GSI_RECORDINGS = Source(
    name="gsi_recordings",
    sport=DOTA2.name,
    tier="A",
    primary=False,
    parts=_parts,
    terms="our own recordings; the two bodies alone are of lexogrine/dota2-react-hud (MIT) and "
    "Mulloo/dota2-gsi-draft-overlay (no licence stated)",
    cadence="while a match is watched, at most some ten bodies a second",
    parser="gsi-recordings-1",
    parse=parse,
    known_at=dict.fromkeys(("provider", "map", "player", "hero", "buildings", "events"), _RECEIVED),
    named=False,
    own_ids=True,
    home_role="radiant",
    folder=FOLDER,
)
