"""Posts of templates: on the days that are meant, by the calendar as announced, and only while the point is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from sync.platform.rostering.copying import copies_of
from sync.platform.rostering.hours import day_of, instant_of
from sync.platform.rostering.model import Days, Opening, Post, SpecialDay, Template
from sync.platform.rostering.occasions import Occasion, occasions
from sync.platform.rostering.opening import Calendar
from sync.platform.rostering.templates import drawn, posts_for, weekday_worked

EVERY_DAY = {"east": [Opening(day, 6 * 60, 22 * 60) for day in range(7)]}
MORNING = Template("morning", "east", "上午", "directions", (0, 1, 2, 3, 4), 8 * 60, 12 * 60)


def days(template: Template, first: date, last: date, *specials: SpecialDay) -> list[date]:
    return [post.on for post in posts_for([template], EVERY_DAY, specials, first, last)]


def changed(**fields: object) -> Template:
    return replace(MORNING, **fields)  # type: ignore[arg-type]


def test_a_weekly_template_keeps_to_its_weekdays_and_its_first_and_last_day() -> None:
    found = days(changed(weekdays=(1, 3)), date(2026, 7, 6), date(2026, 7, 19))
    assert found == [date(2026, 7, 7), date(2026, 7, 9), date(2026, 7, 14), date(2026, 7, 16)]
    bounded = changed(from_on=date(2026, 7, 8), until_on=date(2026, 7, 9))
    assert days(bounded, date(2026, 7, 1), date(2026, 7, 31)) == [date(2026, 7, 8), date(2026, 7, 9)]
    assert days(changed(ended=True), date(2026, 7, 1), date(2026, 7, 31)) == []
    assert days(MORNING, date(2026, 7, 9), date(2026, 7, 8)) == []


def test_a_post_is_all_that_its_template_asks_for() -> None:
    template = changed(needed=3, team="党员", skill="手语", training="急救", starts=20 * 60, ends=22 * 60)
    (post,) = posts_for([template], EVERY_DAY, (), date(2026, 7, 6), date(2026, 7, 6))
    assert (post.needed, post.team, post.skill, post.training) == (3, "党员", "手语", "急救")
    assert (post.id, post.template, post.daytime, day_of(post.starts_ms)) == ("", "morning", False, date(2026, 7, 6))
    assert post.minutes == 120
    assert post.week == (2026, 28)


def test_worked_days_are_those_of_the_state_council_and_make_up_days_stand_for_what_they_make_up() -> None:
    thursdays = changed(days=Days.WORKED, weekdays=(3,))
    assert date(2026, 10, 1) not in days(thursdays, date(2026, 9, 28), date(2026, 10, 4))
    # Sunday 20 September 2026 makes up for Tuesday 6 October
    assert weekday_worked(date(2026, 9, 20)) == 1
    assert date(2026, 9, 20) in days(changed(days=Days.WORKED, weekdays=(1,)), date(2026, 9, 14), date(2026, 9, 20))
    assert date(2026, 9, 20) not in days(thursdays, date(2026, 9, 14), date(2026, 9, 20))
    assert weekday_worked(date(2026, 10, 6)) is None
    assert weekday_worked(date(2026, 7, 11)) is None  # a plain Saturday


def test_off_days_are_holidays_and_free_weekends() -> None:
    found = days(changed(days=Days.OFF, weekdays=()), date(2026, 9, 19), date(2026, 10, 2))
    assert found == [
        date(2026, 9, 19),
        date(2026, 9, 25),
        date(2026, 9, 26),
        date(2026, 9, 27),
        date(2026, 10, 1),
        date(2026, 10, 2),
    ]


def test_special_days_are_those_with_a_label_at_the_point() -> None:
    chongyang = SpecialDay("*", date(2026, 10, 18), 8 * 60, 18 * 60, "重阳节")
    elsewhere = SpecialDay("west", date(2026, 10, 19), 8 * 60, 18 * 60, "庙会")
    special = changed(days=Days.SPECIAL, weekdays=())
    assert days(special, date(2026, 10, 12), date(2026, 10, 25), chongyang, elsewhere) == [date(2026, 10, 18)]


def test_what_lies_outside_the_opening_hours_is_not_made_but_told() -> None:
    short = SpecialDay("east", date(2026, 7, 7), 9 * 60, 11 * 60, "半天")
    found = drawn([MORNING], Calendar(EVERY_DAY, (short,)), date(2026, 7, 6), date(2026, 7, 8))
    assert [post.on.day for post in found.posts] == [6, 8]
    assert [post.on.day for post in found.shut] == [7]


@pytest.mark.parametrize("point", ["east", "nowhere"])
def test_a_point_without_hours_makes_nothing(point: str) -> None:
    assert posts_for([changed(point=point)], {}, (), date(2026, 7, 6), date(2026, 7, 6)) == ()


def test_a_copied_week_leaves_out_what_is_shut_begun_or_stands_already() -> None:
    monday, _, wednesday = (_post(f"p{day}", date(2026, 7, 6 + day)) for day in range(3))
    closed = SpecialDay("east", date(2026, 7, 14), None, None, "")
    posts = [monday, _post("p1", date(2026, 7, 7)), wednesday]
    there = _post("there", date(2026, 7, 15))
    copies = copies_of(posts, [there], Calendar(EVERY_DAY, (closed,)), 7, 0)
    assert {id_: (post.id, post.on) for id_, post in copies.fresh.items()} == {"p0": ("", date(2026, 7, 13))}
    assert [post.on for post in copies.shut] == [date(2026, 7, 14)]
    assert copies.standing == {"p2": there}
    late = copies_of(posts[:1], [], Calendar(EVERY_DAY), 7, instant_of(date(2026, 7, 14), 0))
    assert late.begun == ["p0"]


def test_a_post_that_always_lay_outside_the_hours_is_copied_too() -> None:
    (copy,) = copies_of([_post("p", date(2026, 7, 6))], [], Calendar({}), -7, 0).fresh.values()
    assert copy.on == date(2026, 6, 29)


def test_known_days_of_the_solar_and_the_lunar_year() -> None:
    found = occasions(date(2026, 12, 1), date(2027, 10, 31))
    assert [(each.on.month, each.on.day, each.label) for each in found] == [
        (12, 5, "国际志愿者日"),
        *((2, day, "春节") for day in (6, 7, 8)),
        (3, 5, "学雷锋日"),
        (6, 1, "六一儿童节"),
        (10, 8, "重阳节"),
    ]
    assert Occasion(date(2099, 3, 5), "学雷锋日") in occasions(date(2099, 1, 1), date(2099, 12, 31))  # no lunar ones


def test_no_template_makes_two_posts_of_a_day() -> None:
    for kind, weekdays in product(Days, [(), (0, 6), tuple(range(7))]):
        found = days(changed(days=kind, weekdays=weekdays), date(2026, 9, 14), date(2026, 10, 12))
        assert len(found) == len(set(found))


def _post(id_: str, on: date) -> Post:
    return Post(id_, "east", "directions", instant_of(on, 480), instant_of(on, 720), on)
