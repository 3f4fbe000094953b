"""How a host is treated: how often, how many requests at once, and when it is left alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from antepost.errors import SourceError
from antepost.ingestion.unpack import MOST_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a client allows itself and a host; ``_s`` are seconds.

    A request is tried ``tries`` times, with pauses of up to ``backoff_s``, twice that, and so on; a host that asks for
    more than ``most_patience_s`` is not waited for. After ``failures`` requests in a row that came to nothing a host is
    left alone for ``rest_s``. An answer may be silent for ``silence_s`` and take ``longest_s`` in all.
    """

    per_second: float = 10.0
    at_once: int = 4
    tries: int = 3
    backoff_s: float = 0.5
    most_patience_s: float = 60.0
    failures: int = 5
    rest_s: float = 60.0
    connect_s: float = 10.0
    silence_s: float = 30.0
    longest_s: float = 300.0
    most_bytes: int = MOST_BYTES
    most_redirects: int = 5


class Host:
    """One host's turns, and its breaker; safe to share between threads."""

    def __init__(
        self, name: str, policy: Policy, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._name = name
        self._policy = policy
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(policy.at_once)
        self._next = 0.0
        self._failures = 0
        self._closed_until = 0.0
        self._last: type[SourceError] = SourceError

    @contextmanager
    def turn(self) -> Generator[None]:
        """Hold one of the host's places, once it is this request's turn."""
        with self._slots:
            with self._lock:
                now = self._monotonic()
                starts = max(now, self._next)
                self._next = starts + 1.0 / self._policy.per_second
            if starts > now:
                self._sleep(starts - now)
            yield

    def refuse_while_closed(self) -> None:
        """Refuse to ask a host that is being left alone.

        Raises:
            SourceError: it is, and of the class of its last failure, so that nobody takes silence for an answer.
        """
        left = self._closed_until - self._monotonic()
        if left > 0:
            raise self._last(
                f"{self._name} is left alone for another {left:.0f} s after {self._failures} failures in a row",
                host=self._name,
                wait_s=left,
            )

    def answered(self) -> None:
        """Note an answer, which closes the row of failures."""
        with self._lock:
            self._failures = 0

    def failed(self, error: SourceError, asked_to_wait_s: float | None = None) -> None:
        """Note a request that came to nothing; after too many of them, or where it asks for it, leave the host alone.

        The first request after the rest decides: one more failure, and it is left alone again.
        """
        with self._lock:
            self._failures += 1
            self._last = type(error)
            rest = self._policy.rest_s if self._failures >= self._policy.failures else 0.0
            self._closed_until = self._monotonic() + max(rest, asked_to_wait_s or 0.0)
