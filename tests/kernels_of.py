"""Where a copy of the project finds the kernels that the project itself has compiled."""

from __future__ import annotations

import os

from numba.core.caching import UserProvidedCacheLocator


class Original(UserProvidedCacheLocator):
    """Keeps machine code under the path of the file that was copied; ``ANTEPOST_COPY`` is ``<copy>=<original>``.

    The folder is named by the hash of all kernels' sources, so a copy that has changed one of them shares nothing.
    """

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        copy, original = os.environ["ANTEPOST_COPY"].split("=")
        return super().get_suitable_cache_subpath(py_file.replace(copy, original))
