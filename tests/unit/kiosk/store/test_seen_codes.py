"""No dynamic code is ever taken twice, whatever the order, the restarts and the clock; and the cache stays small."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select

from kiosk.store import seen_codes
from kiosk.store.device_file import HEAD, MIGRATIONS, migrate
from kiosk.store.tables import DeviceBase, SeenCodeRow
from kiosk.usecases.ports import DynamicCode
from sync.mailbox.engine import open_engine, writing

START_S = 1_800_000_000


def code(issuer: str, serial: int, issued_s: int, life_s: int) -> DynamicCode:
    issued_s += START_S
    issued_at, expires_at = datetime.fromtimestamp(issued_s, UTC), datetime.fromtimestamp(issued_s + life_s, UTC)
    return DynamicCode(issuer, serial.to_bytes(4, "big"), issued_at, expires_at)


LIVES_S = (60, 300, 900)  # an issuer mints one code of a serial at an instant, so its life belongs to the serial
CODES = st.builds(
    lambda issuer, serial, issued_s: code(issuer, serial, issued_s, LIVES_S[serial]),
    st.sampled_from(["410302", "410100"]),
    st.integers(0, len(LIVES_S) - 1),
    st.integers(0, 1200),
)


@settings(deadline=None)
@given(st.lists(CODES, max_size=40))
def test_a_code_is_taken_at_most_once_and_never_after_it_had_surely_ended(shown: Sequence[DynamicCode]) -> None:
    engine = create_engine("sqlite://")
    DeviceBase.metadata.create_all(engine, [SeenCodeRow.__table__])  # type: ignore[list-item]
    taken: list[DynamicCode] = []
    with engine.begin() as connection:
        for each in shown:
            newest = max((old.issued_at for old in taken if old.issuer == each.issuer), default=None)
            good = each not in taken and (newest is None or each.expires_at > newest)
            assert seen_codes.take(connection, each) is good
            taken += [each] if good else []
        kept = connection.execute(select(func.count()).select_from(SeenCodeRow)).scalar_one()
    engine.dispose()
    newest_of = {each.issuer: max(old.issued_at for old in taken if old.issuer == each.issuer) for each in taken}
    assert kept == sum(each.expires_at > newest_of[each.issuer] for each in taken)


def test_a_file_of_the_first_version_gets_the_cache_and_keeps_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "device.sqlite"
    engine = open_engine(file)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with closing(sqlite3.connect(file)) as plain, plain:
        plain.execute("INSERT INTO streams (stream) VALUES ('stream-1')")
    migrate(engine)
    with writing(engine) as connection:
        assert seen_codes.take(connection, code("410302", 1, 0, 60))
        assert not seen_codes.take(connection, code("410302", 1, 0, 60))
    engine.dispose()
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("SELECT stream FROM streams").fetchall() == [("stream-1",)]
        assert plain.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
