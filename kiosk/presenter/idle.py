"""待机: what the station shows while nobody stands before it; strangers look at it, so every name is masked.

Upstream: ``preview``, ``timeline``, ``month``, ``kiosk.usecases.board``.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kiosk.domain.masking import masked_name
from kiosk.presenter.acts import TapNumberPad
from kiosk.presenter.desk.taps import TapDesk
from kiosk.presenter.faces import TapFaces
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.month import month_chart
from kiosk.presenter.preview import preview_view
from kiosk.presenter.records.acts import TapMyRecords
from kiosk.presenter.timeline import time_line
from kiosk.presenter.turns import turn_of
from kiosk.presenter.views import Button, IdleView, OnDutyList, Person

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.contents import CameraSight
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.board import Board, OnDuty, WantedPost

PEOPLE_AT_ONCE = 3


def idle_view(
    board: Board | None, now: datetime | None, sight: CameraSight, undo: Button | None, voice: Voice
) -> IdleView:
    """Put the station's board into words; None leaves it empty."""
    notice, icon = _line(board, now, voice)
    return IdleView(
        preview=preview_view(sight, voice),
        on_duty=_on_duty(() if board is None else board.on_duty, turn_of(now), voice),
        roster=time_line(board, now, voice),
        month=month_chart(board, now, voice),
        notice=notice,
        notice_icon=icon,
        undo=undo,
        number=Button(voice.phrases.say("idle.type_number"), Icon.KEYPAD, TapNumberPad()),
        ways=_ways(board, voice),
    )


def _ways(board: Board | None, voice: Voice) -> tuple[Button, ...]:
    """The ways into the areas; faces only while somebody is on duty whom they can be about."""
    phrases = voice.phrases
    ways = [Button(phrases.say("idle.my_records"), Icon.HISTORY, TapMyRecords())]
    if board is not None and board.on_duty:
        ways.append(Button(phrases.say("idle.faces"), Icon.SMILE, TapFaces()))
    ways.append(Button(phrases.say("idle.desk"), Icon.LOCK, TapDesk()))
    return tuple(ways)


def _on_duty(people: tuple[OnDuty, ...], turn: int, voice: Voice) -> OnDutyList:
    phrases, pages = voice.phrases, max(1, math.ceil(len(people) / PEOPLE_AT_ONCE))
    at_once = math.ceil(len(people) / pages)
    first = turn % pages * at_once
    return OnDutyList(
        title=phrases.say("idle.on_duty_title"),
        count=phrases.say("idle.on_duty_count", count=len(people)),
        people=tuple(_person(one, voice) for one in people[first : first + at_once]),
        empty="" if people else phrases.say("idle.on_duty_empty"),
    )


def _person(one: OnDuty, voice: Voice) -> Person:
    return Person(
        name=masked_name(one.name),
        service=voice.phrases.name_of("service", one.service),
        icon=service_icon(one.service),
        since=voice.phrases.say("idle.since", time=voice.time(one.since)),
    )


def _line(board: Board | None, now: datetime | None, voice: Voice) -> tuple[str, Icon | None]:
    """Return a notice or an open post, in turns, and its picture."""
    if board is None:
        return "", None
    lines = [(notice, Icon.NOTICE) for notice in board.notices]
    lines += [(_invitation(post, voice), Icon.WALK_IN) for post in board.wanted]
    return lines[turn_of(now) % len(lines)] if lines else ("", None)


def _invitation(post: WantedPost, voice: Voice) -> str:
    phrases = voice.phrases
    return phrases.say(
        "idle.wanted",
        day=phrases.of("weekday", str(post.starts_at.astimezone(voice.zone).isoweekday())),
        begin=voice.time(post.starts_at),
        end=voice.time(post.ends_at),
        service=phrases.name_of("service", post.service),
        count=post.wanted,
    )
