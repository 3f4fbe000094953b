"""The command line's root: which commands there are, and how errors end."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from antepost.cli import collect, explain, facts, lake, quality, runs, seals, skill, vectors
from antepost.cli.output import err
from antepost.errors import AntepostError
from antepost.settings import get_settings, home_refused

app = typer.Typer(
    name="antepost",
    help="Sport, priced before it happens: every number carries the moment it could first be known.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
COMMANDS = (
    facts.ingest, collect.collect, skill.tune, skill.train, skill.evaluate, skill.report,
    seals.predict, seals.explain, seals.rebuild, runs.serve, runs.up, runs.down, runs.demo, runs.doctor,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
for command in quality.COMMANDS:
    lake.lake.command()(command)
for command in (explain.explain, vectors.refresh, vectors.vector):
    facts.features.command()(command)
app.add_typer(facts.features, name="features")
app.add_typer(lake.lake, name="lake")


def _terminated(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


def _fail(error: AntepostError) -> NoReturn:
    err.print(f"{type(error).__name__}: {error}", markup=False, style="red", soft_wrap=True)
    sys.exit(1)


def main() -> None:
    """Run the command line; our own errors are one line on stderr and exit code 1."""
    # Without a handler a SIGTERM skips what gives the embedded engines back, and they would run on.
    signal.signal(signal.SIGTERM, _terminated)
    try:
        app()
    except AntepostError as error:
        _fail(error)
    except OSError as error:
        refused = home_refused(get_settings().home, error)
        if refused is None:
            raise
        _fail(refused)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
