"""Every error the platform raises on purpose.

AntepostError
├── SettingsError        where things are: the person who configured this process
├── EngineError          an embedded engine or a server could not be started or reached
├── SourceError          the outside: a vendor, a mirror, the network
│   ├── SourceAbsent        it answers, and has no such file
│   └── SourceUnreachable   no route at all, as against an answer we did not like
├── DataError            the bytes or rows themselves
│   ├── NamesError       too many names that stand for nobody we know
│   └── LeakageError     a value was asked for before it was known
├── ModelError           a family, a bundle, a registry entry
│   ├── MissingExtra     what a family is fitted by is not installed here
│   └── FamilyDied       the process that was fitting a family ended without an answer
├── PolicyError          what we decided not to do
└── VenueError           an exchange or a bookmaker refused
"""

from __future__ import annotations


class AntepostError(Exception):
    """Base of the tree; ``str`` says what, where and what to do, ``evidence`` holds the values behind it."""

    def __init__(self, message: str, **evidence: object) -> None:
        super().__init__(message)
        self.evidence = evidence


class SettingsError(AntepostError):
    """A setting is missing, contradictory or names something that is not there."""


class EngineError(AntepostError):
    """An engine (Postgres, MLflow) did not start, answer or stop."""


class SourceError(AntepostError):
    """A source gave nothing usable."""


class SourceAbsent(SourceError):
    """A mirror or an upstream has no such file."""


class SourceUnreachable(SourceError):
    """There is no route to a source: no answer came at all."""


class DataError(AntepostError):
    """Bytes or rows break their contract."""


class NamesError(DataError):
    """Too many rows of a load name sides that nobody knows; it is refused as a whole."""


class LeakageError(DataError):
    """A value was asked for at a moment at which it was not yet known."""


class ModelError(AntepostError):
    """A model could not be fitted, stored, verified or used."""


class MissingExtra(ModelError):
    """A family's library, or the Java it needs, is not installed; the text names the command that installs it."""


class FamilyDied(ModelError):
    """A process that was fitting a family was killed, ran out of memory or broke off."""


class PolicyError(AntepostError):
    """A rule we set ourselves forbids this."""


class VenueError(AntepostError):
    """A venue refused an order or a question."""
