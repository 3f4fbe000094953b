"""The use cases, from ingest to rebuild: what notebooks, shell, API and assets call.

Puts rooms together and never computes a feature, a price or a score itself. Everything but cli, client and serving
lies below; what a reader of predictions does not need is imported only when it is asked for.
"""

from __future__ import annotations

from antepost.desk.desk import Desk, open_desk

__all__ = ["Desk", "open_desk"]
