"""What every screen says, without a screen: outcomes and taps in, frozen view states and intents out.

Upstream: ``kiosk.usecases`` (outcomes, board), ``kiosk.domain``, ``sync.protocol`` (the field's words).
Downstream: ``kiosk.ui`` draws the states, ``kiosk.composition`` carries out the intents.

Pure: no clock, no thread, no file. Instants for time-outs are seconds of a clock that only goes forward, handed in.

    outcome ─▶ kiosk_presenter ─▶ navigation (which screen) ─▶ check_in, check_out, … (what it says) ─▶ ScreenState
"""
