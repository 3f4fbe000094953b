"""A fit in a process of its own: rows go in as files, arrays come back as files, and nothing is pickled.

What the child imports, starts (a JVM) or breaks stays in it; whatever it leaves running ends with it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from antepost.errors import FamilyDied, ModelError
from antepost.models.arrays import pack, unpack
from antepost.models.families.family import Fitted, Parameters, Setup
from antepost.models.kernels import Floats

_ROWS, _QUESTION, _ARRAYS, _ANSWER = "rows.npz", "question.json", "arrays.npz", "answer.json"
_SAID = "said.txt"
# Libraries read these when they are imported; H2O's and AutoGluon's own settings do not reach all of them.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a child is asked, beside the rows; ``folder`` is its own and gone when it is."""

    folder: str
    seed: int
    threads: int
    recipe: Parameters


type Fit = Callable[[Floats, NDArray[np.int8], Question], Fitted]


def fit_apart(name: str, X: Floats, y: NDArray[np.int8], setup: Setup, *, module: str) -> Fitted:
    """Return what ``module``, run as a program that calls ``answer``, fits to ``X`` (rows, columns) and ``y``.

    Raises:
        ModelError: the child refused the rows or its own result.
        FamilyDied: it was killed, ran out of memory or broke off.
    """
    with tempfile.TemporaryDirectory(prefix=f"antepost-{name}-") as folder:
        place = Path(folder)
        np.savez(place / _ROWS, X=X, y=y)
        question = Question(folder=folder, seed=setup.seed, threads=setup.threads, recipe=dict(setup.recipe))
        (place / _QUESTION).write_text(json.dumps(asdict(question)))
        status = _run([sys.executable, "-m", module, folder], place / _SAID, setup.threads)
        if status != 0:
            raise FamilyDied(_epitaph(name, status, (place / _SAID).read_text(errors="replace")), family=name)
        told = json.loads((place / _ANSWER).read_text())
        if told["refused"] is not None:
            raise ModelError(told["refused"], family=name)
        with np.load(place / _ARRAYS, allow_pickle=False) as stored:
            return Fitted(arrays=pack({key: stored[key] for key in stored.files}), library=told["library"])


def answer(fit: Fit, folder: str) -> None:
    """Answer the question in ``folder`` by ``fit``: all that a child does."""
    place = Path(folder)
    question = Question(**json.loads((place / _QUESTION).read_text()))
    with np.load(place / _ROWS, allow_pickle=False) as rows:
        X, y = rows["X"], rows["y"]
    told: dict[str, str | None] = {"refused": None, "library": None}
    try:
        fitted = fit(X, y, question)
        told["library"] = fitted.library
        arrays: dict[str, Any] = dict(unpack(fitted.arrays))
        np.savez(place / _ARRAYS, **arrays)
    except FamilyDied:
        # What it had started died; so does it, and the parent says so.
        raise
    except ModelError as error:
        told["refused"] = str(error)
    (place / _ANSWER).write_text(json.dumps(told))


def _run(command: list[str], said: Path, threads: int) -> int:
    environment = {**os.environ, **dict.fromkeys(_THREADS, str(threads)), "PYTHONWARNINGS": "ignore"}
    with said.open("wb") as file:
        child = subprocess.Popen(  # noqa: S603  # our own interpreter and one of our own modules
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment, start_new_session=True
        )
        try:
            return child.wait()
        finally:
            # The session is the child's own, so this reaches a JVM that it left behind and nobody else.
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _epitaph(name: str, status: int, said: str) -> str:
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    hint = " (often for want of memory)" if -status == signal.SIGKILL else ""
    last = " | ".join(line.strip() for line in said.strip().splitlines()[-3:]) or "nothing"
    return (
        f"family {name!r}: the process that fitted it {how}{hint}; leave the family out, or heed its last words: {last}"
    )
