"""Runs of the solver: what was asked, how far each is, what it found.

Upstream: ``tables``, ``rostering.proposal``.
Downstream: ``rostering.proposals``.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.platform.rostering.proposal import Failure, Found, Progress, Proposal, ProposalState, Scope
from sync.platform.store.tables import ProposalRow


class Proposals:
    """The proposals' rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def proposal(self, id_: str) -> Proposal | None:
        """Return a proposal, whatever became of it."""
        row = self._session.get(ProposalRow, id_, populate_existing=True)
        return None if row is None else _proposal_of(row)

    def latest(self, asked_by: str) -> Proposal | None:
        """Return what somebody asked for last."""
        query = select(ProposalRow).where(ProposalRow.asked_by == asked_by)
        row = self._session.scalars(query.order_by(ProposalRow.asked_ms.desc(), ProposalRow.id).limit(1)).first()
        return None if row is None else _proposal_of(row)

    def put(self, proposal: Proposal) -> Proposal:
        """Write a proposal that is new or has changed."""
        result: Any = proposal.why if proposal.why is not None else proposal.found
        self._session.merge(
            ProposalRow(
                id=proposal.id,
                asked_by=proposal.asked_by,
                asked_ms=proposal.asked_ms,
                scope=_text(proposal.scope),
                state=proposal.state.value,
                progress=_text(proposal.progress),
                result=None if result is None else _text(result),
                changed_ms=proposal.changed_ms,
            )
        )
        self._session.flush()
        return proposal


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _proposal_of(row: ProposalRow) -> Proposal:
    state = ProposalState(row.state)
    is_failed = state is ProposalState.FAILED
    return Proposal(
        id=row.id,
        asked_by=row.asked_by,
        asked_ms=row.asked_ms,
        scope=msgspec.json.decode(row.scope, type=Scope),
        state=state,
        progress=Progress() if row.progress is None else msgspec.json.decode(row.progress, type=Progress),
        found=None if row.result is None or is_failed else msgspec.json.decode(row.result, type=Found),
        why=msgspec.json.decode(row.result, type=Failure) if row.result is not None and is_failed else None,
        changed_ms=row.changed_ms,
    )
