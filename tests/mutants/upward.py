"""What goes upward, and what moves with a volunteer, done wrong (docs/adr/0028).

Upstream: ``mutant``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from tests.mutants.mutant import Mutant

FEEDING, RELAYING = "sync/platform/upward/feeding.py", "sync/mailbox/relaying.py"
DELIVERING, LINES, FILES = (f"sync/platform/upward/{name}.py" for name in ("delivering", "lines", "files"))
BUNDLE, IMPORTING = "sync/protocol/record_bundle.py", "sync/platform/transfer/importing.py"
TRANSFERS, TARGETS = "sync/platform/store/transfers.py", "sync/platform/store/targets.py"
OF_RELAY = ("tests/integration/platform/test_upward_relay.py",)
OF_FILES = ("tests/integration/platform/test_upward_files.py",)
OF_TRANSFER = ("tests/integration/platform/test_record_transfer.py",)
OF_BUNDLE = ("tests/unit/sync/protocol/test_record_bundle.py",)

MUTANTS = (
    # The relay
    Mutant(
        "a-cursor-that-outlives-its-database",
        FEEDING,
        "start = fed if fed.epoch == epoch else Fed(epoch)",
        "start = fed",
        OF_RELAY,
    ),
    Mutant(
        "deaf-to-a-platform-that-lost-its-memory", FEEDING, "if self.mailbox.is_asked_for_all():", "if False:", OF_RELAY
    ),
    Mutant("the-backlog-kept-twice", FEEDING, "if self.mailbox.waiting() >= self.most_waiting:", "if False:", OF_RELAY),
    Mutant(
        "names-go-without-a-ground",
        FEEDING,
        "if self.target.names or envelope.aside is None:",
        "if envelope is not None:",
        OF_RELAY,
    ),
    Mutant("two-feeders-at-one-cursor", RELAYING, "if _fed(connection) != before:", "if False:", OF_RELAY),
    # Files
    Mutant(
        "a-correction-that-says-nothing",
        DELIVERING,
        "each.told.fingerprint != fingerprint_of(each.session)]",
        "each.told.fingerprint == '-']",
        OF_FILES,
    ),
    Mutant(
        "a-correction-as-a-new-entry",
        LINES,
        "kind = EntryKind.CORRECTION if corrects else EntryKind.NEW",
        "kind = EntryKind.NEW",
        OF_FILES,
    ),
    Mutant(
        "a-lost-parcel-taken-for-delivered",
        FILES,
        "return file.is_file() and _sha256(file) == proof",
        "return True",
        OF_FILES,
    ),
    Mutant(
        "a-parcel-never-finished-after-a-crash",
        DELIVERING,
        "        self._settle_open()\n",
        "",
        OF_FILES,
    ),
    Mutant(
        "a-taken-back-correction-goes-as-new",
        TARGETS,
        'update(ReportedRow).where(*lines).values(fingerprint="", parcel=ReportedRow.before)',
        "delete(ReportedRow).where(*lines)",
        OF_FILES,
    ),
    Mutant(
        "a-cell-that-is-calculated",
        FILES,
        'return f"\'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell',
        "return cell",
        OF_FILES,
    ),
    # Records that move
    Mutant(
        "records-not-held-against-the-signature",
        BUNDLE,
        "if digest.hexdigest() != heading.body_sha256:",
        "if not digest:",
        OF_BUNDLE,
    ),
    Mutant("sums-on-the-issuers-word", BUNDLE, "    if stated != heading.summary:", "    if not stated:", OF_BUNDLE),
    Mutant("duties-on-the-issuers-word", BUNDLE, "        _recompute(sessions, events)", "        pass", OF_BUNDLE),
    Mutant(
        "duties-of-somebody-else",
        BUNDLE,
        "volunteer != heading.subject.number:",
        "volunteer == '':",
        OF_BUNDLE,
    ),
    Mutant(
        "a-platform-believed-for-ever",
        IMPORTING,
        "if issuer is None or issuer.withdrawn_ms is not None:",
        "if issuer is None:",
        OF_TRANSFER,
    ),
    Mutant(
        "an-old-bundle-over-a-new-one",
        IMPORTING,
        "if held is not None and heading.number <= held.heading.number:",
        "if held is not None and heading.number < 0:",
        OF_TRANSFER,
    ),
    Mutant(
        "records-that-change-their-person",
        IMPORTING,
        "if held is not None and held.volunteer != number:",
        "if held is not None and not number:",
        OF_TRANSFER,
    ),
    Mutant("two-persons-made-one", IMPORTING, "    if others:", "    if not others and others:", OF_TRANSFER),
    Mutant(
        "an-earlier-bundle-counts-on",
        TRANSFERS,
        "where(TransferredRow.bundle.in_(before)).values(stands=False)",
        "where(TransferredRow.bundle.in_(before)).values(stands=True)",
        OF_TRANSFER,
    ),
    Mutant(
        "moved-hours-forgotten",
        "sync/platform/transfer/reckoning.py",
        "    for volunteer in unit.transfers.lines(asked):",
        "    for volunteer in ():",
        OF_TRANSFER,
    ),
)
