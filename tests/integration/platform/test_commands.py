"""The commands as a person runs them: what they print, what they leave, and what they say when something is wrong."""

from __future__ import annotations

import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click.testing
import msgspec
import pytest

from sync.platform.__main__ import main
from sync.protocol.certificate.claims import SignedCertificate
from sync.protocol.certificate.codec import decode_text
from sync.protocol.enrolment import read_enrolment
from sync.protocol.reference import ReferenceData, read_reference_data
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.signing.keys import verifies
from sync.protocol.trust import TrustList, read_trust_list


def run(*words: object) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, [str(word) for word in words])


def done(*words: object) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A demo community made by its command."""
    done("demo-community", tmp_path / "community", "--platform-url", "http://127.0.0.1:8499")
    return tmp_path / "community"


def reference_of(path: Path) -> tuple[ReferenceData, TrustList]:
    enrolment = read_enrolment(path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
    root = bytes.fromhex(enrolment.root_public)
    reference = read_reference_data(enrolment.reference, root)
    return reference, read_trust_list(reference.trust_list, root)


def trusted(certificate: SignedCertificate, trust: TrustList) -> bool:
    publics = [bytes.fromhex(key.public) for key in trust.keys if key.kid == certificate.kid.hex()]
    return any(verifies(public, certificate.signed_bytes, certificate.signature) for public in publics)


def test_a_demo_community_is_whole(folder: Path) -> None:
    shown: dict[str, Any] = msgspec.json.decode((folder / "certificates.json").read_bytes())
    reference, trust = reference_of(folder / "enrolment.json")
    now = datetime.now(UTC)
    assert len(shown["volunteers"]) == 12
    for person in shown["volunteers"]:
        certificate = decode_text(person["text"])
        assert trusted(certificate, trust)
        assert (certificate.claims.volunteer_number, certificate.claims.display_name) == (
            person["number"],
            person["name"],
        )
        assert certificate.claims.issued_at <= now < certificate.claims.expires_at
    assert not trusted(decode_text(shown["forged"]), trust)
    assert decode_text(shown["forged"]).kid.hex() == trust.keys[0].kid
    assert trusted(decode_text(shown["expired"]), trust)
    assert decode_text(shown["expired"]).claims.expires_at < now
    assert decode_text(shown["expired"]).claims.issued_at.timestamp() * 1000 >= trust.keys[0].valid_from_ms
    assert decode_text(shown["other_issuer"]).kid.hex() not in {key.kid for key in trust.keys}
    assert shown["not_certificates"].keys() == {"payment_alipay", "payment_wechat", "web", "chinese"}
    assert any(shift.starts_ms <= now.timestamp() * 1000 < shift.ends_ms for shift in reference.roster)
    for name in ("enrolment.json", "certificates.json", "keys/root.seed", "keys/issuer.seed", "platform.sqlite"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name


def test_every_demo_community_is_its_own(folder: Path, tmp_path: Path) -> None:
    done("demo-community", tmp_path / "second")
    for name in ("enrolment.json", "keys/root.seed", "keys/issuer.seed"):
        assert (folder / name).read_bytes() != (tmp_path / "second" / name).read_bytes()


def test_an_empty_ledger_is_printed(folder: Path) -> None:
    config = folder / "platform.toml"
    assert msgspec.json.decode(done("ledger", "--json", "--config", config)) == {"sessions": [], "events": []}
    assert "0 条 sessions" in done("ledger", "--config", config)


def test_a_certificate_is_issued(folder: Path) -> None:
    issue = (
        "certificate",
        "issue",
        "--config",
        folder / "platform.toml",
        "--number",
        "4103022026000099",
        "--name",
        "李㛃",
    )
    until = datetime(2027, 6, 30, tzinfo=UTC)
    text = done(*issue, "--expires", "2027-06-30T08:00:00+08:00", "--issued", "2026-01-01T00:00:00Z").strip()
    certificate = decode_text(text)
    assert certificate.claims.expires_at == until
    assert trusted(certificate, reference_of(folder / "enrolment.json")[1])
    moment = decode_text(done(*issue, "--kind", "dynamic").strip()).claims
    assert moment.kind == "dynamic"
    assert moment.expires_at - moment.issued_at == timedelta(minutes=5)


def test_a_device_is_added_listed_and_revoked(folder: Path, tmp_path: Path) -> None:
    config, output = folder / "platform.toml", tmp_path / "west.json"
    add = ("device", "add", "--config", config, "--name", "西门触摸机", "--service-point", "王城公园东门岗亭")
    device = done(*add, "--output", output).splitlines()[0]
    reference, trust = reference_of(output)
    assert (reference.device, reference.service_point.name) == (device, "王城公园东门岗亭")
    assert trust.keys
    assert device in done("device", "list", "--config", config)
    done("device", "revoke", "--config", config, device)
    assert "revoked" in done("device", "list", "--config", config)


def test_what_is_wrong_is_said_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    config = folder / "platform.toml"
    issue = ("certificate", "issue", "--config", config, "--number", "LY1")
    add = ("device", "add", "--config", config, "--name", "x", "--output", tmp_path / "x.json", "--service-point")
    for words, says in (
        ((*issue, "--name", "x" * 41), "text claim"),
        ((*issue, "--name", "x", "--expires", "soon"), "not ISO 8601"),
        ((*issue, "--name", "x", "--expires", "2027-01-01T00:00:00"), "no offset"),
        ((*add, "月球"), "There are: 王城公园东门岗亭"),
        (("device", "revoke", "--config", config, "none"), "No device none"),
        (("ledger", "--database", f"sqlite:///{tmp_path}/none.sqlite"), "There is no database"),
        (("ledger", "--config", tmp_path / "none.toml"), "cannot be read"),
        (("demo-community", folder), "is not empty"),
        (("demo-community", tmp_path / "n", "--platform-url", "nowhere"), "not an address"),
        (("serve", "--config", config, "--host", "203.0.113.9"), "Cannot listen on 203.0.113.9"),
    ):
        result = run(*words)
        assert result.exit_code == 2, words
        assert says in result.output, words
        assert "Traceback" not in result.output


def test_a_failed_command_leaves_nothing_half_done(folder: Path, tmp_path: Path) -> None:
    config, taken = folder / "platform.toml", tmp_path / "taken.json"
    taken.write_text("mine")
    before = done("device", "list", "--config", config)
    add = ("device", "add", "--config", config, "--name", "x", "--service-point", "王城公园东门岗亭")
    assert run(*add, "--output", taken).exit_code == 2
    assert done("device", "list", "--config", config) == before
    assert taken.read_text() == "mine"


def test_the_life_of_a_card_in_commands(folder: Path, tmp_path: Path) -> None:
    config = ("--config", folder / "platform.toml")
    first, number = decode_text(done("certificate", "issue", *config, "--number", "77", "--name", "周一").strip()), "77"
    assert run("certificate", "issue", *config, "--number", "77", "--name", "周一").exit_code == 2
    second = decode_text(done("certificate", "reissue", *config, number).strip())
    assert second.claims.serial > first.claims.serial
    done("certificate", "print", *config, number, "4103022026000003", "--out", tmp_path / "cards.pdf", "--backs")
    assert (tmp_path / "cards.pdf").read_bytes().startswith(b"%PDF-")
    done("certificate", "lost", *config, number)
    assert re.search(r"77 +周一 +lost +0000000e", done("certificate", "list", *config))
    assert "no good card" in run("certificate", "print", *config, number, "--out", tmp_path / "x.pdf").output
    done("certificate", "reissue", *config, number)
    done("certificate", "revoke", *config, number)
    assert re.search(r"77 +周一 +revoked", done("certificate", "list", *config))


def test_codes_for_phones_in_commands(folder: Path) -> None:
    config, number = ("--config", folder / "platform.toml"), "4103022026000003"
    code = decode_text(done("certificate", "dynamic", *config, number, "--minutes", 2).strip()).claims
    assert (code.kind, code.expires_at - code.issued_at) == ("dynamic", timedelta(minutes=2))
    assert re.fullmatch(r"/my/[\w-]{22}\n", done("certificate", "phone", *config, number))
    assert re.search(rf"{number} .* 有 yes", done("certificate", "list", *config))
    done("certificate", "phone", *config, number, "--close")
    assert not re.search(rf"{number} .* 有 yes", done("certificate", "list", *config))
    assert "No volunteer none" in run("certificate", "dynamic", *config, "none").output


def test_appointments_and_reference_data_in_commands(folder: Path, tmp_path: Path) -> None:
    config, out = ("--config", folder / "platform.toml"), tmp_path / "reference.json"
    add = ("appointment", "add", *config, "--number", "4103022026000004", "--service-point", "王城公园东门岗亭")
    term = done(*add, "--role", "captain", "--team", "youth", "--to", "2100-01-01T00:00:00+08:00").strip()
    assert term in done("appointment", "list", *config)
    enrolment = read_enrolment((folder / "enrolment.json").read_bytes(), 0o600)
    for _ in range(2):  # an earlier file of that name is replaced
        done("reference", "publish", *config, enrolment.device, "--out", out)
    document = msgspec.json.decode(out.read_bytes(), type=SignedDocument)
    data = read_reference_data(document, bytes.fromhex(enrolment.root_public))
    assert ("4103022026000004", "赵䶮", "captain", "youth") in {
        (each.volunteer, each.display_name, each.role, each.team) for each in data.appointments
    }
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    done("appointment", "end", *config, term)
    assert "No device none" in run("reference", "publish", *config, "none", "--out", out).output


def test_what_is_decided_of_a_volunteer_is_shown_and_told(folder: Path, tmp_path: Path) -> None:
    config, number = ("--config", folder / "platform.toml"), "4103022026000003"
    assert "暂停 suspended: 是" in done("volunteer", "suspend", *config, number)
    assert "暂停 suspended: 否" in done("volunteer", "suspend", *config, number, "--lift")
    assert "(成年 adult from 20" in done("volunteer", "minor", *config, number, "--born", "2015-02-28", "--consent")
    assert "有偿 paid: 是" in done("volunteer", "paid", *config, number)
    assert "星级 star: 2" in done("volunteer", "star", *config, number, 2)
    assert "first_aid (至 until 2099-12-31)" in done(
        "volunteer", "training", *config, number, "first_aid", "--until", "2099-12-31"
    )
    assert "—" in done("volunteer", "training", *config, number, "first_aid", "--withdraw")
    assert "监护人同意 guardian's consent: 是" in done("volunteer", "show", *config, number)
    place = ("--service-point", "王城公园东门岗亭", "--service", "legal_advice")
    done("service-rule", "set", *config, *place, "--training", "law", "--strict", "--tally", "tea")
    assert "legal_advice" in done("service-rule", "list", *config)
    device = msgspec.json.decode((folder / "enrolment.json").read_bytes())["device"]
    done("reference", "publish", *config, device, "--out", tmp_path / "reference.json")
    told = (tmp_path / "reference.json").read_text("utf-8")
    assert "adult_from_ms" in told
    assert "2015-02-28" not in told
    done("service-rule", "remove", *config, *place)
    assert "legal_advice" not in done("service-rule", "list", *config)
    for words in (("volunteer", "show", *config, "nobody"), ("volunteer", "minor", *config, number, "--born", "today")):
        assert run(*words).exit_code == 2


def test_visitors_cards_are_a_sheet_and_their_numbers(folder: Path, tmp_path: Path) -> None:
    config, out = ("--config", folder / "platform.toml"), tmp_path / "visitors.pdf"
    on = (datetime.now(UTC) + timedelta(days=2)).date()
    said = done("certificate", "day", *config, "--team", "青年志愿者", "--on", on, "--count", 3, "--out", out)
    numbers = said.split()
    assert len(set(numbers)) == 3
    assert out.read_bytes().startswith(b"%PDF")
    assert numbers[0] in done("certificate", "revoke", *config, numbers[0])
    past = ("certificate", "day", *config, "--team", "x", "--on", "2020-01-01", "--count", 1, "--out", out)
    assert run(*past).exit_code == 2
