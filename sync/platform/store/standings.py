"""What the platform decided of volunteers and service kinds: suspension, birth date, trainings, stars, rules.

Upstream: ``tables``, ``mapping``.
Downstream: ``standings``, ``publishing``, the commands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.platform.records import Circumstances
from sync.platform.store import mapping
from sync.platform.store.tables import ServiceRuleRow, StandingRow, TrainingRow
from sync.protocol.reference import ServiceRule


class Standings:
    """The decided rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, volunteer: str) -> Circumstances:
        """Return what was decided of a volunteer."""
        return self.all_of((volunteer,)).get(volunteer, Circumstances())

    def all_of(self, volunteers: Iterable[str]) -> dict[str, Circumstances]:
        """Return what was decided of those of some volunteers of whom anything was."""
        query = select(StandingRow).where(StandingRow.volunteer.in_(tuple(volunteers)))
        return {row.volunteer: mapping.circumstances_of(row) for row in self._session.scalars(query)}

    def put(self, volunteer: str, decided: Circumstances) -> None:
        """Write what was decided of a volunteer anew."""
        self._session.merge(
            StandingRow(
                volunteer=volunteer,
                star=decided.star,
                suspended=decided.suspended,
                born_on=decided.born_on.isoformat() if decided.born_on else None,
                guardian_consent=decided.guardian_consent,
                paid=decided.paid,
            )
        )
        self._session.flush()

    def trainings(self, volunteers: Iterable[str]) -> dict[str, dict[str, int | None]]:
        """Return the trainings of some volunteers, each with the instant it lapses (UTC ms) or None."""
        query = select(TrainingRow).where(TrainingRow.volunteer.in_(tuple(volunteers)))
        found: dict[str, dict[str, int | None]] = defaultdict(dict)
        for row in self._session.scalars(query.order_by(TrainingRow.volunteer, TrainingRow.training)):
            found[row.volunteer][row.training] = row.lapses_ms
        return dict(found)

    def put_training(self, volunteer: str, training: str, lapses_ms: int | None) -> None:
        """Note a training, or write anew when it lapses (UTC ms)."""
        self._session.merge(TrainingRow(volunteer=volunteer, training=training, lapses_ms=lapses_ms))
        self._session.flush()

    def drop_training(self, volunteer: str, training: str) -> bool:
        """Take a training back; return whether there was one."""
        return self._dropped(self._session.get(TrainingRow, (volunteer, training)))

    def rules(self, service_point: str) -> tuple[ServiceRule, ...]:
        """Return the rules of a service point, by service kind."""
        query = select(ServiceRuleRow).where(ServiceRuleRow.service_point == service_point)
        rows = self._session.scalars(query.order_by(ServiceRuleRow.service))
        return tuple(mapping.service_rule_of(row) for row in rows)

    def put_rule(self, service_point: str, rule: ServiceRule) -> None:
        """Note the rule of a service kind at a service point, over the one there was."""
        self._session.merge(mapping.service_rule_row(rule, service_point))
        self._session.flush()

    def drop_rule(self, service_point: str, service: str) -> bool:
        """Take the rule of a service kind away; return whether there was one."""
        return self._dropped(self._session.get(ServiceRuleRow, (service_point, service)))

    def _dropped(self, row: ServiceRuleRow | TrainingRow | None) -> bool:
        if row is None:
            return False
        self._session.delete(row)
        self._session.flush()
        return True
