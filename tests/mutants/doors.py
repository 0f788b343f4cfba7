"""The platform's doors done wrong: nonces, keys, codes, sizes, and what is told to whom.

Upstream: ``mutant``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from tests.mutants.mutant import Mutant

CALLS = "tests/integration/platform/test_device_calls.py::"
CODES = "tests/integration/platform/test_enrolment_by_code.py::"
OF_REVOKED = (f"{CALLS}test_a_revoked_device_is_refused_everywhere_and_loses_nothing",)
OF_LIFE = (f"{CALLS}test_a_nonce_is_good_for_ten_minutes_and_not_for_twenty",)
OF_TWO_KEYS = (f"{CALLS}test_two_keys_are_good_at_a_time_and_only_the_newest_names_the_next",)
OF_THIRTY_DAYS = (f"{CALLS}test_a_key_follows_another_and_both_are_good_for_thirty_days",)
OF_PROOF = (f"{CALLS}test_a_key_that_nobody_holds_does_not_follow",)
OF_MISSING = (f"{CALLS}test_what_is_in_the_ledger_or_set_apart_is_not_missing",)
OF_RACE = (f"{CODES}test_a_code_is_good_once_under_any_race",)
OF_ALIKE = (f"{CODES}test_unknown_used_expired_and_withdrawn_codes_are_answered_alike",)
OF_SIGNING = ("tests/unit/sync/protocol/test_signing.py",)
CREDENTIALS, ROTATING = "sync/platform/credentials.py", "sync/platform/rotating.py"
ENROLLING, NONCES, REQUESTS = (
    "sync/platform/enrolling.py",
    "sync/platform/nonces.py",
    "sync/protocol/signing/requests.py",
)

MUTANTS = (
    Mutant("let-the-revoked-in", CREDENTIALS, "if key.device.revoked_ms is None else REVOKED", "", OF_REVOKED),
    Mutant(
        "take-any-nonce",
        CREDENTIALS,
        "if not self.nonces.accepts(signature.nonce):",
        "if signature.nonce is None:",
        OF_LIFE,
    ),
    Mutant(
        "nonces-for-ever", NONCES, "for slot in (now - 1, now, now + 1)", "for slot in range(now - 9, now + 2)", OF_LIFE
    ),
    Mutant("nonces-for-a-moment", NONCES, "for slot in (now - 1, now, now + 1)", "for slot in (now,)", OF_LIFE),
    Mutant(
        "a-nonce-of-each-worker",
        "sync/platform/store/registry.py",
        "row.nonce_secret = made",
        "pass",
        (f"{CALLS}test_workers_of_one_database_know_each_others_nonces",),
    ),
    Mutant(
        "keys-that-never-end",
        CREDENTIALS,
        "if key is None or (key.until_ms is not None and key.until_ms <= unix_ms(self.clock())):",
        "if key is None:",
        OF_THIRTY_DAYS,
    ),
    Mutant("an-earlier-key-names-the-next", ROTATING, "newest.key_id != caller.key.key_id or ", "", OF_TWO_KEYS),
    Mutant(
        "three-keys-at-a-time",
        "sync/platform/store/device_keys.py",
        ".values(until_ms=now_ms)",
        ".values(until_ms=until_ms)",
        OF_TWO_KEYS,
    ),
    Mutant("a-key-without-proof", ROTATING, " or not _is_proven(rotation)", "", OF_PROOF),
    Mutant(
        "checkpoints-of-the-first-key-alone",
        "sync/platform/taking.py",
        "publics = unit.device_keys.publics(device)",
        "publics = (device.public,)",
        (f"{CALLS}test_checkpoints_of_either_key_are_believed_and_of_no_other",),
    ),
    Mutant(
        "a-lost-answer-is-a-lost-device",
        ENROLLING,
        "if code.used_ms is None else _same(code, request, unit, now_ms)",
        "if True else None",
        (f"{CODES}test_asked_again_by_the_same_key_the_answer_is_the_same_device",),
    ),
    Mutant(
        "the-same-code-for-another",
        ENROLLING,
        "return device.id if device.public.hex() == request.public else None",
        "return device.id",
        OF_RACE,
    ),
    Mutant(
        "enrol-a-key-of-another",
        ENROLLING,
        "if request.public != signed_by:",
        "if False:",
        (f"{CODES}test_only_the_key_that_is_enrolled_may_ask",),
    ),
    Mutant(
        "what-is-set-apart-is-missing",
        "sync/platform/store/holdings.py",
        "union(in_ledger, set_apart)",
        "in_ledger",
        OF_MISSING,
    ),
    Mutant(
        "anybody-for-anybody",
        "sync/platform/contacting.py",
        "if said.device != caller.device.id:",
        "if False:",
        (f"{CALLS}test_a_device_speaks_for_itself_only",),
    ),
    Mutant(
        "a-question-without-its-query", REQUESTS, '("@method", "@path", "@query")', '("@method", "@path")', OF_SIGNING
    ),
    Mutant(
        "answers-without-a-nonce",
        "sync/platform/api/edge.py",
        "            if self.nonces.secret.is_known:",
        "            if False:",
        (f"{CALLS}test_every_answer_carries_a_nonce",),
    ),
    Mutant(
        "an-unbounded-body",
        "sync/platform/api/body.py",
        "                if len(taken) > MAX_COMPRESSED_BYTES:",
        "                if False:",
        ("tests/unit/sync/platform/test_reading_bodies.py",),
    ),
    Mutant(
        "a-bomb-that-is-unpacked",
        "sync/protocol/packing.py",
        "plain = inflater.decompress(body, MAX_PLAIN_BYTES)",
        "plain = inflater.decompress(body)",
        ("tests/unit/sync/protocol/test_packing.py",),
    ),
    Mutant(
        "callers-without-limit",
        "sync/platform/api/limiting.py",
        "taken = left >= 1",
        "taken = True",
        ("tests/unit/sync/platform/test_limiting.py",),
    ),
)
