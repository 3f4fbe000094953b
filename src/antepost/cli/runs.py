"""Commands that run the whole: serve, demo, doctor."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from antepost.cli.options import AsJson, desk
from antepost.cli.output import out, print_json, print_table


def serve(
    host: Annotated[str, typer.Option(help="Loopback unless you know why not.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Run the HTTP API until interrupted.

    Example: `antepost serve --port 8000`, then open http://127.0.0.1:8000/docs
    """
    from antepost.serving import serve as run

    def told(url: str) -> None:
        out.print(f"antepost answers at {url}; open {url}/docs to try it, end it with Ctrl+C", soft_wrap=True)

    run(desk(), host, port, told)


def up() -> None:
    """Keep the embedded Postgres and Valkey running after this command, so that the next ones start faster."""
    from antepost.engines import pin, pin_valkey
    from antepost.settings import get_settings

    settings = get_settings()
    server = pin(settings)
    pin_valkey(settings, on=True)
    out.print(f"Postgres and Valkey stay up until `antepost down`: {server.url().render_as_string()}", soft_wrap=True)


def down() -> None:
    """Let the embedded Postgres and Valkey stop with their last user."""
    from antepost.engines import acquire, pin_valkey, release, unpin, valkey_client
    from antepost.settings import get_settings

    settings = get_settings()
    if not unpin(settings):
        out.print(f"no embedded Postgres runs in {settings.home}: there is nothing to stop", soft_wrap=True)
        return
    # Whoever leaves last stops it, so somebody has to have been in.
    pin_valkey(settings, on=False)
    acquire(settings)
    valkey_client(settings)
    release(settings)
    out.print("Postgres and Valkey stop with their last user")


def demo(
    mirror: Annotated[
        str | None, typer.Option(help="Folder or URL that answers for upstream; default: ANTEPOST_MIRROR.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the main job in eight steps, from bytes to a sealed, served prediction.

    Example: `antepost demo --mirror ./mirror`
    """
    from antepost.cli.demo import run

    run(desk(), mirror=mirror, as_json=as_json)


def doctor(
    ntp: Annotated[str, typer.Option(help="Time server to compare with.")] = "pool.ntp.org",
    as_json: AsJson = False,
) -> None:
    """Check machine, clock and each configured server, and say what to do."""
    from antepost.desk.doctor import examine

    over = desk()
    found = examine(over.settings, over.clock, ntp)
    if as_json:
        print_json({"findings": [asdict(finding) for finding in found]})
    else:
        print_table("doctor", ("what", "state", "seen"), [(f.name, f.state, f.text) for f in found])
    if any(finding.state == "fail" for finding in found):
        raise typer.Exit(1)
