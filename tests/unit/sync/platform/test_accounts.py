"""The ledger in a terminal: columns stay columns whatever the names are."""

from __future__ import annotations

from sync.platform.accounts import cells, printable, table


def test_cells_count_what_a_terminal_shows() -> None:
    assert cells("张晓明") == 6
    assert cells("李㛃") == 4
    assert cells("孙\U0002cb4e") == 4
    assert cells("abc") == 3
    assert cells("e\u0301\u200b") == 1


def test_columns_stand_under_each_other() -> None:
    lines = table(("姓名", "number"), [("古丽娜尔·阿不都热合曼", "1"), ("Li", "22")]).splitlines()
    starts = {cells(line[: line.index(cell)]) for line, cell in zip(lines, ("number", "1", "22"), strict=True)}
    assert len(starts) == 1


def test_a_name_cannot_steer_the_terminal() -> None:
    assert printable("\x1b[2J张\u2028\n") == "\ufffd[2J张\ufffd\ufffd"
