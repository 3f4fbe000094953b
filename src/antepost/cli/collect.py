"""The command that polls: what it does is a line a poll, what it will do is a table."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from antepost.cli.options import AsJson, desk, known_sport
from antepost.cli.output import out, print_json, print_line, print_table

if TYPE_CHECKING:
    from antepost.desk import Desk
    from antepost.ingestion.polling import Event, Planned


def _known_sports(values: list[str] | None) -> list[str] | None:
    for value in values or []:
        known_sport(value)
    return values


def collect(
    once: Annotated[
        bool, typer.Option("--once", help="Ask for what is due now, read it into silver, and end.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Ask for nothing; show what is due when.")] = False,
    sport: Annotated[
        list[str] | None, typer.Option(callback=_known_sports, help="Only this sport; may be said again.")
    ] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be said again.")] = None,
    mirror: Annotated[str | None, typer.Option(help="Folder or URL that answers for upstream.")] = None,
    as_json: AsJson = False,
) -> None:
    """Poll odds, scoreboards, injuries, forecasts and tennis until interrupted, each at its pace.

    Bytes go to bronze at once and into silver every two minutes; a restart goes on where it was. Ctrl+C or SIGTERM end
    it after the poll in hand. With --json each event is one line, with --once or --plan all are one object.

    Examples: `antepost collect` · `antepost collect --plan --sport nfl` ·
    `antepost collect --once --source espn_nfl --json`
    """
    if once and plan:
        raise typer.BadParameter("say either --once or --plan", param_hint="--plan")
    over = desk()
    if plan:
        _show(over.collect_plan(sports=sport or (), sources=source or (), mirror=mirror), over, as_json=as_json)
        return
    events: list[Event] = []

    def told(event: Event) -> None:
        if not as_json:
            out.print(
                f"{event.at:%H:%M:%SZ}  {event.kind:<8}  {event.subject:<20}  {event.text}",
                markup=False,
                soft_wrap=True,
            )
        elif once:
            events.append(event)
        else:
            print_line(asdict(event))

    with _ended_by_signal() as bell:
        over.collect(bell, told, once=once, sports=sport or (), sources=source or (), mirror=mirror)
    if once and as_json:
        print_json({"events": [asdict(event) for event in events]})


@contextmanager
def _ended_by_signal() -> Generator[threading.Event]:
    """Yield a bell that the first SIGINT or SIGTERM sets; a second one ends the process as ever."""
    bell = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ring(_number: int, _frame: FrameType | None) -> None:
        bell.set()
        _restore(before)

    for number in before:
        signal.signal(number, ring)
    try:
        yield bell
    finally:
        _restore(before)


def _restore(handlers: dict[signal.Signals, signal._HANDLER]) -> None:  # pyright: ignore[reportPrivateUsage]  # typeshed's
    for number, handler in handlers.items():
        signal.signal(number, handler)


def _show(planned: list[Planned], over: Desk, *, as_json: bool) -> None:
    now = over.clock.now()
    if as_json:
        rows = [
            {
                "poll": one.poll.name, "source": one.poll.source.name, "sport": one.poll.source.sport,
                "rhythm": one.poll.rhythm, "host": one.poll.host, "due": one.due, "asked": one.asked,
                "every_s": one.every_s, "stretch": one.stretch, "why": one.why,
            }
            for one in planned
        ]  # fmt: skip
        print_json({"now": now, "polls": rows})
        return
    shown = [
        (one.poll.name, "now" if one.due and one.due <= now else one.due, _every(one.every_s), one.asked, one.why)
        for one in planned
    ]
    due = sum(one.due is not None and one.due <= now for one in planned)
    print_table(f"{len(planned)} polls, {due} due", ("poll", "due", "every", "asked", "why"), shown, tight=True)


def _every(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size or seconds == size:
            return f"{seconds / size:.4g} {unit}"
    return f"{seconds:.0f} s"
