"""Drives the main job on a schedule: the desk's use cases as Dagster assets, checks and schedules.

Holds wiring only: an asset calls the desk and reports what came out, and computes nothing itself. Dagster loads
this folder (``dagster dev -m pipelines.definitions``); the package never imports it.
"""
