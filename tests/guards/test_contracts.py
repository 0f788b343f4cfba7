"""Each import contract goes red when it is broken: one run of lint-imports over a copy in which every one is.

*Upstream*: the contracts of pyproject.toml. *Downstream*: none.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.guards import tree

# contract → (module that offends, what it imports); every contract of pyproject.toml must stand here.
# `None` = it is there at all, where the exhaustive layers name no such room.
OFFENCES: dict[str, list[tuple[str, str | None]]] = {
    "kiosk-layers": [
        ("kiosk.offence", None),
        ("kiosk.domain.offence", "kiosk.usecases"),
        ("kiosk.certificate.offence", "kiosk.timekeeping"),
        ("kiosk.usecases.offence", "kiosk.presenter"),
        ("kiosk.presenter.offence", "kiosk.ui"),
        ("kiosk.ui.offence", "kiosk.store"),
        ("kiosk.store.offence", "kiosk.scan"),
        ("kiosk.scan.offence", "kiosk.ui"),
    ],
    "sync-layers": [
        ("sync.offence", None),
        ("sync.protocol.offence", "sync.mailbox"),
        ("sync.mailbox.offence", "sync.agent"),
        ("sync.agent.offence", "sync.platform"),
        ("sync.platform.offence", "sync.agent"),
    ],
    "sync-never-kiosk": [("sync.agent.offence_kiosk", "kiosk.domain")],
    "kiosk-sync": [("kiosk.store.offence_agent", "sync.agent"), ("kiosk.ui.offence_platform", "sync.platform")],
    "mailbox": [("kiosk.usecases.offence_mailbox", "sync.mailbox")],
    "platform-mailbox": [("sync.platform.offence_mailbox", "sync.mailbox")],
    "pure": [("kiosk.domain.offence_io", "socket"), ("sync.protocol.offence_io", "time")],
    "home-kivy": [("kiosk.presenter.offence_kivy", "kivy")],
    "home-vision": [
        ("kiosk.ui.offence_vision", "cv2"),
        ("kiosk.ui.offence_vision", "pyzbar"),
        ("kiosk.ui.offence_vision", "zxingcpp"),
        ("kiosk.commands.offence_serial", "serial"),
    ],
    "home-print": [
        ("kiosk.ui.offence_print", "segno"),
        ("sync.platform.offence_print", "segno"),
        ("sync.platform.offence_print", "fpdf"),
        ("sync.platform.offence_print", "xlsxwriter"),
        ("kiosk.scan.offence_print", "fpdf"),
        ("sync.platform.offence_print", "pygal"),
        ("sync.platform.offence_print", "xlsxwriter"),
    ],
    "home-sql": [("sync.agent.offence_sql", "sqlalchemy"), ("kiosk.usecases.offence_sql", "alembic")],
    "home-requests": [("sync.agent.offence_requests", "requests"), ("kiosk.usecases.offence_requests", "requests")],
    "home-web": [
        ("sync.agent.offence_web", "fastapi"),
        ("sync.agent.offence_web", "starlette"),
        ("sync.platform.offence_web", "jinja2"),
        ("sync.agent.offence_web", "uvicorn"),
    ],
    "home-crypto": [
        ("sync.protocol.offence_crypto", "cryptography"),
        ("sync.protocol.signing.offence_crypto", "gmalg"),
        ("kiosk.certificate.offence_crypto", "http_message_signatures"),
    ],
    "home-argon2": [("kiosk.usecases.offence_argon2", "argon2"), ("kiosk.certificate.offence_argon2", "argon2")],
    "home-cbor": [("kiosk.certificate.offence_cbor", "cbor2"), ("sync.protocol.offence_cbor", "base45")],
    "home-calendar": [("kiosk.domain.offence_calendar", "chinese_calendar")],
    "home-ortools": [("sync.platform.offence_ortools", "ortools")],
}


def contracts() -> list[dict[str, Any]]:
    return list(tree.pyproject()["tool"]["importlinter"]["contracts"])


def offend(copy: Path) -> None:
    """Writes every offence into the copy."""
    for module, imported in (offence for offences in OFFENCES.values() for offence in offences):
        path = copy / Path(*module.split(".")).with_suffix(".py")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"import {imported}\n" if imported else "\n")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What lint-imports says about a copy in which every contract is broken."""
    copy = tmp_path_factory.mktemp("broken")
    for package in ("kiosk", "sync"):
        shutil.copytree(tree.ROOT / package, copy / package, ignore=lambda _, names: {n for n in names if is_cargo(n)})
    shutil.copy(tree.ROOT / "pyproject.toml", copy)
    offend(copy)
    result = tree.run([str(tree.BIN / "lint-imports"), "--no-cache", "--no-logo"], cwd=copy)
    assert result.returncode == 1, result.stdout + result.stderr
    return " ".join(result.stdout.split())  # its lines are wrapped to the terminal


def is_cargo(name: str) -> bool:
    return "." in name and not name.endswith(".py")


def test_every_contract_has_its_offence() -> None:
    assert {contract["id"] for contract in contracts()} == set(OFFENCES)


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract["id"])
def test_a_broken_contract_goes_red(contract: dict[str, Any], report: str) -> None:
    assert f"{contract['name']} BROKEN" in report
    for module, imported in OFFENCES[contract["id"]]:
        if imported:
            assert re.search(rf"{re.escape(module)} -> {re.escape(imported)}\b", report), (module, imported)
        else:
            assert f"- {module}" in report


def test_rooms_gated_by_coverage_are_pure() -> None:
    gate = tree.pyproject()["tool"]["coverage"]["run"]
    gated = {folder.replace("/", ".") for folder in gate["source"]} | set(gate["source_pkgs"])
    present = {name for name in gated if stands(name)}
    pure = next(contract for contract in contracts() if contract["id"] == "pure")
    assert present <= set(pure["source_modules"]), "name it in the contract 'pure' of pyproject.toml too"


def stands(module: str) -> bool:
    path = tree.ROOT / Path(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()
