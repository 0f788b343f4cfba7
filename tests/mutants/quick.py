"""A pytest plugin for mutants: Hypothesis repeats the same examples and shrinks none, for a failure is all that counts.

Upstream: ``__main__`` names it.
Downstream: Hypothesis.
"""

from hypothesis import Phase, settings

settings.register_profile("mutants", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
settings.load_profile("mutants")
