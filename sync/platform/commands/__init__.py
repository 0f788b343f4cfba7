"""What the platform's command can do, one file a noun; each loads its own part only.

Upstream: ``certificates``, ``phone``, ``appointments``, ``publishing``, ``registry``, ``store``.
Downstream: ``__main__``.
"""
