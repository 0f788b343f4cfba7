"""One deed of a planner within its transaction: who, what was seen, what is to be changed, and why it cannot be.

Upstream: ``rostering.changing``, ``planner_look``, ``planner_stamps``, ``signin.audit``.
Downstream: ``planner_deeds``, ``planner_publishing``, ``planner_proposals``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sync.platform.console.forms import Fields, one
from sync.platform.console.planner_look import Eye, Said
from sync.platform.console.planner_sight import Sight
from sync.platform.console.planner_stamps import changed_since, told
from sync.platform.console.planner_views import day_word, time_of
from sync.platform.ports import Ids
from sync.platform.rostering.changing import Planner
from sync.platform.rostering.model import LIVE, Assignment, Change, Post, PostState
from sync.platform.signin.audit import Deed, Done
from sync.platform.wording import marked

MEANWHILE = marked("Something was changed here meanwhile; nothing was written.")
GONE = marked("That post or place is no more; nothing was written.")


class NotDoneError(Exception):
    """A deed cannot be done; ``said`` is why. Its transaction is taken back."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self.said = said


class NotYoursError(Exception):
    """A deed is beyond what somebody may plan."""


@dataclass(frozen=True, slots=True)
class Deal:
    """What a deed goes by."""

    eye: Eye
    sight: Sight
    fields: Fields
    ids: Ids

    def field(self, name: str) -> str:
        """Return a field of the form."""
        return one(self.fields, name)

    def planner(self, may: Callable[[Post], bool] = lambda _post: True) -> Planner:
        """Return who writes; ``may``: which of many posts."""
        return Planner(self.eye.unit, self.ids, self.eye.by, may=may)

    def post(self, id_: str, stamp: str) -> Post:
        """Return a post as it was seen.

        Raises:
            NotDoneError: there is none, or it was changed meanwhile.
        """
        post = self.eye.unit.rosters.post(id_)
        if post is None or post.state is PostState.CANCELLED:
            raise self.refused(GONE)
        self.unchanged(changed_since(self.eye.unit, post, stamp))
        return post

    def place(self, id_: str, version: str) -> tuple[Assignment, Post]:
        """Return a volunteer's place as it was seen, and its post.

        Raises:
            NotDoneError: there is none, or it was changed meanwhile.
            NotYoursError: it is not this planner's.
        """
        place = self.eye.unit.rosters.assignment(id_)
        post = self.eye.unit.rosters.post(place.post) if place else None
        if place is None or post is None:
            raise self.refused(GONE)
        if str(place.version) != version or place.state not in LIVE:
            self.unchanged(self.eye.unit.rosters.changes_of("assignment", id_)[-1:])
        self.own(self.eye.remit.may_place(post, self.team_of(place.volunteer)))
        return place, post

    def team_of(self, volunteer: str) -> str | None:
        """Return the team of a volunteer."""
        return self.eye.unit.roster_people.profile(volunteer).team

    def unchanged(self, changes: Iterable[Change]) -> None:
        """Let nothing be written where something was changed meanwhile.

        Raises:
            NotDoneError: it was; says what, by whom and when.
        """
        events = told(self.eye.unit, changes, self.eye.reader)
        if events:
            raise self.refused(MEANWHILE, (f"{each.at} {each.who}: {each.what}" for each in events))

    def refused(self, msgid: str, lines: Iterable[str] = ()) -> NotDoneError:
        """Return why a deed cannot be done."""
        return NotDoneError(Said(self.eye.reader.say(msgid), tuple(lines)))

    def spot(self, post: Post) -> str:
        """Return when a post is, in words."""
        return f"{day_word(post.on, self.eye.reader)} {time_of(post)}"

    def note(self, deed: Deed, subject: str, detail: str = "") -> None:
        """Note in the log of deeds what was done."""
        done = Done(self.eye.who, deed, subject, detail, self.sight.point)
        self.eye.unit.audit.note(done, self.eye.now_ms)

    @staticmethod
    def own(may: bool) -> None:  # noqa: FBT001 - a question answered
        """Let through what may be planned.

        Raises:
            NotYoursError: it may not.
        """
        if not may:
            raise NotYoursError
