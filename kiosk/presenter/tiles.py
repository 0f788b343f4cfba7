"""The service kinds as tiles: the chosen one, and those that ask for a training first.

Upstream: ``wording``.
Downstream: ``check_in``, ``asking.change``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.acts import TapService
from kiosk.presenter.icons import service_icon
from kiosk.presenter.views import ServiceTile
from sync.protocol.vocabulary import ServiceKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.domain.standing import Want
    from kiosk.presenter.wording import Voice


def service_tiles(likely: str, chosen: str | None, wants: Mapping[str, Want], voice: Voice) -> tuple[ServiceTile, ...]:
    """Return the policy's seven; a station's own kind takes the first place where it is the likely one."""
    kinds = [kind.value for kind in ServiceKind]
    if likely not in kinds:
        kinds = [likely, *kinds]
    return tuple(_tile(kind, chosen, wants.get(kind), voice) for kind in kinds)


def _tile(kind: str, chosen: str | None, want: Want | None, voice: Voice) -> ServiceTile:
    phrases = voice.phrases
    reason = ""
    if want is not None and want.strict:
        reason = phrases.say("tile.locked", training=phrases.name_of("training", want.training))
    return ServiceTile(
        name=phrases.name_of("service", kind),
        icon=service_icon(kind),
        chosen=kind == chosen,
        tap=TapService(kind),
        locked=reason,
    )
