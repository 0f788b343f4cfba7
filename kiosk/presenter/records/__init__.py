"""我的记录: the own records of whoever shows a card, and what can be asked about them.

Upstream: ``kiosk.usecases.record_outcomes``, ``kiosk.presenter.area``.
Downstream: ``kiosk.presenter.areas``.

::

    idle ── 我的记录 ──▶ ask for the card ── own scan ──▶ list ⇄ hours and star ⇄ shifts and training
                                                          └─▶ one record ── 有误 ──▶ reasons ──▶ one record
"""
