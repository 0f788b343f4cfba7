"""TLS: the pinned authority is believed and no other, and a booth whose clock stopped still reaches its platform."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sync.agent.pinning import Pinned
from sync.agent.transport import HttpTransport, Limits, TransportError
from sync.protocol.server_time import TIME, ServerTime
from sync.protocol.signing.documents import sign_document
from sync.protocol.signing.keys import SigningKey

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
PLATFORM = SigningKey(b"p" * 32)
KEY = SigningKey(b"d" * 32)


@dataclass
class Authority:
    """A certificate authority of a test."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")])
        built = self._builder(self.name, self.key, NOW - 3650 * DAY, NOW + 3650 * DAY)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        usage = x509.KeyUsage(*(each in {5, 6} for each in range(9)))
        self.certificate = built.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def _builder(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, begin: datetime, end: datetime
    ) -> x509.CertificateBuilder:
        built = x509.CertificateBuilder().subject_name(name).issuer_name(self.name).public_key(key.public_key())
        built = built.serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(end)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return built.add_extension(identifier, critical=False).add_extension(authority, critical=False)

    def server(self, folder: Path, begin: datetime, end: datetime, host: str = "127.0.0.1") -> ssl.SSLContext:
        """Return what a server of this address presents."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        built = self._builder(name, key, begin, end).add_extension(names, critical=False)
        pem = built.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = folder / "server.pem"
        file.write_bytes(pem + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@dataclass
class Platform:
    """A platform behind TLS that tells a time, and what it was asked."""

    url: str = ""
    tells: datetime = NOW
    signs: SigningKey = PLATFORM
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(context: ssl.SSLContext) -> Iterator[Platform]:
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            platform.asked.append(self.path)
            (nonce,) = parse_qs(urlsplit(self.path).query).get("nonce", ["none"])
            told = ServerTime(nonce, round(platform.tells.timestamp() * 1000), "epoch-1")
            body = msgspec.json.encode(sign_document(TIME, msgspec.to_builtins(told), platform.signs))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    platform.url = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def authority() -> Authority:
    """The platform's authority."""
    return Authority()


def line_to(platform: Platform, ca: str, *, knows: bool = True, clock: datetime = NOW) -> HttpTransport:
    tls = Pinned(ca, PLATFORM.public if knows else None, lambda: clock, lambda: "nonce-of-a-test")
    return HttpTransport(platform.url, "device-1", KEY, lambda: clock, Limits(2, 2, 4), tls)


def fetched(line: HttpTransport) -> int:
    return line.exchange("GET", "/v1/changes?scope=station", None).status


def test_the_pinned_authority_is_believed(authority: Authority, tmp_path: Path) -> None:
    with serving(authority.server(tmp_path, NOW - DAY, NOW + DAY)) as platform:
        assert fetched(line_to(platform, authority.pem)) == 200


def test_no_other_authority_is_believed_nor_another_host(authority: Authority, tmp_path: Path) -> None:
    other = Authority()
    for context in (
        other.server(tmp_path, NOW - DAY, NOW + DAY),
        authority.server(tmp_path, NOW - DAY, NOW + DAY, "127.0.0.2"),
    ):
        with serving(context) as platform:
            with pytest.raises(TransportError, match="not this device's platform"):
                fetched(line_to(platform, authority.pem))
            assert platform.asked == []


def test_without_a_pin_the_systems_authorities_are_believed(authority: Authority, tmp_path: Path) -> None:
    with serving(authority.server(tmp_path, NOW - DAY, NOW + DAY)) as platform:
        line = HttpTransport(platform.url, "device-1", KEY, lambda: NOW, Limits(2, 2, 4))
        with pytest.raises(TransportError, match="not this device's platform"):
            fetched(line)


def test_an_authority_that_is_none_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="not a PEM certificate"):
        Pinned("no certificate", None, lambda: NOW, str)


# A clock that stopped: OpenSSL looks at the machine's, so the certificate is put where that one is wrong


@pytest.mark.parametrize("away", [-400 * DAY, 400 * DAY])
def test_a_booth_whose_clock_is_wrong_asks_for_the_time_once_and_goes_on(
    authority: Authority, tmp_path: Path, away: timedelta
) -> None:
    with serving(authority.server(tmp_path, NOW + away - DAY, NOW + away + DAY)) as platform:
        platform.tells = NOW + away
        line = line_to(platform, authority.pem)
        assert [fetched(line), fetched(line)] == [200, 200]
    asked = [urlsplit(each).path for each in platform.asked]
    assert asked == ["/v1/time", "/v1/changes", "/v1/changes"]


def test_a_certificate_that_is_not_valid_at_the_platforms_own_time_is_refused(
    authority: Authority, tmp_path: Path
) -> None:
    with serving(authority.server(tmp_path, NOW - 400 * DAY, NOW - 300 * DAY)) as platform:
        for _ in range(2):
            with pytest.raises(TransportError, match="not this device's platform"):
                fetched(line_to(platform, authority.pem))
    assert {urlsplit(each).path for each in platform.asked} == {"/v1/time"}


def test_a_time_that_another_key_signed_is_not_believed(authority: Authority, tmp_path: Path) -> None:
    with serving(authority.server(tmp_path, NOW - 400 * DAY, NOW - 300 * DAY)) as platform:
        platform.tells, platform.signs = NOW - 350 * DAY, SigningKey(b"x" * 32)
        with pytest.raises(TransportError, match="not this device's platform"):
            fetched(line_to(platform, authority.pem))


def test_under_a_wrong_clock_another_authority_is_not_even_asked(authority: Authority, tmp_path: Path) -> None:
    with (
        serving(Authority().server(tmp_path, NOW - 400 * DAY, NOW - 300 * DAY)) as platform,
        pytest.raises(TransportError, match="not this device's platform"),
    ):
        fetched(line_to(platform, authority.pem))
    assert platform.asked == []


def test_where_no_platform_key_is_known_dates_are_dates(authority: Authority, tmp_path: Path) -> None:
    with (
        serving(authority.server(tmp_path, NOW - 400 * DAY, NOW - 300 * DAY)) as platform,
        pytest.raises(TransportError, match="not this device's platform"),
    ):
        fetched(line_to(platform, authority.pem, knows=False))
    assert platform.asked == []
