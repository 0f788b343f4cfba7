"""One class and one .kv for each screen; the class copies the frozen view state into properties and decides nothing.

Upstream: ``kiosk.presenter.views``, ``kiosk.ui.widgets``.
Downstream: ``kiosk.ui.stage``.
"""
