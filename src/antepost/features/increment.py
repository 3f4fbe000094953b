"""A day's update: fold on from the stored carry where only later facts came, afresh where the past changed."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import STAMPS
from antepost.features.state import State, codes, fold, widened
from antepost.sports import Sport


def extend(group: Group, sport: Sport, state: State, before: Facts, after: Facts) -> State:
    """Return ``state``, which was built from ``before``, brought up to ``after``: to the bit what a rebuild gives."""
    old, new = group.facts(before, sport), group.facts(after, sport)
    compared = [name for name in (*STAMPS, *group.members, *group.values) if name != "batch"]
    added = new.join(old, on=compared, how="anti", nulls_equal=True)
    removed = old.join(new, on=compared, how="anti", nulls_equal=True)
    if added.is_empty() and removed.is_empty():
        return state
    afresh = set(removed["entity"].unique())
    afresh |= _disturbed(added, old, state) if group.carry else set(added["entity"].unique())
    if group.members and afresh:
        return fold(group, new)
    on = fold(group, added.filter(~pl.col("entity").is_in(list(afresh))), state)
    again = fold(group, new.filter(pl.col("entity").is_in(list(afresh))))
    return _merge(group, _without(state, afresh), on, again)


def _disturbed(added: pl.DataFrame, old: pl.DataFrame, state: State) -> set[str]:
    """Return the entities for which an added fact is late, revises an older one, or takes one back.

    Late is also what comes after a fact that the same update brings and that happened no earlier.
    """
    last = pl.DataFrame(
        {"entity": state.folded, "known": state.last[:, 0], "event": state.last[:, 1]},
        schema={"entity": added.schema["entity"], "known": pl.Int64, "event": pl.Int64},
    )
    late = (pl.col("known_at").dt.epoch("us") <= pl.col("known")) | (
        pl.col("event_at").dt.epoch("us") <= pl.col("event")
    )
    late_rows = added.join(last, on="entity").filter(late | ~pl.col("live"))
    revised = added.join(old, on=["entity", "key"], how="semi")
    repeated = added.filter(pl.struct("entity", "key").is_duplicated())
    return {*late_rows["entity"], *revised["entity"], *repeated["entity"], *_overtaken(added)}


def _overtaken(added: pl.DataFrame) -> pl.Series:
    event = pl.col("event_at")
    instants = added.group_by("entity", "known_at").agg(event.min().alias("first"), event.max().alias("last"))
    before = pl.col("last").cum_max().shift(1).over("entity")
    return instants.sort("entity", "known_at").filter(pl.col("first") <= before)["entity"]


def _without(state: State, dropped: set[str]) -> State:
    """Return ``state`` less the rows and carries of the entities in ``dropped`` (never used for member rows)."""
    gone = np.isin(np.array(state.names, dtype=object), list(dropped))
    keep = ~np.repeat(gone, np.diff(state.bounds))
    sizes = np.where(gone, 0, np.diff(state.bounds))
    stay = [i for i, name in enumerate(state.folded) if name not in dropped]
    return State(
        names=state.names,
        bounds=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        known=state.known[keep],
        rows=state.rows[keep],
        folded=tuple(state.folded[i] for i in stay),
        carry=state.carry[stay],
        last=state.last[stay],
    )


def _merge(group: Group, *parts: State) -> State:
    """Return the rows of all ``parts``; where two hold an entity's carry the later part wins."""
    names = tuple(sorted({name for part in parts for name in part.names}))
    carries = [widened(group, part, names) if group.members else part.carry for part in parts]
    entity = np.concatenate(
        [np.repeat(codes(pl.Series(part.names, dtype=pl.String), names), np.diff(part.bounds)) for part in parts]
    )
    known = np.concatenate([part.known for part in parts])
    order = np.lexsort((known, entity))
    newest = {name: (part, i) for part, held in enumerate(parts) for i, name in enumerate(held.folded)}
    chosen = [newest[name] for name in sorted(newest)]
    return State(
        names=names,
        bounds=np.searchsorted(entity[order], np.arange(len(names) + 1)).astype(np.int64),
        known=known[order],
        rows=np.concatenate([part.rows for part in parts])[order],
        folded=tuple(sorted(newest)),
        carry=np.stack([carries[part][i] for part, i in chosen]),
        last=np.stack([parts[part].last[i] for part, i in chosen]),
    )
