"""Coverage-guided fuzzing of whatever reads bytes from outside: certificates, batches, revocation lists. ``make fuzz``.

Not a test of pytest: atheris steers it, for as long as it is told. The first byte of an input picks the reader, the
rest is what it reads. Anything but the reader's own refusal ends the run, and so does a certificate that is read and
does not encode back to the same text.

    .ci/fuzz [SECONDS]
"""

from __future__ import annotations

import gzip
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

with atheris.instrument_imports(include=["sync"]):
    from sync.protocol.batch import Batch, decode_batch, encode_batch
    from sync.protocol.certificate import codec
    from sync.protocol.errors import BatchError, CertificateError
    from sync.protocol.revocation import decode_gaps, encode_gaps

from tests.support.certificates import PAYLOAD, PROTECTED, bytes_of, cbor, text_of
from tests.support.community import Community
from tests.support.envelopes import chain_of

if TYPE_CHECKING:
    from collections.abc import Callable


def certificate_text(data: bytes) -> None:
    """Any text after our prefix."""
    _certificate(codec.PREFIX + data.decode("latin-1"))


def certificate_bytes(data: bytes) -> None:
    """Any bytes, rightly spelt in base45."""
    _certificate(text_of(data))


def certificate_claims(data: bytes) -> None:
    """Any claims in an otherwise good build."""
    _certificate(text_of(cbor([cbor(PROTECTED), {}, data, b"\0" * 64])))


def certificate_header(data: bytes) -> None:
    """Any protected header in an otherwise good build."""
    _certificate(text_of(cbor([data, {}, cbor(PAYLOAD), b"\0" * 64])))


def batch_body(data: bytes) -> None:
    """Any body of a request."""
    with suppress(BatchError):
        decode_batch(data)


def batch_json(data: bytes) -> None:
    """Any JSON, rightly compressed."""
    batch_body(gzip.compress(data, 1, mtime=0))


def revoked_serials(data: bytes) -> None:
    """Any varints; what is read encodes back to the same bytes."""
    with suppress(ValueError):
        assert encode_gaps(sorted(decode_gaps(data))) == data


READERS: tuple[Callable[[bytes], None], ...] = (
    certificate_text,
    certificate_bytes,
    certificate_claims,
    certificate_header,
    batch_body,
    batch_json,
    revoked_serials,
)


def _certificate(text: str) -> None:
    try:
        read = codec.decode_text(text)
    except CertificateError:
        return
    protected, payload = codec.encode_protected(read.kid, read.algorithm), codec.encode_claims(read.claims)
    assert codec.encode_text(protected, payload, read.signature) == text


def seeds() -> list[bytes]:
    """Return one good input for each reader, so that the way into it need not be found by chance."""
    text = Community().certificate()
    body = encode_batch(Batch("batch-1", "device-1", chain_of(2)))
    good = [text.removeprefix(codec.PREFIX).encode(), bytes_of(text), cbor(PAYLOAD), cbor(PROTECTED)]
    good += [body, gzip.decompress(body), encode_gaps([1, 2, 300, 70_000])]
    return [bytes([number]) + each for number, each in enumerate(good)]


def one_input(data: bytes) -> None:
    """Hand an input to the reader it names."""
    if data:
        READERS[data[0] % len(READERS)](data[1:])


def main() -> None:
    """Write the seeds into the corpus folder, the first argument, and run; libFuzzer reads the other arguments."""
    corpus = Path(sys.argv[1])
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
