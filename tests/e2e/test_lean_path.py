"""Whoever predicts and serves pays for no training library, and nothing unpickles behind their back."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.prepared import Prepared

PREDICT_AND_SERVE = """
import json
import sys

unpickled = []
sys.addaudithook(lambda event, details: unpickled.append(details) if event == "pickle.find_class" else None)

import httpx

import antepost as ap
from antepost.serving import serve_for_a_moment

desk = ap.open()
week, season = int(sys.argv[1]), int(sys.argv[2])


def once():
    made = desk.predict("nfl", desk.at_kickoff("nfl", season=season, week=week), "close")
    with serve_for_a_moment(desk) as url:
        path = f"{url}/api/v1/predictions/{made[0]['hash']}"
        return httpx.get(path, trust_env=False, timeout=30).raise_for_status().json()


# The first time reads compiled kernels from numba's own cache, whose files are pickles in an owner-only folder.
first = once()
warm = len(unpickled)
again = once()
heavy = {"mlflow", "xgboost", "lightgbm", "catboost", "h2o", "autogluon", "sklearn", "pandas", "matplotlib"}
print(json.dumps({
    "same": first == again,
    "hash": again["hash"],
    "unpickled": [list(map(str, details)) for details in unpickled[warm:]],
    "heavy": sorted(heavy & {name.partition(".")[0] for name in sys.modules}),
}))
"""


def test_predicting_and_serving_load_no_training_library_and_unpickle_nothing(prepared: Prepared) -> None:
    final = next(record for record in prepared.sealed if record["stage"] == "SB" and record["set"] == "close")
    command = [sys.executable, "-c", PREDICT_AND_SERVE, str(final["week"]), str(prepared.newest)]
    done = subprocess.run(command, env=prepared.environment(), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"same": True, "hash": final["hash"], "unpickled": [], "heavy": []}
