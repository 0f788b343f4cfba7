"""Whether a platform keeps the promises of docs/PROTOCOL.md: a device of its own over real HTTP, and what it found.

Upstream: ``sync.protocol``, requests; nothing of our server, so any implementation can be asked.
Downstream: the ``conformance`` command.

It leaves behind one device and its notes; no session, no volunteer, no name.
"""

from sync.platform.conformance import report
from sync.platform.conformance.running import Finding, Outcome, run
from sync.platform.conformance.tester import Asked

__all__ = ["Asked", "Finding", "Outcome", "report", "run"]
