"""What a planted fault is, and the names of the proofs that may find it."""

from __future__ import annotations

from dataclasses import dataclass

PLANT = "a planted future changes nothing"
CUT = "history cut at as_of gives the same"
TRACE = "what was corrected leaves no trace"
SHUFFLE = "shuffled arrival gives the same"
ONLINE = "one at a time equals the batch"
INCREMENT = "increments equal a rebuild"
LATE = "late facts equal a rebuild"
MIRROR = "a mirrored fixture keeps its parity"
PAST = "neutral games of the past have no home side"
MOMENTS = "a named moment stays where it was"
SEALED = "a rebuild stops at its load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One fault: in ``file``, the text ``old`` becomes ``new``.

    The proof ``caught_by`` has to break. ``column`` begins the name of a column, or is ``spine``, that it has to
    name. ``moves`` is false for a fault that shows in updates only and leaves a build as it is.
    ``alone`` is the group that is built where the fault is no group's and one is enough. ``world`` is the module whose
    tiny world the prover is given.
    """

    name: str
    file: str
    old: str
    new: str
    caught_by: str
    column: str
    moves: bool = True
    alone: str = ""
    world: str = "tests.worlds"

    @property
    def group(self) -> str:
        """The group that the prover is given, the one in which the fault has to show; empty for all of them."""
        return self.alone or ("" if self.column == "spine" else self.column.partition(".")[0])
