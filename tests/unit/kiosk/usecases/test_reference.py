"""Reference data never goes backwards, and only the root key of the enrolment speaks."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.usecases.combined_reference import Trusted
from kiosk.usecases.errors import NotEnrolledError
from sync.protocol.errors import SignatureError
from sync.protocol.reference import REFERENCE_DATA
from sync.protocol.signing.documents import SignedDocument, sign_document
from tests.support.community import Community, milliseconds
from tests.support.station import Booth

US = Community()


def document(version: int, trust_version: int, *, us: Community = US, device: str = "device-1") -> SignedDocument:
    """Return reference data of a version, with a trust list of a version."""
    trust = msgspec.structs.replace(us.trust_list(), version=trust_version)
    data = us.reference(version=version).payload
    signed = sign_document("trust_list", msgspec.to_builtins(trust), us.root)
    payload = {**data, "device": device, "trust_list": msgspec.to_builtins(signed)}
    return sign_document(REFERENCE_DATA, payload, us.root)


def version(booth: Booth) -> tuple[int, int]:
    current = booth.station.device.shelf.current()
    return current.data.version, current.trust.version


def test_newer_data_replaces_what_stood_and_outlives_the_program(booth: Booth) -> None:
    assert booth.station.apply_reference(document(3, 2))
    assert version(booth) == (3, 2)
    booth.restart()
    assert version(booth) == (3, 2)


@pytest.mark.parametrize("older", [(3, 2), (2, 2), (1, 1), (2, 9), (4, 1), (3, 1)])
def test_nothing_older_replaces_it(booth: Booth, older: tuple[int, int]) -> None:
    booth.station.apply_reference(document(3, 2))
    assert not booth.station.apply_reference(document(*older))
    assert version(booth) == (3, 2)


def test_a_newer_trust_list_alone_is_taken(booth: Booth) -> None:
    booth.station.apply_reference(document(3, 2))
    assert booth.station.apply_reference(document(3, 3))


def test_the_data_of_another_root_is_refused(booth: Booth) -> None:
    with pytest.raises(SignatureError):
        booth.station.apply_reference(document(9, 9, us=Community(root=US.stranger)))
    assert version(booth) == (1, 1)


def test_a_strangers_trust_list_within_is_refused(booth: Booth) -> None:
    theirs = document(9, 9, us=Community(root=US.stranger)).payload["trust_list"]
    mixed = {**document(9, 9).payload, "trust_list": theirs}
    with pytest.raises(SignatureError):
        booth.station.apply_reference(sign_document(REFERENCE_DATA, mixed, US.root))
    assert version(booth) == (1, 1)


def test_the_data_of_another_device_is_refused(booth: Booth) -> None:
    with pytest.raises(SignatureError, match="device-2"):
        booth.station.apply_reference(document(9, 9, device="device-2"))
    assert version(booth) == (1, 1)


def test_data_that_was_changed_on_the_disk_is_not_believed(booth: Booth) -> None:
    tampered = document(5, 5)
    tampered.payload["notices"] = ["changed"]
    engine = booth.station.device.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE reference SET document = ?", (msgspec.json.encode(tampered),))
    fresh = booth.opened().device.shelf  # the enrolment's own data stands again
    assert fresh.current().data.version == 1


@pytest.mark.parametrize(
    "stored", [b"", b"{}", b"\xff", b'{"kind":"reference_data","payload":{"a":1.5},"signature":""}']
)
def test_rubbish_on_the_shelf_is_a_sentence(booth: Booth, stored: bytes) -> None:
    engine = booth.station.device.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE reference SET document = ?", (stored,))
    shelf = type(booth.station.device.shelf)(engine, Trusted(US.root.public))
    with pytest.raises(NotEnrolledError, match="enrol again"):
        shelf.current()


def test_reference_data_is_a_floor_of_the_clock(booth: Booth) -> None:
    later = {**document(2, 1).payload, "issued_ms": milliseconds(US.issued) + 5_000_000}
    booth.station.apply_reference(sign_document(REFERENCE_DATA, later, US.root))
    booth.clocks.set_wall(0)
    booth.station.tend()
    assert milliseconds(booth.station.clock.now().at) == milliseconds(US.issued) + 5_000_000
