"""The command line: words in, tables or one JSON object out, exit codes 0 done, 1 the work failed, 2 wrong use.

Decides nothing; each command calls one method of the desk. Everything lies below.
"""

from __future__ import annotations

from antepost.cli.main import app, main

__all__ = ["app", "main"]
