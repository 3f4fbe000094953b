"""An S3 object store of this machine: moto's server, a program of its own that keeps everything in memory."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A server on a port of its own; ``variables`` are what a process needs to find it."""

    endpoint: str
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def variables(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "invented",
            "AWS_SECRET_ACCESS_KEY": "invented",
        }

    def bucket(self) -> str:
        """Return the URL of a place in a bucket that nobody has written to."""
        name = f"lake-{next(self._numbers)}"
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")).close()  # noqa: S310
        return f"s3://{name}/a/home"


@contextmanager
def serving() -> Generator[ObjectStore]:
    """Run a server for as long as it is needed."""
    command = [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        assert server.stdout is not None
        told = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in server.stdout)))
        # It tells of every request, and would stop once nobody reads that.
        reader = threading.Thread(target=server.stdout.read)
        reader.start()
        try:
            yield ObjectStore(told[0])
        finally:
            server.kill()
            reader.join()
