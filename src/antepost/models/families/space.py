"""What may be searched among a family's settings: ranges and choices, declared beside the family as its ``SPACE``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Parameter = bool | int | float | str


class Draw(Protocol):
    """What suggests a value: a trial of Optuna."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """Return a number in [low, high]."""
        ...

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """Return a whole number in [low, high]."""
        ...

    def suggest_categorical(self, name: str, choices: Sequence[Parameter]) -> Parameter:
        """Return one of the choices."""
        ...


@dataclass(frozen=True, slots=True)
class Real:
    """A number between two, both included; ``log`` where only its order of magnitude matters much."""

    low: float
    high: float
    log: bool = False

    def draw(self, name: str, present: Parameter, trial: Draw) -> float:
        """Return a value of four significant digits; the range reaches as far as the ``present`` one."""
        low, high = min(self.low, float(present)), max(self.high, float(present))
        return float(f"{trial.suggest_float(name, low, high, log=self.log):.4g}")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two, both included."""

    low: int
    high: int
    log: bool = False

    def draw(self, name: str, present: Parameter, trial: Draw) -> int:
        """Return a value; the range reaches as far as the ``present`` one."""
        return trial.suggest_int(name, min(self.low, int(present)), max(self.high, int(present)), log=self.log)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few."""

    choices: tuple[Parameter, ...]

    def draw(self, name: str, present: Parameter, trial: Draw) -> Parameter:
        """Return one of them, of which the ``present`` one is always one."""
        # Optuna knows a choice by its place, so a stranger comes last.
        others = () if present in self.choices else (present,)
        return trial.suggest_categorical(name, (*self.choices, *others))


type Space = Mapping[str, Real | Whole | OneOf]
