"""What a planner may plan: the posts of own points, for a captain those of the own team; no volunteer of another team.

Upstream: ``signin.rights``, ``rostering.model``.
Downstream: the planner's pages.

Who heads a station plans everything there. A captain plans posts of the own team, and places own people at posts that
are meant for all teams; such a post itself is the station's. Publishing one is a captain's only while nobody of another
team is asked by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sync.platform.rostering.model import Post
from sync.platform.signin.people import Visitor
from sync.platform.signin.rights import Places, Right, covers, points_in
from sync.platform.store import Unit
from sync.protocol.reference import ServicePoint

TeamOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Remit:
    """Where, and for which teams, somebody may plan."""

    places: Places | None

    @classmethod
    def of(cls, visitor: Visitor) -> Remit:
        """Return a visitor's."""
        return cls(visitor.places(Right.ROSTER))

    def points(self, unit: Unit) -> tuple[ServicePoint, ...]:
        """Return the service points, by name."""
        among = points_in(self.places)
        return tuple(each for each in unit.registry.service_points() if among is None or each.id in among)

    def is_whole(self, point: str) -> bool:
        """Tell whether everything at a point may be planned."""
        return covers(self.places, point)

    def teams(self, point: str) -> tuple[str, ...] | None:
        """Return the teams whose posts may be planned at a point; None: all."""
        if self.is_whole(point):
            return None
        return tuple(team for own, team in self.places or () if own == point and team is not None)

    def may_change(self, post: Post) -> bool:
        """Tell whether a post itself may be changed."""
        return covers(self.places, post.point, post.team)

    def may_fill(self, post: Post) -> bool:
        """Tell whether anybody may be placed at a post."""
        return self.may_change(post) or (post.team is None and bool(self.teams(post.point)))

    def may_place(self, post: Post, team: str | None) -> bool:
        """Tell whether a volunteer of a team may be placed at a post, or taken away from it."""
        return self.may_fill(post) and covers(self.places, post.point, team)

    def may_publish(self, post: Post, teams: Iterable[str | None]) -> bool:
        """Tell whether the offers of a post, to volunteers of these teams, may go out."""
        return self.may_fill(post) and all(covers(self.places, post.point, team) for team in teams)
