"""The rivals of the feature engine: the same columns in pandas and in polars, each in its documented idiom."""
