"""Codes on the command line, TLS by path, and connections that dribble."""

from __future__ import annotations

import re
import socket
import ssl
import stat
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.platform import keys
from sync.platform.__main__ import PORTS
from sync.platform.api.connection import HEAD_BYTES, PatientConnection
from sync.platform.commands.trusting import trust_of
from sync.platform.commands.wiring import settings_of
from sync.platform.errors import KeyFileError
from sync.platform.tls import authority_pem, checked_tls
from sync.protocol.enrolling import normal_code
from sync.protocol.enrolment import read_enrolment
from tests.integration.platform.test_commands import done, run
from tests.support.served import served

POINT = "王城公园东门岗亭"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    done("demo-community", tmp_path / "community", "--platform-url", "http://127.0.0.1:8499")
    return tmp_path / "community" / "platform.toml"


class Certificates:
    """An authority and a server's certificate of it, made for a test."""

    def __init__(self, folder: Path) -> None:
        now = datetime.now(UTC)
        self.authority, self.certificate, self.key = (folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
        ca_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        ca_name, own_name = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("ca", "platform"))

        def signed(subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, is_ca: bool) -> bytes:
            builder = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name).public_key(key.public_key())
            builder = builder.serial_number(x509.random_serial_number())
            builder = builder.not_valid_before(now - timedelta(days=1))
            builder = builder.not_valid_after(now + timedelta(days=1))
            builder = builder.add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            return builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

        self.authority.write_bytes(signed(ca_name, ca_key, is_ca=True))
        self.certificate.write_bytes(signed(own_name, own_key, is_ca=False))
        pem = own_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.key.write_bytes(pem)
        self.key.chmod(0o600)


# Codes


def test_a_code_is_shown_once_with_its_symbol_and_its_end(config: Path) -> None:
    shown = done("device", "code", "--config", config, "--service-point", POINT, "--name", "西门触摸机")
    code, *drawn = shown.splitlines()
    letters = normal_code(code)
    assert letters is not None
    assert code == "-".join(letters[at : at + 4] for at in (0, 4, 8))
    assert f"#enrol={code}" in shown
    assert "有效期至 Good once, until: 20" in shown
    symbol = [line for line in drawn if set(line) <= set(" █▀▄") and len(line) > 20]
    assert len({len(line) for line in symbol}) == 1
    assert symbol[0] == "█" * len(symbol[0])
    listed = done("device", "code", "list", "--config", config)
    assert "西门触摸机" in listed
    assert "open" in listed
    assert code not in listed


def test_a_code_can_be_withdrawn(config: Path) -> None:
    shown = done("device", "code", "--config", config, "--service-point", POINT, "--name", "西门触摸机", "--hours", "2")
    found = re.search(r"\(([0-9a-f-]{36})\)", shown)
    assert found is not None
    assert "已作废 Withdrawn" in done("device", "code", "withdraw", "--config", config, found[1])
    assert "withdrawn" in done("device", "code", "list", "--config", config)
    again = run("device", "code", "withdraw", "--config", config, found[1])
    assert (again.exit_code, "No unused code" in again.output) == (2, True)


def test_what_a_code_needs_is_said_in_a_sentence(config: Path) -> None:
    for words in ((), ("--name", "x"), ("--service-point", POINT), ("--service-point", "?", "--name", "x")):
        result = run("device", "code", "--config", config, *words)
        assert result.exit_code == 2
        assert result.output.startswith("错误 Error: ")


# Keys and TLS by path


def test_the_platforms_own_key_is_made_where_the_root_key_is(config: Path, tmp_path: Path) -> None:
    own = config.parent / "keys" / keys.PLATFORM
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    public = keys.load_key(own.parent, keys.PLATFORM).public.hex()
    done("device", "add", "--config", config, "--name", "x", "--service-point", POINT, "--output", tmp_path / "e.json")
    for file in (tmp_path / "e.json", config.parent / "enrolment.json"):
        assert read_enrolment(file.read_bytes(), 0o600).platform_public == public
    own.unlink()
    trust = trust_of(settings_of(config), PORTS)
    assert own.exists()
    assert trust.keys.platform().public.hex() != public
    own.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        trust_of(settings_of(config), PORTS)


def test_devices_are_told_the_authority_to_pin(config: Path, tmp_path: Path) -> None:
    made = Certificates(tmp_path)
    with config.open("a") as file:
        file.write(f'tls_ca = "{made.authority}"\n')
    assert trust_of(settings_of(config), PORTS).ca_pem == made.authority.read_text()
    done("device", "add", "--config", config, "--name", "x", "--service-point", POINT, "--output", tmp_path / "e.json")
    assert read_enrolment((tmp_path / "e.json").read_bytes(), 0o600).ca_pem == made.authority.read_text()


def test_tls_is_served_and_believed_by_its_authority_alone(tmp_path: Path) -> None:
    made = Certificates(tmp_path)
    tls = checked_tls(made.certificate, made.key)
    assert tls is not None
    with served(answer_ok, ssl_certfile=tls.certificate, ssl_keyfile=tls.key) as url:
        address = url.replace("http://127.0.0.1", "https://localhost")
        pinned = ssl.create_default_context(cadata=authority_pem(made.authority))
        assert httpx.get(address, verify=pinned, trust_env=False).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(address, trust_env=False)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda made: made.key.chmod(0o640), "chmod 600"),
        (lambda made: made.key.write_text("no key"), "not a certificate and its key"),
        (lambda made: made.certificate.unlink(), "not a certificate and its key"),
    ],
)
def test_what_is_wrong_with_tls_is_said_in_a_sentence(
    tmp_path: Path, spoil: Callable[[Certificates], object], says: str
) -> None:
    made = Certificates(tmp_path)
    spoil(made)
    with pytest.raises(KeyFileError, match=says):
        checked_tls(made.certificate, made.key)


def test_half_of_tls_is_none(tmp_path: Path) -> None:
    made = Certificates(tmp_path)
    assert checked_tls(None, None) is None
    assert authority_pem(None) is None
    with pytest.raises(KeyFileError, match="belong together"):
        checked_tls(made.certificate, None)
    with pytest.raises(KeyFileError, match="not a certificate"):
        authority_pem(made.key)


# Connections


async def answer_ok(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


class Hasty(PatientConnection):
    head_seconds = 0.3


WHOLE, HALF = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(("first", "then"), [(b"", b""), (b"", HALF), (WHOLE, HALF)], ids=["none", "half", "second"])
def test_who_dribbles_a_head_is_hung_up_on(first: bytes, then: bytes) -> None:
    with served(answer_ok, http=Hasty) as url, dialled(url) as line:
        if first:
            assert answered(line, first)
        line.sendall(then)
        begun = time.monotonic()
        assert line.recv(4096) == b""
        assert time.monotonic() - begun < 4  # an idle connection is uvicorn's to end, after 5 s


def test_who_asks_again_is_answered_however_late() -> None:
    with served(answer_ok, http=Hasty) as url, dialled(url) as line:
        assert answered(line, WHOLE)
        time.sleep(0.5)
        assert answered(line, WHOLE)


def test_a_head_beyond_its_size_is_refused() -> None:
    bounded: dict[str, Any] = {"http": PatientConnection, "h11_max_incomplete_event_size": HEAD_BYTES}
    with served(answer_ok, **bounded) as url, dialled(url) as line:
        line.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * (HEAD_BYTES + 1000))
        assert line.recv(4096).startswith(b"HTTP/1.1 400")


def dialled(url: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), timeout=10)


def answered(line: socket.socket, said: bytes) -> bool:
    line.sendall(said)
    taken = b""
    while not taken.endswith(b"ok"):
        more = line.recv(4096)
        if not more:
            return False
        taken += more
    return taken.startswith(b"HTTP/1.1 200 ")
