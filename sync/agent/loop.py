"""The loop around the way up and around the way down: it goes on, whatever happens, until it is told to stop.

Upstream: ``wording``.
Downstream: ``commands``.

This is the agent's one broad ``except``: what was not foreseen is logged once, shown, and waited out.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sync.agent.enrolment_file import EnrolmentError
from sync.agent.wording import Wrong, trouble
from sync.mailbox.agent_side import MailboxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.agent.wording import Trouble

log = logging.getLogger(__name__)


def run(
    step: Callable[[], float], wait: Callable[[float], bool], failed: Callable[[Trouble], None], patience_s: float
) -> None:
    """Step until told to stop.

    Args:
        step: does one thing, and returns the seconds to wait before the next.
        wait: waits so many seconds, and returns True when it is time to stop.
        failed: told what went wrong where a step could not be done.
        patience_s: how long to wait then, seconds.
    """
    while True:
        try:
            wait_s = step()
        except MailboxError as error:
            wait_s = _put_off(trouble(Wrong.FILE, error), failed, patience_s)
        except EnrolmentError as error:
            wait_s = _put_off(trouble(Wrong.ENROLMENT, error), failed, patience_s)
        except Exception as error:
            log.exception("an unexpected fault; the agent goes on")
            wait_s = _put_off(trouble(Wrong.UNEXPECTED, type(error).__name__), failed, patience_s)
        if wait(wait_s):
            return


def _put_off(sentence: Trouble, failed: Callable[[Trouble], None], patience_s: float) -> float:
    log.warning("%s", sentence)
    failed(sentence)
    return patience_s
