"""输入编号: what the number pad says, and what each of its keys does to the digits; for a card that cannot be read.

Upstream: ``contents``, ``wording``.
Downstream: ``kiosk_presenter``.

Digits alone: a check digit stands behind digits only (``sync.protocol.check_digit``), so no key holds a letter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.presenter.acts import TapClear, TapClose, TapConfirm, TapDigit, TapErase
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Button, Key, NumberPadView, Tone

if TYPE_CHECKING:
    from kiosk.presenter.acts import PadTap
    from kiosk.presenter.contents import NumberPad
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice

MOST_DIGITS = 24
GROUP = 4  # digits are read in groups of this many


def pressed(pad: NumberPad, tap: PadTap) -> NumberPad:
    """Return the pad after one of its keys; nothing typed is not confirmed."""
    if isinstance(tap, TapDigit):
        return replace(pad, digits=(pad.digits + tap.digit)[:MOST_DIGITS])
    if isinstance(tap, TapErase):
        return replace(pad, digits=pad.digits[:-1])
    if isinstance(tap, TapClear):
        return replace(pad, digits="")
    return replace(pad, asked=bool(pad.digits))


def number_pad_view(pad: NumberPad, voice: Voice, countdown: Countdown) -> NumberPadView:
    """Put the pad into words."""
    phrases = voice.phrases
    confirm = phrases.say("number_pad.asked" if pad.asked else "number_pad.confirm")
    tone = Tone.ACCENT if pad.digits and not pad.asked else Tone.QUIET
    return NumberPadView(
        title=phrases.say("number_pad.title"),
        prompt="" if pad.digits else phrases.say("number_pad.prompt"),
        typed=_grouped(pad.digits),
        hint=phrases.say("number_pad.hint"),
        note=phrases.say("number_pad.note"),
        keys=pad_keys(voice),
        cancel=Button(phrases.say("number_pad.cancel"), Icon.CANCEL, TapClose()),
        confirm=Button(confirm, Icon.CHECK, TapConfirm(), tone),
        countdown=countdown,
    )


def _grouped(digits: str) -> str:
    return " ".join(digits[begin : begin + GROUP] for begin in range(0, len(digits), GROUP))


def pad_keys(voice: Voice) -> tuple[Key, ...]:
    """Return the twelve keys, three to a row, top to bottom."""
    one_to_nine = [_digit(str(number)) for number in range(1, 10)]
    clear = Key(voice.phrases.say("number_pad.clear"), None, TapClear(), Tone.CALM)
    erase = Key("", Icon.ERASE, TapErase(), Tone.CALM)
    return (*one_to_nine, clear, _digit("0"), erase)


def _digit(digit: str) -> Key:
    return Key(digit, None, TapDigit(digit))
