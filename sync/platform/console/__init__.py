"""The console: server-rendered pages for people, Chinese first, and the page a volunteer's phone shows.

Upstream: ``store``, ``wording``, Jinja.
Downstream: ``app``.
"""

from sync.platform.console.certificates import CertificatePages
from sync.platform.console.duty_pages import DutyPages
from sync.platform.console.frame import Frame
from sync.platform.console.issuing import Issuing
from sync.platform.console.misses import Misses
from sync.platform.console.my import MyPage
from sync.platform.console.pages import Console
from sync.platform.console.reach import Reach, is_loopback

__all__ = ["CertificatePages", "Console", "DutyPages", "Frame", "Issuing", "Misses", "MyPage", "Reach", "is_loopback"]
