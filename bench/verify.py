"""What the strict check of a certificate costs beside the one thing in it that cannot be saved: the bare signature.

What it compares, in one run on one machine, certificate by certificate:

* ours: a presented text → strict reading → trust list → signature → revocation list of 10,000 → dates;
* the limit: the bare Ed25519 verification of the same bytes, key object at hand.

And the revocation list: how many bytes 10,000 of 1,100,000 serials take on the wire, signed, and how long one look-up
and one reading of the whole list take. SM2 for comparison: the same certificate under the second algorithm.

    .venv/bin/python bench/verify.py [--rounds N]

The last line is one JSON object: verify_ratio (aim ≤ 2.5), verify_p50_us, ed25519_p50_us, decode_p50_us,
revoked_list_bytes (limit 20,000), revoked_lookup_us (limit 10), revoked_read_ms, sm2_p50_ms.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests.support, also when run as a script

from kiosk.certificate.verify import Now, verify
from sync.protocol.certificate.codec import decode_text
from sync.protocol.certificate.mint import mint
from sync.protocol.revocation import read_revocation_list, sign_revocation_list
from sync.protocol.signing.sm2 import Sm2SigningKey
from sync.protocol.trust import TrustedKey
from tests.support.community import CLAIMS, KID, REGION, Community

if TYPE_CHECKING:
    from collections.abc import Callable

ISSUED, REVOKED, SM2_ROUNDS = 1_100_000, 10_000, 20
NS_PER_US, NS_PER_MS = 1e3, 1e6


def certificates(community: Community, rounds: int, revoked: set[int]) -> list[str]:
    """Return certificates of volunteers one after another, none of them revoked."""
    serials = (number for number in range(1, ISSUED) if number not in revoked)
    return [
        community.certificate(volunteer_number=f"41030200{number:08d}", serial=next(serials).to_bytes(6, "big"))
        for number in range(rounds)
    ]


def main_round(rounds: int) -> dict[str, float]:
    """Measure ours, the reading and the bare signature in turn, so that drift of the machine hits all alike."""
    community = Community()
    drawn = {int(number) for number in np.random.default_rng(7).choice(ISSUED, REVOKED, replace=False) + 1}
    document = sign_revocation_list(1, 1, {REGION: [number.to_bytes(6, "big") for number in drawn]}, community.root)
    reading_ms = _timed_ns(partial(read_revocation_list, document, community.root.public)) / NS_PER_MS
    revocations = read_revocation_list(document, community.root.public)
    trust, now = community.trust_list(), Now(CLAIMS.issued_at + timedelta(days=1), CLAIMS.issued_at + timedelta(days=2))
    bare = Ed25519PublicKey.from_public_bytes(community.issuer.public)
    ours, reading, limit, looking = [], [], [], []
    for text in certificates(community, rounds, drawn):
        parsed = decode_text(text)
        ours.append(_timed_ns(partial(verify, text, trust, now, revocations)))
        reading.append(_timed_ns(partial(decode_text, text)))
        limit.append(_timed_ns(partial(bare.verify, parsed.signature, parsed.signed_bytes)))
        looking.append(_timed_ns(partial(revocations.holds, REGION, parsed.claims.serial)))
    return {
        "verify_ratio": round(statistics.median(ours) / statistics.median(limit), 2),
        "verify_p50_us": round(statistics.median(ours) / NS_PER_US, 1),
        "ed25519_p50_us": round(statistics.median(limit) / NS_PER_US, 1),
        "decode_p50_us": round(statistics.median(reading) / NS_PER_US, 1),
        "revoked_list_bytes": len(msgspec.json.encode(document)),
        "revoked_lookup_us": round(statistics.median(looking) / NS_PER_US, 2),
        "revoked_read_ms": round(reading_ms, 1),
        "sm2_p50_ms": round(_sm2_ms(community, now), 1),
    }


def _sm2_ms(community: Community, now: Now) -> float:
    key = Sm2SigningKey(b"i" * 32)
    entry: TrustedKey = msgspec.structs.replace(
        community.trust_list().keys[0], algorithm="sm2", public=key.public.hex()
    )
    trust = msgspec.structs.replace(community.trust_list(), keys=[entry])
    text = mint(CLAIMS, KID, key)
    return statistics.median(_timed_ns(partial(verify, text, trust, now)) for _ in range(SM2_ROUNDS)) / NS_PER_MS


def _timed_ns(work: Callable[[], object]) -> int:
    began_ns = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - began_ns


@click.command()
@click.option("--rounds", default=3000, show_default=True, help="Certificates checked.")
def main(rounds: int) -> None:
    """Measure the check of a certificate beside its bare signature."""
    figures = main_round(rounds)
    print(f"certificate: {figures['verify_p50_us']} µs, of which reading {figures['decode_p50_us']} µs")
    print(f"limit, the bare Ed25519 verification: {figures['ed25519_p50_us']} µs")
    print(f"revoked: {REVOKED} of {ISSUED} in {figures['revoked_list_bytes']} bytes")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
