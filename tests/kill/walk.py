"""The path in small, as a program of its own: what a kill test starts, kills and starts again."""

from __future__ import annotations

from antepost import features
from antepost.desk import open_desk, predict, tables
from antepost.lake import connect, ledger
from antepost.models import load_bundle

SPORT = "nfl"
FIRST, NEWEST = 2014, 2018


def main() -> None:
    """Ingest, build, train, register and seal four invented seasons; every step may find its work already done."""
    desk = open_desk()
    desk.ingest(SPORT, simulate=True, seasons=(FIRST, NEWEST))
    desk.build(SPORT)
    trained = desk.train(SPORT, "none", before=NEWEST, families=("elo", "logistic"))
    desk.register(SPORT, trained.digest)
    bundle = load_bundle(desk.settings.bundles, trained.digest, lock=features.lock_of(SPORT))
    held = tables.load(desk.settings, SPORT)
    loaded = predict.Loaded(sport=SPORT, tables=held, batch=tables.current_batch(desk.settings, SPORT), simulated=True)
    asked = desk.at_kickoff(SPORT, season=NEWEST, week=1)
    ledger.append(connect(desk.settings), predict.records(loaded, bundle, asked, desk.policy, desk.clock))


if __name__ == "__main__":
    main()
