"""Measurements: one script a claim; each prints its peers, its limit and a ratio from the same run."""
