"""Whatever is done to whatever record of a ledger, the first one that was tampered with is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import msgspec
import pytest

from sync.protocol.audit import MOST_FAULTS, Audit, Fault, Record, Report, Wrong
from sync.protocol.envelope import Envelope, Position, seal
from sync.protocol.events import Aside, Choice
from tests.support.envelopes import chain_of, stamp

COUNT = 7
CHAIN = chain_of(COUNT)
END = Position("stream-1", COUNT, CHAIN[-1].h)
PLACES = range(COUNT)


def records(envelopes: Iterable[Envelope]) -> list[Record]:
    return [Record(each.stream, each.seq, each) for each in envelopes]


def audited(found: Iterable[Record], *witnesses: Position) -> Report:
    audit = Audit(witnesses)
    for record in found:
        audit.take(record)
    return audit.report()


def first(found: Iterable[Record], *witnesses: Position) -> Fault:
    named = audited(found, *witnesses).first
    assert named is not None
    return named


def head(envelope: Envelope) -> Position:
    return Position(envelope.stream, envelope.seq, envelope.h)


def changed(envelope: Envelope, **parts: object) -> Envelope:
    return msgspec.structs.replace(envelope, **parts)


def resealed(since: int, chain: Sequence[Envelope] = CHAIN) -> list[Envelope]:
    """Change a record and seal it and all that follow anew, as a forger does who has the program."""
    forged = list(chain[:since])
    for place, envelope in enumerate(chain[since:], since):
        body = {**envelope.body, "service": "forged"} if place == since else envelope.body
        prev = forged[-1].h if forged else "00" * 32
        fresh = changed(envelope, body=body, prev=prev)
        forged.append(changed(fresh, h=fresh.digest()))
    return forged


def test_a_ledger_that_nobody_touched_is_good() -> None:
    report = audited(records(CHAIN), END, head(CHAIN[2]))
    assert (report.records, report.faults, report.heads) == (COUNT, (), (END,))
    assert report.good_until("stream-1") == COUNT
    assert audited([]).faults == ()


CHANGES: dict[str, Callable[[Envelope], Envelope]] = {
    "body": lambda e: changed(e, body={**e.body, "service": "forged"}),
    "kind": lambda e: changed(e, kind="other"),
    "stamp": lambda e: changed(e, stamp=changed_stamp(e)),
    "id": lambda e: changed(e, id="other"),
    "h": lambda e: changed(e, h="ab" * 32),
    "prev": lambda e: changed(e, prev="ab" * 32),
    "prev of no hash": lambda e: changed(e, prev="zz" * 32),
    "seq": lambda e: changed(e, seq=99),
    "stream": lambda e: changed(e, stream="stream-2"),
    "body without canonical form": lambda e: changed(e, body={"half": 0.5}),
    "sealed anew alone": lambda e: sealed(changed(e, body={**e.body, "service": "x"})),
}


def sealed(envelope: Envelope) -> Envelope:
    return changed(envelope, h=envelope.digest())


def changed_stamp(envelope: Envelope) -> object:
    return msgspec.structs.replace(envelope.stamp, wall_ms=0)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_record_is_named(change: Callable[[Envelope], Envelope], place: int) -> None:
    found = [change(e) if i == place else e for i, e in enumerate(CHAIN)]
    named = first(records(found), head(CHAIN[-2]), END)
    assert (named.stream, named.seq, named.wrong) == ("stream-1", place + 1, Wrong.CHANGED)
    assert audited(records(found), END, head(CHAIN[-2])).good_until("stream-1") == place


def test_of_the_last_record_sealed_anew_only_the_span_since_the_last_witness_is_known() -> None:
    found = [*CHAIN[:-1], CHANGES["sealed anew alone"](CHAIN[-1])]
    assert first(records(found), END).until_seq == COUNT
    named = first(records(found), END, head(CHAIN[-2]))
    assert (named.seq, named.until_seq) == (COUNT, None)


@pytest.mark.parametrize("place", PLACES)
def test_a_record_that_cannot_be_read_at_all_is_named(place: int) -> None:
    found = [Record("stream-1", i + 1, None) if i == place else r for i, r in enumerate(records(CHAIN))]
    report = audited(found, END)
    assert [(fault.wrong, fault.seq) for fault in report.faults] == [(Wrong.CHANGED, place + 1)]


@pytest.mark.parametrize("place", PLACES)
def test_a_removed_record_is_named(place: int) -> None:
    report = audited(records([*CHAIN[:place], *CHAIN[place + 1 :]]), END)
    (fault,) = report.faults
    assert fault.seq == place + 1
    assert fault.wrong is (Wrong.CUT if place == COUNT - 1 else Wrong.MISSING)


@pytest.mark.parametrize(("one", "other"), list(combinations(PLACES, 2)))
def test_two_that_changed_places_are_named_by_the_first(one: int, other: int) -> None:
    found = list(CHAIN)
    found[one], found[other] = found[other], found[one]
    named = first(records(found), END)
    assert (named.wrong, named.seq) == (Wrong.REORDERED, one + 1)


@pytest.mark.parametrize("kept", PLACES)
def test_a_cut_end_is_named(kept: int) -> None:
    named = first(records(CHAIN[:kept]), END)
    assert (named.wrong, named.seq) == (Wrong.CUT, kept + 1)
    assert named.until_seq == (COUNT if kept < COUNT - 1 else None)


@pytest.mark.parametrize("place", PLACES)
def test_an_inserted_record_is_named(place: int) -> None:
    after = Position("stream-1", place, CHAIN[place - 1].h if place else "00" * 32)
    forged = seal(Choice("s1", "forged"), id_="forged", at=after, stamp=stamp(3))
    found = [*CHAIN[:place], forged, *CHAIN[place:]]
    assert first(records(found), END).seq == place + 1


@pytest.mark.parametrize("place", range(1, COUNT))
def test_an_inserted_record_is_named_though_all_later_ones_were_given_other_numbers(place: int) -> None:
    after = Position("stream-1", place, CHAIN[place - 1].h)
    forged = seal(Choice("s1", "forged"), id_="forged", at=after, stamp=stamp(3))
    later = [changed(each, seq=each.seq + 1) for each in CHAIN[place:]]
    named = first(records([*CHAIN[:place], forged, *later]))
    assert (named.wrong, named.seq, named.kind) == (Wrong.INSERTED, place + 1, "choice")


@pytest.mark.parametrize("since", PLACES)
@pytest.mark.parametrize("witnessed", PLACES)
def test_who_seals_all_that_follows_anew_is_caught_by_the_next_witness(since: int, witnessed: int) -> None:
    named = audited(records(resealed(since)), head(CHAIN[witnessed])).first
    if witnessed < since:
        assert named is None  # nobody vouches for what came after
    else:
        assert named is not None
        assert named.seq <= since + 1 <= (named.until_seq or named.seq) <= witnessed + 1


@pytest.mark.parametrize("since", PLACES)
def test_between_two_witnesses_the_forged_record_lies(since: int) -> None:
    named = first(records(resealed(since)), *(head(each) for each in CHAIN))
    assert (named.wrong, named.seq, named.until_seq) == (Wrong.CHANGED, since + 1, None)


@pytest.mark.parametrize("since", PLACES)
def test_a_copy_on_its_way_names_the_very_record(since: int) -> None:
    found = [Record(e.stream, e.seq, e, copy=CHAIN[i].h) for i, e in enumerate(resealed(since))]
    named = first(found)
    assert (named.wrong, named.seq) == (Wrong.CHANGED, since + 1)


def test_a_record_that_was_never_put_on_its_way_was_inserted() -> None:
    found = [Record(e.stream, e.seq, e, copy=e.h, needs_copy=True) for e in CHAIN[:-1]]
    named = first([*found, Record("stream-1", COUNT, CHAIN[-1], needs_copy=True)])
    assert (named.wrong, named.seq) == (Wrong.INSERTED, COUNT)


def test_what_is_filed_wrongly_is_changed() -> None:
    found = records(CHAIN)
    found[3] = Record("stream-1", 4, CHAIN[3], is_filed_right=False)
    assert first(found).seq == 4


@pytest.mark.parametrize("aside", [Aside("李四", "5a" * 16), Aside("张晓明", "5b" * 16), Aside("张晓明", "no hex")])
def test_another_name_beside_a_record_is_named(aside: Aside) -> None:
    found = records(CHAIN)
    found[2] = Record("stream-1", 3, changed(CHAIN[2], aside=aside))
    report = audited(found, END)
    assert [(fault.wrong, fault.seq) for fault in report.faults] == [(Wrong.NAME, 3)]


def test_an_erased_name_is_no_fault() -> None:
    assert audited(records(changed(each, aside=None) for each in CHAIN), END).faults == ()


def test_a_stream_that_is_gone_altogether_is_cut() -> None:
    report = audited(records(CHAIN), Position("stream-0", 4, "ab" * 32))
    assert [(fault.wrong, fault.stream, fault.seq, fault.until_seq) for fault in report.faults] == [
        (Wrong.CUT, "stream-0", 1, 4)
    ]
    assert report.good_until("stream-0") == 0


def test_a_second_stream_stands_for_itself() -> None:
    second = chain_of(3, stream="stream-2")
    report = audited(records([*CHAIN, *second]), END, head(second[-1]))
    assert (report.faults, [each.seq for each in report.heads]) == ((), [COUNT, 3])


@pytest.mark.parametrize("known", [["stream-1", "stream-2"], []])
def test_the_first_record_of_a_second_stream_is_named(known: list[str]) -> None:
    second = chain_of(3, stream="stream-2")
    found = [*records(CHAIN), Record("", 0, None), *records(second[1:])]
    audit = Audit([END, head(second[-1])], known)
    for record in found:
        audit.take(record)
    assert [(fault.stream, fault.seq) for fault in audit.report().faults] == [("stream-2", 1)]


def test_two_witnesses_who_disagree_are_a_finding() -> None:
    assert first(records(CHAIN), END, changed_head(END)).until_seq == COUNT


def changed_head(position: Position) -> Position:
    return Position(position.stream, position.seq, "ab" * 32)


@pytest.mark.parametrize("kept", PLACES)
def test_a_file_that_held_more_than_it_does_was_cut(kept: int) -> None:
    audit = Audit()
    for record in records(CHAIN[:kept]):
        audit.take(record)
    audit.expect(COUNT)
    named = audit.report().first
    assert named is not None
    assert (named.wrong, named.seq) == (Wrong.CUT, kept + 1)


def test_what_is_found_by_other_means_is_told_as_well() -> None:
    audit = Audit([END])
    for record in records(CHAIN):
        audit.take(record)
    audit.expect(COUNT)
    audit.note(Wrong.PROJECTION, head(CHAIN[4]))
    assert [(fault.wrong, fault.seq) for fault in audit.report().faults] == [(Wrong.PROJECTION, 5)]


def test_a_file_of_nothing_but_rubbish_ends_too() -> None:
    report = audited([Record("", 0, None)] * (MOST_FAULTS + 5))
    assert len(report.faults) == MOST_FAULTS
    assert report.records == MOST_FAULTS + 5
