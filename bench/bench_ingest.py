"""A sport's facts from a mirror: all of it cold, again with nothing new, and one new day.

The home is a temporary one and the mirror yours, seen through links. Of the newest CSV file of the source that decides
the fixtures the last rows are held back from the cold load; the new day is the whole file, loaded from that source
alone. Then all sources are asked, of which many tell of those very games and are read again there. Each load is a
process of its own; its time is that of the loads, without starting Python. Prints wall and CPU seconds, peak memory and
rows, and the ratio of each to the cold load.

    python bench/bench_ingest.py nfl --mirror FOLDER [--rows 16] [--rounds 3]
    python bench/bench_ingest.py all --mirror FOLDER
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

STORED = ("cold", "again", "new day", "the rest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one load took; ``read`` counts the files that were parsed, ``kept`` those that were as before."""

    wall: float
    cpu: float
    peak_mib: float
    added: int
    read: int
    kept: int


def load(sports: list[str], home: Path, mirror: Path, source: str | None = None) -> Took:
    """Load every source of ``sports``, or ``source`` alone, in this process."""
    from antepost.domain.clock import SystemClock
    from antepost.errors import SourceAbsent
    from antepost.ingestion import Loads, ingest, ingest_all
    from antepost.settings import get_settings

    settings = get_settings(home=home, mirror=str(mirror), lake_url=None)
    added = read = kept = 0
    wall, cpu = time.perf_counter(), time.process_time()
    for sport in sports:
        try:
            if source is None:
                loads = ingest_all(settings, sport, SystemClock())
            else:
                one = ingest(settings, sport, SystemClock(), source=source)
                loads = Loads(reports=(one,), left_out={}, refused={})
        except SourceAbsent as error:
            print(f"{sport} is left out: {error}", file=sys.stderr)
            continue
        for name, why in loads.refused.items():
            print(f"{name} is refused: {why}", file=sys.stderr)
        added += sum(sum(report.added.values()) for report in loads.reports)
        read += sum(len(report.payloads) for report in loads.reports)
        kept += sum(report.unchanged for report in loads.reports)
    return Took(
        wall=time.perf_counter() - wall,
        cpu=time.process_time() - cpu,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        added=added,
        read=read,
        kept=kept,
    )


def alone(sports: list[str], home: Path, mirror: Path, source: str | None = None) -> Took:
    """Load in a process of its own, so that its peak of memory is its own too."""
    command = [sys.executable, __file__, *sports, "--mirror", str(mirror), "--only", str(home)]
    command += ["--source", source] if source else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  # this very file
    return Took(**json.loads(done.stdout))


def newest_file(sport: str, mirror: Path) -> Path | None:
    """Return the newest CSV file of the deciding source, below the mirror's root; None where it has none."""
    from antepost.domain.clock import SystemClock
    from antepost.ingestion.sources import primary

    parts = [part for part in primary(sport).parts(SystemClock().now().year) if part.path.endswith(".csv")]
    held = [part for part in parts if _packed(mirror / part.path) is not None]
    seasons = [part for part in held if part.season is not None]
    newest = max(seasons, key=lambda part: part.season or 0) if seasons else next(iter(held), None)
    return Path(newest.path) if newest else None


def cut(mirror: Path, file: Path, rows: int, into: Path) -> int:
    """Make ``into`` the mirror with ``file`` less its last ``rows``, and return how many those are; the rest is links.

    Folders beside the path to the file are links as wholes.
    """
    packed = _packed(mirror / file)
    if packed is None:
        raise SystemExit(f"the mirror has no {file}")
    data = gzip.decompress(packed.read_bytes()) if packed.suffix == ".gz" else packed.read_bytes()
    lines = data.splitlines(keepends=True)
    there, here = mirror, into
    for step in (*file.parent.parts, None):
        here.mkdir(parents=True, exist_ok=True)
        for each in there.iterdir():
            if each.name != step and each != packed and not (here / each.name).exists():
                (here / each.name).symlink_to(each)
        if step is not None:
            there, here = there / step, here / step
    held_back = min(rows, len(lines) - 1)
    (into / file).write_bytes(b"".join(lines[:-held_back]))
    return held_back


def _packed(path: Path) -> Path | None:
    return next((each for each in (path, path.with_name(path.name + ".gz")) if each.is_file()), None)


def rounds_of(sports: list[str], mirror: Path, rows: int, rounds: int) -> dict[str, list[Took]]:
    """Return what each kind of load took, a figure a round."""
    took: dict[str, list[Took]] = {name: [] for name in STORED}
    from antepost.ingestion.sources import primary

    files = {sport: newest_file(sport, mirror) for sport in sports}
    sport, changed = next(((name, file) for name, file in files.items() if file is not None), (None, None))
    if sport is None or changed is None:
        raise SystemExit(f"{', '.join(sports)}: the deciding source has no CSV file here to hold a day back from")
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            home, yesterday = Path(folder) / "home", Path(folder) / "mirror"
            held_back = cut(mirror, changed, rows, yesterday)
            took["cold"].append(alone(sports, home, yesterday))
            took["again"].append(alone(sports, home, yesterday))
            took["new day"].append(alone([sport], home, mirror, primary(sport).name))
            took["the rest"].append(alone(sports, home, mirror))
    print(f"{', '.join(sports)}: the new day is {held_back} rows of {changed.name}, {rounds} rounds")
    return took


def main() -> None:
    """Load in turn and print the ratios."""
    from antepost.sports import SPORTS

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sport", nargs="+", help="sports, or all")
    parser.add_argument("--mirror", type=Path, default=os.environ.get("ANTEPOST_MIRROR"))
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--source", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.mirror is None:
        raise SystemExit("name a folder by --mirror or ANTEPOST_MIRROR")
    sports = list(SPORTS) if options.sport == ["all"] else options.sport
    if options.only is not None:
        print(json.dumps(asdict(load(sports, options.only, options.mirror, options.source))))
        return
    took = rounds_of(sports, options.mirror.absolute(), options.rows, options.rounds)
    for name, each in took.items():
        wall = [one.wall for one in each]
        last = each[-1]
        print(
            f"  {name:<8} {min(wall):.2f} / {statistics.median(wall):.2f} / {max(wall):.2f} s, "
            f"CPU {statistics.median(one.cpu for one in each):.2f} s, peak {max(one.peak_mib for one in each):,.0f} "
            f"MiB; files read {last.read:,}, as before {last.kept:,}; rows added {last.added:,}"
        )
    for name in STORED[1:]:
        ratios = [b.wall / a.wall for a, b in zip(took["cold"], took[name], strict=True)]
        print(f"  {name} takes {statistics.median(ratios):.3f} x of cold ({min(ratios):.3f} to {max(ratios):.3f})")


if __name__ == "__main__":
    main()
