"""What the agent's command can do, one file a subject.

Upstream: the agent's parts, ``wiring``.
Downstream: ``__main__``.
"""
