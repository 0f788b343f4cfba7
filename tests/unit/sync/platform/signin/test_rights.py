"""Rights by term of office: who may what, where, and not a millisecond longer."""

from __future__ import annotations

import pytest

from sync.platform import appointments
from sync.platform.signin.people import account_name
from sync.platform.signin.rights import (
    EVERYWHERE,
    RIGHTS,
    Holding,
    Right,
    Role,
    covers,
    giving,
    in_force,
    places_of,
    points_in,
)

READING = {Right.FIGURES, Right.LEDGER, Right.DEVICES, Right.QUARANTINE, Right.AUDIT}


def held(role: Role, point: str | None = "east", team: str | None = None) -> Holding:
    return Holding(role, 0, 100, point, team)


def test_every_role_of_an_appointment_has_its_rights_here() -> None:
    assert {role.value for role in appointments.Role} | {Role.KEEPER, Role.AUDITOR} == {role.value for role in Role}
    assert set(RIGHTS) == set(Role)


def test_a_term_gives_nothing_before_it_begins_and_nothing_once_it_has_ended() -> None:
    term = Holding(Role.HEAD, 10, 20, "east")
    assert [len(in_force([term], now_ms)) for now_ms in (9, 10, 19, 20)] == [0, 1, 1, 0]


def test_an_auditor_reads_and_does_nothing() -> None:
    assert RIGHTS[Role.AUDITOR] == READING


def test_a_publicist_sees_sums_and_no_names() -> None:
    assert RIGHTS[Role.PUBLICIST] == {Right.FIGURES}


def test_hours_are_for_people_of_the_station_and_accounts_for_the_keeper() -> None:
    assert {role for role in Role if Right.HOURS in RIGHTS[role]} == {Role.HEAD, Role.DEPUTY_HEAD, Role.CAPTAIN}
    assert {role for role in Role if Right.ACCOUNTS in RIGHTS[role]} == {Role.KEEPER}


def test_the_roster_is_planned_by_people_of_the_station_alone() -> None:
    station = {Role.HEAD, Role.DEPUTY_HEAD, Role.ORGANISER, Role.CAPTAIN}
    assert {role for role in Role if Right.ROSTER in RIGHTS[role]} == station


@pytest.mark.parametrize("role", sorted(set(Role) - EVERYWHERE))
def test_a_role_of_a_station_without_its_station_gives_nothing(role: Role) -> None:
    assert giving([held(role, None, "t")], Right.FIGURES) == ()


def test_a_captain_without_a_team_gives_nothing() -> None:
    assert giving([held(Role.CAPTAIN)], Right.LEDGER) == ()
    assert giving([held(Role.CAPTAIN, team="youth")], Right.LEDGER) != ()


def test_rights_hold_at_the_places_of_the_terms_that_give_them() -> None:
    both = [held(Role.CAPTAIN, "east", "youth"), held(Role.HEAD, "west"), held(Role.PUBLICIST, "north")]
    assert places_of(both, Right.LEDGER) == (("east", "youth"), ("west", None))
    assert places_of(both, Right.REVOKE) == (("west", None),)
    assert places_of(both, Right.ACCOUNTS) == ()
    assert places_of([*both, held(Role.KEEPER, None)], Right.LEDGER) is None
    assert points_in(places_of(both, Right.LEDGER)) == frozenset({"east", "west"})
    assert points_in(None) is None


def test_a_place_covers_its_point_and_a_captains_only_the_own_team() -> None:
    places = (("east", "youth"), ("west", None))
    assert covers(places, "west", "any")
    assert covers(places, "east", "youth")
    assert not covers(places, "east", "party")
    assert not covers(places, "east")
    assert not covers(places, "north")
    assert covers(None, "north")
    assert not covers((), "north")


@pytest.mark.parametrize(("text", "name"), [("Keeper", "keeper"), (" 张站长 ", "张站长"), ("Ａ.b-_", "a.b-_")])
def test_a_sign_in_name_is_one_however_it_is_typed(text: str, name: str) -> None:
    assert account_name(text) == name


@pytest.mark.parametrize("text", ["", "a", "a b", "x" * 33, "<b>", "a/b", "a\x00b"])
def test_what_is_no_sign_in_name(text: str) -> None:
    assert account_name(text) is None
