"""The catalogues are whole: every id that is asked for, in both languages, and what is compiled is what was written."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kiosk.domain.operator_refusal import DeskRefusal, EntryRefusal, OperatorRefusal
from kiosk.domain.operators import Role
from kiosk.domain.own_roster import PlaceState
from kiosk.domain.recipient_rating import FaceRefusal
from kiosk.domain.record_refusal import RecordRefusal
from kiosk.domain.refusal import MoveRefusal, RecordingFault, RefusalReason, StatementRefusal, UndoRefusal
from kiosk.domain.roster import Punctuality
from kiosk.domain.standing import Caution
from kiosk.export import pdf_file, table
from kiosk.presenter.asking.forgotten import SAID_ALREADY
from kiosk.presenter.contents import CameraSight
from kiosk.presenter.phrases import Language
from kiosk.presenter.records.acts import Part, Tab
from kiosk.presenter.stars import STAR_HOURS
from kiosk.scan.camera_state import CameraState
from kiosk.usecases.export_ports import ExportFault, Phase
from kiosk.usecases.outcomes import GroupDeed
from kiosk.usecases.privacy_ports import Holding
from kiosk.usecases.record_outcomes import HoursFrom
from sync.protocol.audit import Wrong
from sync.protocol.sessions import COUNTING_NOTHING
from sync.protocol.vocabulary import (
    AmendmentReason,
    AnswerOutcome,
    BoundsQuality,
    DecisionReason,
    Effect,
    EventKind,
    Face,
    KitItem,
    LeaveReason,
    ObjectionReason,
    Provenance,
    Quality,
    RosterAnswer,
    RosterReason,
    ServiceKind,
    SessionState,
    StatementAnswer,
    SwapState,
    TallyKind,
    VoidReason,
)
from tests.unit.kiosk.presenter.desk.words import DESK_FAMILIES
from tests.unit.kiosk.presenter.station import LOCALE

KIOSK = LOCALE.parents[1] / "kiosk"
COMMANDS = [
    KIOSK / "commands" / f"{name}.py"
    for name in ("ledger", "certificate", "operator_desk", "export", "verify", "privacy")
]
SOURCES = [*KIOSK.glob("presenter/**/*.py"), *KIOSK.glob("export/*.py"), *COMMANDS]
COLUMNS = ("ledger.column.", "operator.column.")  # named by the columns of `kiosk ledger show`, `kiosk operator queue`
REASONS = {"amendment_reason": AmendmentReason, "void_reason": VoidReason, "decision_reason": DecisionReason}
SAID_ANEW = ("accept_after_all", "decline_after_all", "agree_swap_favour", "refuse_swap_favour")
FAMILIES: set[str] = DESK_FAMILIES.union(
    {f"refusal.{reason}.{part}" for reason in RefusalReason for part in ("what", "advice")},
    {f"fault.{fault}.{part}" for fault in RecordingFault for part in ("what", "advice", "status")},
    {f"undo_refusal.{reason}.{part}" for reason in UndoRefusal for part in ("what", "advice")},
    {f"camera.{sight}.{part}" for sight in CameraSight for part in ("headline", "hint", "still_works", "status")},
    {f"undone.{deed}.{part}" for deed in ("check_in", "check_out") for part in ("what", "advice")},
    {f"undo.{deed}" for deed in ("check_in", "check_out")},
    {f"caution.{caution}" for caution in Caution},
    {f"move_refusal.{reason}.{part}" for reason in MoveRefusal for part in ("what", "advice")},
    {f"statement_refusal.{reason}" for reason in StatementRefusal if reason not in SAID_ALREADY},
    {f"forgotten.{answer}" for answer in StatementAnswer},
    {f"time_picker.{dated}.{part}" for dated in ("dated", "undated") for part in ("title", "detail", "prompt")},
    {f"group.{deed}" for deed in GroupDeed},
    {f"service.{kind}" for kind in ServiceKind},
    {f"tally.{kind}" for kind in TallyKind},
    {f"punctuality.{kind}" for kind in Punctuality},
    {f"star.{level}" for level in range(1, len(STAR_HOURS) + 1)},
    {f"month.{month}" for month in range(1, 13)},
    {f"weekday.{day}" for day in range(1, 8)},
    {f"state.{state}" for state in SessionState},
    {f"operator_refusal.{reason}" for reason in OperatorRefusal},
    {f"entry_refusal.{reason}" for reason in EntryRefusal},
    {f"desk_refusal.{reason}" for reason in DeskRefusal},
    {f"role.{role}" for role in Role},
    {f"provenance.{provenance}" for provenance in Provenance},
    {f"record_state.{state}" for state in SessionState},
    {f"record_refusal.{reason}.{part}" for reason in RecordRefusal for part in ("what", "advice")},
    {f"records_tab.{tab}" for tab in Tab},
    {f"hours_from.{source}" for source in HoursFrom},
    {f"{family}.{part}" for part in Part for family in ("plan_part", "plan_empty")},
    {f"{family}.{state}" for state in PlaceState for family in ("place_state", "place_advice")},
    {f"{family}.{outcome}" for outcome in AnswerOutcome for family in ("answer_outcome", "outcome_advice")},
    {f"roster_answer.{answer}" for answer in RosterAnswer if answer is not RosterAnswer.SEEN},
    {f"roster_reason.{reason}" for reason in RosterReason},
    {f"say_to_roster.{words}" for words in (*RosterAnswer, "ask_this", *SAID_ANEW)},
    {f"leave_reason.{reason}" for reason in (*LeaveReason, "unsaid")},
    {f"swap_end.{state}" for state in (SwapState.DONE, SwapState.REFUSED, SwapState.FAILED)},
    {f"swap_noted.{answer}" for answer in (RosterAnswer.AGREE_SWAP, RosterAnswer.REFUSE_SWAP)},
    {f"face_refusal.{reason}.{part}" for reason in FaceRefusal for part in ("what", "advice")},
    {f"{family}.{face}" for face in Face for family in ("face", "face_count")},
    {f"faces.{part}" for part in ("thanks", "thanks_advice", "thanks_note")},
    {f"bounds.{quality}" for quality in BoundsQuality},
    {f"decision.{reason}" for reason in DecisionReason},
    {f"kit_item.{word}" for word in KitItem},
    {f"objection_reason.{word}" for word in ObjectionReason},
    {f"quality.{word}" for word in Quality},
    {f"effect.{word}" for word in Effect},
    {f"event.{kind}" for kind in EventKind},
    {f"ledger_column.{column}" for column in table.COLUMNS},
    {f"ledger_sheet.{column}" for column, _width in pdf_file.SHOWN},
    {f"ledger_sheet.sign_{role}" for role in pdf_file.SIGNED_BY},
    {f"ledger_note.{note}" for note in (*COUNTING_NOTHING, "upheld", "rejected", "overdue", "days_left")},
    {f"export.progress.{phase}" for phase in Phase},
    {f"export.fault.{fault}" for fault in ExportFault},
    {f"verify.{wrong}" for wrong in Wrong},
    {f"verify.key.{whose}" for whose in ("given", "enrolled", "own", "none")},
    {f"privacy.{holding}.{part}" for holding in Holding for part in ("what", "why", "until")},
    {f"{family}.{word}" for family, words in REASONS.items() for word in words},
    {"privacy.names.never"},
)


def written(language: Language) -> dict[str, str]:
    with (LOCALE / language.value / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        catalogue = read_po(file, locale=language.value)
    assert not [message.id for message in catalogue if message.fuzzy and message.id]
    messages = {str(message.id): str(message.string) for message in catalogue if message.id}
    return {msgid: text for msgid, text in messages.items() if not msgid.startswith(COLUMNS)}


def literals(source: Path) -> set[str]:
    """Every string of a module that looks like a message id."""
    constants = (
        node.value for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Constant)
    )
    return {text for text in constants if isinstance(text, str) and re.fullmatch(r"[a-z_]+\.[a-z_.]+", text)}


ASKED_FOR = FAMILIES.union(*map(literals, SOURCES))


@pytest.mark.parametrize("language", Language)
def test_every_id_that_is_asked_for_is_there_and_no_other(language: Language) -> None:
    assert set(written(language)) == ASKED_FOR


@pytest.mark.parametrize("language", Language)
def test_nothing_is_left_empty(language: Language) -> None:
    assert [msgid for msgid, text in written(language).items() if not text.strip()] == []


def test_both_languages_fill_the_same_places() -> None:
    # A language may leave a value out (the name of a month beside its number), but may not ask for another.
    optional = {"month", "month_name"}
    chinese, english = written(Language.CHINESE), written(Language.ENGLISH)
    for msgid in chinese:
        places = [set(re.findall(r"{(\w+)}", text)) - optional for text in (chinese[msgid], english[msgid])]
        if msgid != "check_out.star_all":
            assert places[0] == places[1], msgid


@pytest.mark.parametrize("language", Language)
def test_what_is_compiled_is_what_was_written(language: Language) -> None:
    compiled = gettext.translation("kiosk", str(LOCALE), [language.value])
    assert {msgid: compiled.gettext(msgid) for msgid in ASKED_FOR} == written(language)


@pytest.mark.parametrize("language", Language)
def test_no_sentence_shows_a_code_to_a_person(language: Language) -> None:
    assert [
        text for text in written(language).values() if re.search(r"_|[A-Z]{3,}|\berror\b", re.sub("{.*?}", "", text))
    ] == []


def test_the_camera_of_the_presenter_has_every_state_of_the_scanner() -> None:
    assert {state.value for state in CameraState} <= {sight.value for sight in CameraSight}
