"""Extremely randomised trees of scikit-learn: the thresholds of a forest are drawn, and only the best draw is taken."""

from __future__ import annotations

from antepost.models.families.forest import Forest

FAMILY = Forest("extra_trees", "ExtraTreesClassifier")
