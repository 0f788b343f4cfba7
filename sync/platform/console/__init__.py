"""The console: server-rendered pages for people, Chinese first, and the page a volunteer's phone shows.

Upstream: ``store``, ``signin``, ``wording``, Jinja.
Downstream: ``app``.
"""

from sync.platform.console.assembly import Setting, add_console
from sync.platform.console.frame import Frame
from sync.platform.console.issuing import Issuing
from sync.platform.console.misses import Misses
from sync.platform.console.reach import Reach, is_loopback

__all__ = ["Frame", "Issuing", "Misses", "Reach", "Setting", "add_console", "is_loopback"]
