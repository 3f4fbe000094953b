"""The HTTP API, version 1: fixtures, sealed predictions and whether the desk is well.

Never decides or computes; it asks something that satisfies ``Reads`` (the desk does) and words the answer.
The desk and all rooms under it lie below; nothing here imports MLflow or a training library.
"""

from __future__ import annotations

from antepost.serving.app import create_app
from antepost.serving.reads import Reads
from antepost.serving.server import serve, serve_for_a_moment

__all__ = ["Reads", "create_app", "serve", "serve_for_a_moment"]
