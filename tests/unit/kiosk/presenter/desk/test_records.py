"""Queue, record, correction, withdrawal, objection, rating: what a captain sees, and exactly what is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.presenter.acts import TapOutside
from kiosk.presenter.desk.intents import (
    AmendIntent,
    Answered,
    ConfirmMany,
    DecideIntent,
    DismissIntent,
    RateMany,
    ReadQueue,
    VoidIntent,
)
from kiosk.presenter.desk.lines import countdown_badge
from kiosk.presenter.desk.page import Context
from kiosk.presenter.desk.sheet import SessionPage
from kiosk.presenter.desk.taps import (
    Act,
    Place,
    TapAct,
    TapBack,
    TapMark,
    TapMatter,
    TapPick,
    TapStep,
    TapTurn,
)
from kiosk.presenter.desk.views import ChoicesBody, DialsBody, MessageBody, SessionBody
from kiosk.presenter.phrases import Language
from kiosk.presenter.views import Tone
from kiosk.ui import desk_samples
from kiosk.ui.desk_samples import OPERATOR
from kiosk.ui.samples import NOW
from kiosk.usecases import desk
from kiosk.usecases.desk_outcomes import (
    Batch,
    Change,
    Mark,
    ObjectionDecided,
    ProposalDismissed,
    Ruling,
    SessionAmended,
    SessionRated,
    SessionVoided,
)
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    Effect,
    EntryReason,
    Matter,
    ObjectionReason,
    Provenance,
    Quality,
    VoidReason,
)
from sync.protocol.working_days import Countdown
from tests.unit.kiosk.presenter.desk.bench import Bench, on
from tests.unit.kiosk.presenter.station import a_voice
from tests.unit.kiosk.presenter.test_words_for_every_value import message_ids

STATED, DISPUTED = desk_samples.sheet(), desk_samples.sheet("disputed")


def at_record(sheet: Any = None) -> Bench:
    bench = on(Place.QUEUE)
    bench.sheet = sheet
    return bench.tap(TapPick("s0"))


def texts(body: object) -> str:
    return str(body)


# ---- the queue


def test_the_queue_turns_sheet_by_sheet_and_asks_for_the_page_it_needs() -> None:
    bench = on(Place.QUEUE).tap(TapTurn(1))
    assert bench.body.sheet == "2 / 3"
    assert bench.body.rows[0].name.startswith("周䶮")
    bench.tap(TapTurn(1))
    assert bench.reads[-1] == ReadQueue(OPERATOR, Matter.CONFIRM, 1)
    assert len(bench.body.rows) == 1
    assert bench.body.later.tap is None
    assert bench.tap(TapTurn(1)).body.sheet == "3 / 3"
    assert bench.tap(TapOutside()).body.sheet == "3 / 3"


def test_a_page_of_another_matter_is_not_taken() -> None:
    bench = on(Place.QUEUE)
    before = bench.body
    bench.show(Answered(desk_samples.queue(Matter.RATE)))
    assert bench.body == before


def test_the_days_left_have_a_colour_and_a_word() -> None:
    def badge(left: int) -> Any:
        return countdown_badge(Countdown(NOW.date(), left, announced=True), a_voice())

    assert [badge(left).tone for left in (9, 3, 1, 0, -2)] == [Tone.CALM, Tone.WARN, Tone.WARN, Tone.BAD, Tone.BAD]
    assert len({badge(left).text for left in (9, 3, 1, 0, -2)}) == 5
    assert countdown_badge(None, a_voice()) is None


def test_marks_are_kept_over_sheets_and_own_records_cannot_be_marked() -> None:
    bench = on(Place.QUEUE).tap(TapMark("s1"), TapTurn(1), TapMark("s4"), TapMark("s5"), TapMark("s5"))
    assert [row.marked for row in bench.body.rows] == [True, False, False, False]
    bench.tap(TapTurn(1), TapAct(Act.ALL))
    assert bench.body.rows[0].mark is None
    assert "本人记录" in bench.body.rows[0].aside
    bench.tap(TapAct(Act.CONFIRM), TapAct(Act.CONFIRM))
    assert bench.act == ConfirmMany(OPERATOR, ("s1", "s4"))
    bench.answered(Batch((), ()))
    assert not any(row.marked for row in bench.tap(TapTurn(-1)).body.rows), "dealt with, so no longer marked"


def test_all_on_a_sheet_are_marked_and_taken_back() -> None:
    bench = on(Place.QUEUE).tap(TapAct(Act.ALL))
    assert all(row.marked for row in bench.body.rows)
    assert not any(row.marked for row in bench.tap(TapAct(Act.ALL)).body.rows)
    assert bench.tap(TapAct(Act.CONFIRM)).title == "待处理", "nothing marked, nothing to confirm"


def test_the_summary_names_four_at_most_and_says_it_stays() -> None:
    bench = on(Place.QUEUE).tap(TapAct(Act.ALL), TapTurn(1), TapMark("s4"), TapAct(Act.CONFIRM))
    assert bench.shows(MessageBody)
    assert bench.body.headline == "确认这 5 条服务记录属实？"
    assert "……还有 2 条" in bench.body.lines
    assert "不能撤回" in bench.body.lines[-1]
    assert bench.tap(TapOutside()).sent == []


def test_several_are_rated_alike_in_one_go() -> None:
    bench = on(Place.QUEUE).tap(TapMatter(Matter.RATE), TapMark("s0"), TapMark("s1"), TapAct(Act.RATE))
    assert bench.title == "评价 2 条记录"
    assert bench.body.counts == ()
    bench.tap(TapAct(Act.GO_ON))
    assert bench.sent == [], "without a mark nothing is sent"
    bench.tap(TapPick("excellent"), TapAct(Act.GO_ON))
    assert bench.act == RateMany(OPERATOR, ("s0", "s1"), Mark(Quality.EXCELLENT))


def test_a_matter_without_anything_has_its_sentence_and_no_buttons() -> None:
    for matter in Matter:
        body = on(Place.QUEUE).tap(TapMatter(matter)).body
        assert bool(body.rows) is not bool(body.empty)
    assert on(Place.QUEUE).tap(TapMatter(Matter.OBJECTION)).body.buttons == ()


def test_without_the_right_nothing_is_confirmed() -> None:
    bench = on(Place.QUEUE, rights=frozenset({"kit"})).tap(TapAct(Act.ALL))
    assert bench.body.buttons[1].tap is None


def test_hours_that_count_nothing_yet_say_so() -> None:
    line = desk_samples.line(0, credited_minutes=0)
    rows = Bench(on(Place.QUEUE).area)
    rows.show(Answered(replace(desk_samples.queue(), lines=(line, replace(line, original_minutes=0)), total=2)))
    assert [row.aside for row in rows.body.rows] == ["2小时15分，尚未计入", "时长待定"]


# ---- one record


def test_the_volunteers_word_stands_above_the_record() -> None:
    body = at_record().body
    assert body.said == "本人说 17:30 离开"
    assert [line.value for line in body.sheets[0].lines[:2]] == ["14:02", "未知"]
    assert {flag.text for flag in body.flags} == {"时长不确定，按少的计", "证件有效期未核对"}


def test_what_cannot_be_done_says_why() -> None:
    body = at_record().body
    rate = body.actions[2]
    assert (rate.tap, rate.why) == (None, "时长未定，先确认")
    bench = at_record().tap(TapAct(Act.RATE), TapAct(Act.ALL), TapOutside())
    assert bench.shows(SessionBody)


def test_what_differs_from_the_original_stands_out() -> None:
    body = at_record(DISPUTED).body
    assert [line.changed for line in body.sheets[1].lines] == [False, True, False, False, False]
    assert body.actions[-1].tone is Tone.ACCENT
    assert "本人有异议" in body.said


def with_waits(what: desk.Awaiting, **changes: Any) -> desk.SessionSheet:
    return replace(STATED, statement=None, waits=(desk.Waits("e7", what, "9", "王秀英"),), **changes)


def an_amendment(**changes: Any) -> desk.AmendmentLine:
    began, ended = STATED.recorded.started_at, STATED.recorded.started_at + timedelta(hours=2)
    plain = desk.AmendmentLine("e7", "9", "王秀英", AmendmentReason.OTHER, began, ended, "tutoring", holds=False)
    return replace(plain, **changes)


ENTERED = desk.Entered("9", "王秀英", EntryReason.FORGOT_CARD)
WITHDRAWN = desk.VoidLine("e7", "9", "王秀英", VoidReason.TRIAL, holds=False)
ONLY_SERVICE = an_amendment(starts_at=None, ends_at=None)


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (with_waits(desk.Awaiting.HOURS), ""),
        (
            with_waits(desk.Awaiting.ENTRY, entered=ENTERED),
            "王秀英补记：忘带证件",
        ),
        (
            with_waits(desk.Awaiting.VOID, voids=(WITHDRAWN,)),
            "试用",
        ),
        (with_waits(desk.Awaiting.AMENDMENT, amendments=(an_amendment(),)), "14:02 上岗、16:02 下岗、课业辅导"),
        (
            with_waits(desk.Awaiting.AMENDMENT, amendments=(ONLY_SERVICE,)),
            "更正为课业辅导",
        ),
        (with_waits(desk.Awaiting.AMENDMENT, amendments=(an_amendment(service=None),)), "14:02 上岗、16:02 下岗，"),
        (with_waits(desk.Awaiting.AMENDMENT), ""),
        (replace(STATED, statement=None, waits=()), ""),
    ],
    ids=["hours", "entry", "void", "amendment", "service", "times", "unknown", "nothing"],
)
def test_the_second_person_reads_what_the_first_one_said(sheet: desk.SessionSheet, said: str) -> None:
    text = at_record(sheet).body.said
    assert said in text
    assert bool(text) is bool(said)


def test_a_record_is_read_in_both_languages_with_whatever_is_raised() -> None:
    flags = frozenset({"over_cap", "typed", "group", "paid", "drill", "listed", "beyond_shift", "unheard_of"})
    line = replace(STATED.line, quality=Quality.GOOD, countdown=None, matters=())
    bench = at_record(replace(STATED, flags=flags, bursts=2, line=line))
    assert len(bench.body.flags) == 3
    assert bench.body.countdown is None
    assert bench.body.flags[-1].text == "短时间内评价过多"
    for language in Language:
        assert message_ids(bench.view(language)) == []


def test_a_record_of_somebody_else_is_not_taken() -> None:
    bench = at_record()
    bench.show(Answered(replace(DISPUTED, line=desk_samples.line(5))))
    assert "张建明" in bench.body.name


def test_the_single_confirmation_says_the_volunteers_word_and_can_go_beyond_the_shift() -> None:
    bench = at_record().tap(TapAct(Act.CONFIRM))
    assert "本人说 17:30 离开" in bench.body.lines
    bench.tap(TapAct(Act.BEYOND))
    assert bench.act == ConfirmMany(OPERATOR, ("s0",), beyond_shift=True)


def test_a_proposal_can_be_turned_down_with_a_reason() -> None:
    bench = at_record().tap(TapAct(Act.CONFIRM), TapAct(Act.DISMISS))
    assert isinstance(bench.tap(TapOutside()).body, ChoicesBody)
    bench.tap(TapPick("no_evidence"))
    assert bench.act == DismissIntent(OPERATOR, "s0", DecisionReason.NO_EVIDENCE)
    done = ProposalDismissed("s0", "张建明", desk.Awaiting.VOID)
    assert "未同意" in bench.answered(done).word
    assert bench.shows(SessionBody)


def test_what_is_not_offered_is_not_in_the_summary() -> None:
    offers = (desk.Offer(desk.DeskAct.CONFIRM, None),)
    all_others = tuple(each for each in STATED.offers if each.act is not desk.DeskAct.CONFIRM)
    refused = tuple(replace(each, refusal=DeskRefusal.NOTHING_WAITS) for each in all_others)
    bench = at_record(replace(STATED, statement=None, offers=(*offers, *refused))).tap(TapAct(Act.CONFIRM))
    assert len(bench.body.buttons) == 2
    assert bench.tap(TapAct(Act.BEYOND), TapAct(Act.DISMISS)).sent == []


# ---- correction


def test_a_correction_says_only_what_changes_and_that_somebody_else_must_agree() -> None:
    bench = at_record().tap(TapAct(Act.AMEND), TapPick("wrong_clock"), TapStep("end", -5))
    assert bench.shows(DialsBody)
    assert [dial.value for dial in bench.body.dials] == ["14:02", "17:25"]
    assert "3小时23分" in bench.body.result.text
    bench.tap(TapOutside(), TapAct(Act.GO_ON))
    assert bench.body.lines[0] == "下岗　未知 → 17:25"
    assert "第二人确认" in bench.body.lines[-1]
    assert bench.tap(TapOutside()).sent == []
    bench.tap(TapAct(Act.CONFIRM))
    change = bench.act.change
    assert isinstance(bench.act, AmendIntent)
    assert (change.reason, change.starts_at, change.service) == (AmendmentReason.WRONG_CLOCK, None, None)
    assert "需第二人确认" in bench.answered(SessionAmended("s0", "张建明", holds=False, credited_minutes=0)).word


def test_a_step_first_comes_to_whole_five_minutes() -> None:
    bench = at_record().tap(TapAct(Act.AMEND), TapPick("wrong_start"))

    def shown(*taps: TapStep) -> str:
        return str(bench.tap(*taps).body.dials[0].value)

    assert shown(TapStep("begin", 5)) == "14:05"
    assert shown(TapStep("begin", 5)) == "14:10"
    assert shown(TapStep("begin", -60)) == "13:10"
    bench.tap(TapBack(), TapPick("wrong_start"))
    assert shown(TapStep("begin", -5)) == "14:00"
    bench.tap(TapBack(), TapPick("wrong_start"))
    assert shown(TapStep("begin", 60)) == "15:00"
    assert shown(TapStep("end", 5)) == "15:00", "what is not asked does not turn"


def test_a_start_alone_is_corrected() -> None:
    ended = replace(STATED, judged=replace(STATED.judged, provenance=Provenance.TWO_SCANS))
    bench = at_record(ended).tap(TapAct(Act.AMEND), TapPick("wrong_start"), TapStep("begin", 5))
    bench.tap(TapAct(Act.GO_ON))
    assert bench.body.lines[0] == "上岗　14:02 → 14:05"


def test_only_the_service_is_corrected_where_that_was_wrong() -> None:
    bench = at_record(DISPUTED).tap(TapAct(Act.AMEND), TapPick("wrong_service"), TapOutside(), TapPick("tutoring"))
    assert bench.body.lines[0] == "服务　指路问询 → 课业辅导"
    bench.tap(TapAct(Act.CONFIRM))
    assert bench.act == AmendIntent(OPERATOR, "s0", Change(AmendmentReason.WRONG_SERVICE, service="tutoring"))
    assert "已更正" in bench.answered(SessionAmended("s0", "张建明", holds=True, credited_minutes=9)).word


def test_everything_can_be_corrected_at_once() -> None:
    bench = at_record(DISPUTED).tap(TapAct(Act.AMEND), TapOutside(), TapPick("other"), TapStep("end", 60))
    bench.tap(TapStep("end", -60), TapStep("end", -60), TapAct(Act.GO_ON), TapPick("directions"))
    assert bench.body.lines[0] == "下岗　17:30 → 16:30"
    assert len(bench.body.lines) == 2, "the same service is no change"


def test_an_end_before_the_start_is_said() -> None:
    bench = at_record().tap(TapAct(Act.AMEND), TapPick("wrong_end"), *[TapStep("end", -60)] * 4)
    assert "必须晚于" in bench.body.result.text


def test_a_duty_that_still_runs_has_an_end_to_turn() -> None:
    running = replace(STATED, statement=None, judged=replace(STATED.judged, ended_at=None))
    bench = at_record(running).tap(TapAct(Act.AMEND), TapPick("wrong_end"))
    assert bench.body.dials[0].value == "14:02"
    assert "未知" in at_record(running).body.summary or "22:00" in at_record(running).body.summary
    bench = at_record(running).tap(TapAct(Act.AMEND), TapPick("wrong_start"))
    assert "必须晚于" in bench.body.result.text


# ---- withdrawal


def test_a_withdrawal_says_whether_somebody_else_must_agree() -> None:
    bench = at_record().tap(TapAct(Act.VOID), TapOutside(), TapPick("not_present"))
    assert "原记录仍可查看" in bench.body.lines[-1]
    assert bench.tap(TapOutside()).sent == []
    bench.tap(TapAct(Act.CONFIRM))
    assert bench.act == VoidIntent(OPERATOR, "s0", VoidReason.NOT_PRESENT)
    assert "已撤销" in bench.answered(SessionVoided("s0", "张建明", holds=True)).word
    bench = at_record(DISPUTED).tap(TapAct(Act.VOID), TapPick("trial"))
    assert "第二人" in bench.body.lines[-1]
    bench.tap(TapAct(Act.CONFIRM))
    assert "需第二人确认" in bench.answered(SessionVoided("s0", "张建明", holds=False)).word


# ---- objection


def test_an_objection_is_upheld_with_a_correction_that_holds_at_once() -> None:
    bench = at_record(DISPUTED).tap(TapAct(Act.DECIDE))
    assert "时间不对" in bench.body.question
    bench.tap(TapAct(Act.AMEND), TapPick("wrong_end"), TapStep("end", 60), TapAct(Act.GO_ON))
    assert "立即生效" in bench.body.lines[-1]
    bench.tap(TapAct(Act.CONFIRM))
    ruling = bench.act.ruling
    assert (ruling.objection, ruling.reason, ruling.remedy.reason) == ("e9", DecisionReason.CORRECTED, "wrong_end")
    decided = ObjectionDecided("s0", "张建明", upheld=True, holds=True, credited_minutes=9)
    assert "异议成立" in bench.answered(decided).word


def test_an_objection_is_upheld_with_a_withdrawal() -> None:
    bench = at_record(DISPUTED).tap(TapAct(Act.DECIDE), TapAct(Act.VOID), TapPick("other_person"), TapAct(Act.CONFIRM))
    ruling = Ruling(DecisionReason.CORRECTED, VoidReason.OTHER_PERSON, "e9")
    assert bench.act == DecideIntent(OPERATOR, "s0", ruling)


def test_an_objection_is_dismissed_with_a_reason() -> None:
    bench = at_record(DISPUTED).tap(TapAct(Act.DECIDE), TapAct(Act.DISMISS), TapOutside(), TapPick("witness"))
    assert "有人证明" in bench.body.lines[0]
    assert bench.tap(TapOutside()).sent == []
    bench.tap(TapAct(Act.CONFIRM))
    assert bench.act == DecideIntent(OPERATOR, "s0", Ruling(DecisionReason.WITNESS, objection="e9"))
    decided = ObjectionDecided("s0", "张建明", upheld=False, holds=False, credited_minutes=9)
    assert "维持原记录" in bench.answered(decided).word


def test_an_objection_that_was_decided_meanwhile_asks_nothing() -> None:
    decided = (desk.ObjectionLine("e9", ObjectionReason.WRONG_TIME, upheld=True),)
    bench = at_record(replace(DISPUTED, objections=decided)).tap(TapAct(Act.DECIDE), TapAct(Act.AMEND))
    assert bench.shows(ChoicesBody)
    bench = at_record(DISPUTED).tap(TapAct(Act.DECIDE), TapAct(Act.ALL), TapOutside())
    assert bench.title.startswith("异议处理")


# ---- rating


def test_a_rating_has_quality_effects_and_counts() -> None:
    bench = at_record(DISPUTED).tap(TapAct(Act.RATE), TapOutside())
    assert bench.body.counts[0].value == "6"
    assert bench.body.confirm.tap is None
    bench.tap(TapPick("good"), TapPick("order_kept"), TapPick("people_satisfied"), TapPick("order_kept"))
    bench.tap(TapStep("directions", 1), TapStep("tea", 1), TapStep("charging", -1), TapAct(Act.GO_ON))
    mark = Mark(Quality.GOOD, (Effect.PEOPLE_SATISFIED,), {"directions": 7, "tea": 1})
    assert bench.act == RateMany(OPERATOR, ("s0",), mark)
    assert "良好" in bench.answered(SessionRated("s0", "张建明", Quality.GOOD, complete=True)).word


@pytest.mark.parametrize("language", Language)
def test_every_page_of_a_record_has_its_words(language: Language) -> None:
    ways: list[list[Any]] = [
        [TapAct(Act.CONFIRM)],
        [TapAct(Act.CONFIRM), TapAct(Act.DISMISS)],
        [TapAct(Act.AMEND)],
        [TapAct(Act.AMEND), TapPick("other")],
        [TapAct(Act.AMEND), TapPick("other"), TapStep("begin", 5), TapAct(Act.GO_ON)],
        [TapAct(Act.AMEND), TapPick("other"), TapStep("begin", 5), TapAct(Act.GO_ON), TapPick("tutoring")],
        [TapAct(Act.VOID)],
        [TapAct(Act.VOID), TapPick("other")],
        [TapAct(Act.DECIDE)],
        [TapAct(Act.DECIDE), TapAct(Act.DISMISS)],
        [TapAct(Act.DECIDE), TapAct(Act.DISMISS), TapPick("other")],
        [TapAct(Act.RATE)],
    ]
    for way in ways:
        assert message_ids(at_record(DISPUTED).tap(*way).view(language)) == []


def test_a_record_is_read_before_it_is_shown() -> None:
    page, context = SessionPage("s0"), Context(OPERATOR)
    assert isinstance(page.body(context, a_voice(), None), MessageBody)
    assert page.tapped(TapAct(Act.CONFIRM), context).over is None
