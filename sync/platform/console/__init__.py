"""The console: server-rendered pages for people, Chinese first.

Upstream: ``store``, ``wording``, Jinja.
Downstream: ``app``.
"""

from sync.platform.console.pages import Console
from sync.platform.console.reach import Reach, is_loopback

__all__ = ["Console", "Reach", "is_loopback"]
