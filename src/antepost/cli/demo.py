"""The demo as a person sees it: a bar, a line a step, one served prediction, and where to go on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.markup import escape

from antepost.cli.output import out, print_json, progress_bar
from antepost.desk.demo import SPORT, STEPS, Demo, serve
from antepost.serving import serve_for_a_moment

if TYPE_CHECKING:
    from antepost.desk import Desk


def run(desk: Desk, *, mirror: str | None = None, as_json: bool = False) -> None:
    """Run the eight steps and print what each of them did."""
    demo = Demo(desk=desk, mirror=mirror)
    lines: dict[str, str] = {}
    began = time.monotonic()
    with progress_bar("demo", quiet=as_json) as tell:
        for i, (name, step) in enumerate(STEPS.items()):
            tell(name, i / (len(STEPS) + 1))
            started = time.monotonic()
            lines[name] = step(demo)
            if not as_json:
                said = lines[name].replace("\n", "\n" + " " * 12)
                took = time.monotonic() - started
                out.print(
                    f"[bold]{i + 1} {name:<9}[/] {_flag(desk)}{escape(said)}  [dim]{took:.1f} s[/]", soft_wrap=True
                )
        tell("serve", len(STEPS) / (len(STEPS) + 1))
        with serve_for_a_moment(desk) as url:
            served = serve(demo, url)
    if as_json:
        print_json({"steps": lines, "served": served, "simulated": desk.simulated(SPORT)})
        return
    out.print(f"[bold]8 serve    [/] {_flag(desk)}GET {url}/api/v1/predictions/{served['hash']}", soft_wrap=True)
    print_json(served)
    _close(desk, demo, time.monotonic() - began)


def _flag(desk: Desk) -> str:
    return "SIMULATED · " if desk.simulated(SPORT) else ""


def _close(desk: Desk, demo: Demo, seconds: float) -> None:
    settings = desk.settings
    flagged = " The league is SIMULATED; for real games set another ANTEPOST_HOME, and name a mirror or have a route."
    out.print(f"\nDone in {seconds:.0f} s.{flagged if desk.simulated(SPORT) else ''}", soft_wrap=True)
    places = {
        "raw bytes": f"{settings.lake}/bronze",
        "tables": f"{settings.lake}/silver",
        "bundles": settings.bundles,
        "plots": settings.reports,
    }
    for name, path in places.items():
        out.print(f"  {name:<10} {path}", markup=False, soft_wrap=True)
    some = str(demo.sealed[-1]["hash"])
    out.print("\nGo on with:")
    out.print(f"  .venv/bin/antepost rebuild {some}", soft_wrap=True)
    out.print(f"  .venv/bin/antepost evaluate nfl --season {demo.season} --odds none", soft_wrap=True)
    out.print("  .venv/bin/antepost serve")
