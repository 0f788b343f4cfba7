"""What officials of a whole city wait for: 1.1 million volunteers and 10 million sessions on one PostgreSQL.

Sessions, names, places and the register are made on the server (three years, 1,000 points, a few who serve nearly every
day); then our own ``recount`` makes the totals that are otherwise kept with every batch. Events are not made: none of
the pages reads them, so the keys that point to them are dropped. Then, in turn, in one run, on the same warm database:

* ``ledger_page``: the console's ledger, 50 lines and the totals of the selection: the newest, far back, a day, a month,
  a place, a state, a number;
* ``volunteer_total``: the confirmed minutes of one volunteer; ``volunteer_page``: all lines of one;
* ``monthly``: the indicators of 36 months by state and provenance, for the city and for one place.

Beside each stands plain SQL for the same answer, from the sessions alone: lines by OFFSET, sums by GROUP BY, the union
of intervals by a window function. The answers are compared before anything is timed. A ratio is plain ÷ ours.

    .venv/bin/python bench/city.py [--scale 1.0] [--rounds 200] [--plain-rounds 2]

At ``--scale 1`` it takes some 12 GB of disk under the temporary folder and removes them. The last line is one JSON
object: {ledger_page,volunteer_total,volunteer_page,monthly_city,monthly_point}_{p50_ms,p95_ms,plain_p50_ms,ratio}, and
volunteers, sessions, made_s, recount_s, disk_gb, load.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests.support, also when run as a script

from sync.platform.months import begin_ms, following
from sync.platform.records import LedgerFilter
from sync.platform.store import Database, mapping
from sync.protocol.vocabulary import SessionState
from tests.support import postgres

VOLUNTEERS, SESSIONS, POINTS, DEVICES = 1_100_000, 10_000_000, 1_000, 2_000
FIRST, DAYS, MONTHS = "2023-07", 1095, 36
DAY_MS = 86_400_000
LINES = 50
SETTINGS = {
    "fsync": "off",  # the bench reads; what it read need not last
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "maintenance_work_mem": "512MB",
    "work_mem": "64MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
}
FAMILY, FIRST_PART, SECOND_PART = "王李张刘陈杨黄赵吴周", "秀英敏静丽强磊军洋艳", "华明芳杰娜涛平兰梅文"
NAME = (
    f"substr('{FAMILY}', 1 + (n % 10)::int, 1) || substr('{FIRST_PART}', 1 + (n / 10 % 10)::int, 1)"
    f" || substr('{SECOND_PART}', 1 + (n / 100 % 10)::int, 1)"
)
REGISTER = (
    """
INSERT INTO service_points (id, name, region, opens, closes)
SELECT 'point-' || n, '服务点' || n, '410302', '08:00', '18:00' FROM generate_series(0, {points} - 1) n
""",
    """
INSERT INTO devices (id, name, service_point, public, registered_ms)
SELECT 'device-' || n, '设备' || n, 'point-' || n % {points}, repeat('0', 64), 0
FROM generate_series(0, {devices} - 1) n
""",
    """
INSERT INTO volunteers (number, name, service, registered_ms)
SELECT '41030220' || lpad(n::text, 8, '0'), {name}, 'directions', 0 FROM generate_series(0, {volunteers} - 1) n
""",
)
MAKE_SESSIONS = """
INSERT INTO sessions ({columns})
SELECT id, 'device-' || point * 2 % {devices}, id, '41030220' || lpad(n::text, 8, '0'),
    '410302', '0a0b', lpad(to_hex(n), 8, '0'), 'lyz1', 'signed', false,
    'point-' || point, (ARRAY['directions', 'tea_charging', 'environment'])[1 + n % 3], NULL, NULL, state,
    CASE state WHEN 'provisional' THEN 'one_scan_auto' WHEN 'amended' THEN 'correction' ELSE 'two_scans' END,
    start_ms, start_ms, start_ms, 'anchored', end_ms, end_ms, end_ms, 'anchored', length * 60000000000,
    CASE WHEN state IN ('closed', 'confirmed', 'amended') THEN length ELSE 0 END,
    'luoyang-1', '{{}}', '[]', NULL, '[]', NULL, NULL, NULL, start_ms
FROM (
    SELECT *, start_ms + length * 60000 AS end_ms FROM (
        SELECT gen_random_uuid()::text AS id, floor({volunteers} * power(random(), 1.5))::bigint AS n,
            floor(random() * {points})::int AS point,
            {first_ms} + floor(random() * {days})::bigint * 86400000
                + (8 * 60 + floor(random() * 480))::bigint * 60000 + floor(random() * 60000)::bigint AS start_ms,
            30 + floor(random() * 150)::bigint AS length,
            CASE WHEN r < 0.85 THEN 'confirmed' WHEN r < 0.95 THEN 'closed' WHEN r < 0.97 THEN 'provisional'
                WHEN r < 0.99 THEN 'amended' ELSE 'void' END AS state
        FROM (SELECT random() AS r FROM generate_series(1, {share})) AS drawn
    ) AS begun
) AS one
"""
MAKE_NAMES = """
INSERT INTO names (event, name, salt)
SELECT id, {name}, repeat('5a', 16) FROM (SELECT id, substr(volunteer, 9)::bigint AS n FROM sessions) AS one
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = %s AND conrelid IN ('sessions'::regclass, 'names'::regclass)
"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'sessions' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
PLAIN_LINES = """
SELECT s.*, n.name, p.name
FROM sessions s LEFT JOIN names n ON n.event = s.opening LEFT JOIN service_points p ON p.id = s.service_point
WHERE {where} ORDER BY s.started_est_ms DESC, s.id DESC OFFSET {offset} LIMIT {limit}
"""
PLAIN_UNION = """
SELECT state, provenance, coalesce(apart, ''), count(*), sum(credited_minutes), sum(CASE WHEN credited_minutes > 0
    THEN greatest(0, ends_ms - greatest(counts_from_ms, coalesce(taken_ms, 0))) ELSE 0 END) / 60000.0 {more}
FROM (
    SELECT s.*, s.counts_from_ms + s.credited_minutes * 60000 AS ends_ms,
        max(CASE WHEN s.credited_minutes > 0 THEN s.counts_from_ms + s.credited_minutes * 60000 END) OVER (
            PARTITION BY s.volunteer ORDER BY s.counts_from_ms, s.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS taken_ms
    FROM sessions s WHERE {where}
) AS one GROUP BY 1, 2, 3 {group}
"""
MONTH = "to_char(to_timestamp(started_est_ms / 1000.0) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
PLAIN_MONTHS = "SELECT * FROM ({union}) AS every WHERE %s::text IS NULL OR service_point = %s"


@dataclass(frozen=True, slots=True)
class City:
    """A database with its sizes."""

    database: Database
    plain: psycopg.Connection[Any]
    volunteers: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: how we answer it, and plain SQL."""

    ours: Callable[[], object]
    plain: Callable[[], object]


def numbered(n: int) -> str:
    """The number of a volunteer."""
    return f"41030220{n:08}"


def make(url: str, volunteers: int, sessions: int) -> None:
    """Fill a migrated database: two connections at a time, keys and indexes last."""
    sizes = {"points": POINTS, "devices": DEVICES, "volunteers": volunteers, "days": DAYS, "first_ms": begin_ms(FIRST)}
    drawn = {**sizes, "name": NAME, "columns": ", ".join(mapping.SESSION_COLUMNS), "share": sessions // 2}
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        for statement in REGISTER:
            admin.execute(statement.format(**drawn))
        keys, indexes = admin.execute(CONSTRAINTS, ("p",)).fetchall(), admin.execute(INDEXES).fetchall()
        for table, name, _ in [*admin.execute(CONSTRAINTS, ("f",)).fetchall(), *keys]:
            admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            admin.execute(f"DROP INDEX {name}")

    def run(statement: str) -> None:
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute(statement)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [MAKE_SESSIONS.format(**drawn)] * 2))
        run(MAKE_NAMES.format(**drawn))
        list(pool.map(run, [f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}" for table, name, what in keys]))
        list(pool.map(run, [definition for _, definition in indexes]))


def asked_pages(city: City, chance: random.Random) -> list[tuple[str, LedgerFilter, int, str]]:
    """The selections of an office: each a filter, an offset, and the same as a condition of plain SQL."""
    day = begin_ms(FIRST) + chance.randrange(DAYS) * DAY_MS
    month = FIRST
    for _ in range(chance.randrange(MONTHS)):
        month = following(month)
    begin, end = begin_ms(month), begin_ms(following(month))
    number, point = numbered(int(city.volunteers * chance.random() ** 1.5)), f"point-{chance.randrange(POINTS)}"
    return [
        ("newest", LedgerFilter(), 0, "true"),
        ("far", LedgerFilter(), chance.randrange(city.sessions), "true"),
        ("day", LedgerFilter(day, day + DAY_MS), 0, f"s.started_est_ms >= {day} AND s.started_est_ms < {day + DAY_MS}"),
        ("month", LedgerFilter(begin, end), 0, f"s.started_est_ms >= {begin} AND s.started_est_ms < {end}"),
        ("place", LedgerFilter(service_point=point), 0, f"s.service_point = '{point}'"),
        ("state", LedgerFilter(state=SessionState.PROVISIONAL), 0, "s.state = 'provisional'"),
        ("number", LedgerFilter(volunteer=number), 0, f"s.volunteer = '{number}'"),
    ]


def our_page(city: City, wanted: LedgerFilter, offset: int) -> object:
    """The ledger's page as the console asks for it."""
    with city.database.reading() as unit:
        return unit.ledger.page(wanted, offset, LINES)


def plain_page(city: City, where: str, offset: int) -> tuple[list[Any], list[Any]]:
    """The same by plain SQL: the lines, and the sums with the union of intervals."""
    lines = city.plain.execute(PLAIN_LINES.format(where=where, offset=offset, limit=LINES)).fetchall()
    return lines, city.plain.execute(PLAIN_UNION.format(where=where, more="", group="")).fetchall()


def our_months(city: City, point: str | None) -> object:
    """36 months as they are kept."""
    end = FIRST
    for _ in range(MONTHS):
        end = following(end)
    with city.database.reading() as unit:
        return unit.tallies.city(FIRST, end) if point is None else unit.tallies.months(FIRST, end, point)


def plain_months(city: City, point: str | None) -> object:
    """The same by plain SQL; a minute at two places counts for one of them, so all of a volunteer's are looked at."""
    union = PLAIN_UNION.format(where="true", more=f", {MONTH}, service_point", group=", 7, 8")
    return city.plain.execute(PLAIN_MONTHS.format(union=union), (point, point)).fetchall()


def our_total(city: City, number: str) -> object:
    """One volunteer's confirmed minutes."""
    with city.database.reading() as unit:
        return unit.ledger.confirmed_minutes((number,))


def our_lines(city: City, number: str) -> object:
    """All of one volunteer."""
    with city.database.reading() as unit:
        return unit.ledger.of_volunteer(number)


def plain_total(city: City, number: str) -> object:
    """One volunteer's sums."""
    return city.plain.execute(PLAIN_UNION.format(where=f"s.volunteer = '{number}'", more="", group="")).fetchall()


def plain_lines(city: City, number: str) -> object:
    """One volunteer's lines and sums."""
    where = f"s.volunteer = '{number}'"
    statement = PLAIN_LINES.format(where=where, offset=0, limit="ALL")
    return city.plain.execute(statement).fetchall(), plain_total(city, number)


def agree(city: City) -> None:
    """Hold our answers against plain SQL's: sessions exactly, minutes to one a volunteer at two places."""
    with city.database.reading() as unit:
        page = unit.ledger.page(LedgerFilter(), 0, LINES)
    lines, sums = plain_page(city, "true", 0)
    assert [entry.session.id for entry in page.entries] == [line[0] for line in lines]
    assert {(t.state, t.provenance): t.sessions for t in page.totals} == {(row[0], row[1]): row[3] for row in sums}
    ours = sum(total.credited_minutes for total in page.totals)
    theirs = sum(float(row[5]) for row in sums)
    ((at_two,),) = city.plain.execute("SELECT count(DISTINCT volunteer) FROM overlapping_sessions").fetchall()
    assert abs(ours - theirs) <= int(str(at_two)), (ours, theirs, at_two)
    click.echo(f"the same answer: {page.sessions} sessions, {ours} minutes ({at_two} volunteers at two places at once)")


def timed(work: Callable[[], object]) -> float:
    """Milliseconds a call takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of our answers, of plain SQL's to some of the same questions, and how they compare."""

    ours: list[float]
    plain: list[float]
    ratios: list[float]

    def figures(self, name: str) -> dict[str, float]:
        """Say and return the percentiles under a name."""
        p50, p95 = statistics.median(self.ours), statistics.quantiles(self.ours, n=20)[18]
        plain, ratio = statistics.median(self.plain), statistics.median(self.ratios)
        beside = f"plain SQL {plain:10.2f} ms   ratio {ratio:9.1f}"
        click.echo(f"{name:16} p50 {p50:9.2f} ms   p95 {p95:9.2f} ms   {beside}")
        found = {"p50_ms": p50, "p95_ms": p95, "plain_p50_ms": plain, "ratio": ratio}
        return {f"{name}_{key}": round(value, 2) for key, value in found.items()}


def ask(asked: list[Asked], plain_rounds: int) -> Timed:
    """Put all questions to us, and some of them to plain SQL and then to us again."""
    ours = [timed(each.ours) for each in asked]
    plain = [timed(each.plain) for each in asked[:plain_rounds]]
    same = [timed(each.ours) for each in asked[:plain_rounds]]
    return Timed(ours, plain, [theirs / mine for theirs, mine in zip(plain, same, strict=True)])


def measure(city: City, rounds: int, plain_rounds: int) -> dict[str, float]:
    """Ask everything."""
    chance = random.Random(1)  # noqa: S311 - which pages are looked at is no secret
    pages: dict[str, list[Asked]] = {}
    for _ in range(max(rounds // 7, 1)):
        for name, wanted, offset, where in asked_pages(city, chance):
            asked = Asked(partial(our_page, city, wanted, offset), partial(plain_page, city, where, offset))
            pages.setdefault(name, []).append(asked)
    found: dict[str, float] = {}
    mixed = Timed([], [], [])
    for name, every in pages.items():
        one = ask(every, min(plain_rounds, len(every)))
        found |= one.figures(f"page_{name}")
        mixed = Timed(mixed.ours + one.ours, mixed.plain + one.plain, mixed.ratios + one.ratios)
    found |= mixed.figures("ledger_page")
    numbers = [numbered(int(city.volunteers * chance.random() ** 1.5)) for _ in range(rounds)]
    totals = [Asked(partial(our_total, city, n), partial(plain_total, city, n)) for n in numbers]
    found |= ask(totals, rounds).figures("volunteer_total")
    lines = [Asked(partial(our_lines, city, n), partial(plain_lines, city, n)) for n in numbers]
    found |= ask(lines, rounds).figures("volunteer_page")
    whole = [Asked(partial(our_months, city, None), partial(plain_months, city, None))] * max(rounds // 10, 20)
    found |= ask(whole, plain_rounds).figures("monthly_city")
    points = [f"point-{chance.randrange(POINTS)}" for _ in range(rounds)]
    places = [Asked(partial(our_months, city, p), partial(plain_months, city, p)) for p in points]
    return found | ask(places, plain_rounds).figures("monthly_point")


@click.command()
@click.option("--scale", default=1.0, show_default=True, help="Of 1.1 million volunteers and 10 million sessions.")
@click.option("--rounds", default=210, show_default=True, help="Questions of each kind to us.")
@click.option(
    "--plain-rounds",
    default=2,
    show_default=True,
    help="Of these, those put to plain SQL, which reads the whole ledger.",
)
def main(scale: float, rounds: int, plain_rounds: int) -> None:
    """Measure a city."""
    volunteers, sessions = int(VOLUNTEERS * scale), int(SESSIONS * scale) // 2 * 2
    with postgres.server(SETTINGS) as server:
        url = server.new_database()
        begun = time.perf_counter()
        make(url.replace("+psycopg", ""), volunteers, sessions)
        made_s = time.perf_counter() - begun
        database = Database.open(url)
        recount_s = timed(database.recount) / 1000
        with closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True)) as plain:
            plain.execute("VACUUM ANALYZE")
            ((size,),) = plain.execute("SELECT pg_database_size(current_database())").fetchall()
            click.echo(f"made in {made_s:.0f} s, totals counted in {recount_s:.0f} s, {int(str(size)) / 1e9:.1f} GB")
            city = City(database, plain, volunteers, sessions)
            agree(city)
            found = measure(city, rounds, plain_rounds)
        database.close()
        server.drop(url)
    sizes = {"volunteers": volunteers, "sessions": sessions, "made_s": round(made_s), "recount_s": round(recount_s, 1)}
    print(
        json.dumps({**sizes, "disk_gb": round(int(str(size)) / 1e9, 1), **found, "load": round(os.getloadavg()[0], 1)})
    )


if __name__ == "__main__":
    main()
